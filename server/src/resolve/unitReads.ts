import type { TranslationUnit } from './preprocess/translationUnit';
import type { Outcome } from './unresolved';

/** Which files the types of each unit were read from, for as long as the world lives. */
export interface UnitReads {
  /**
   * By the file that was asked about, or the text of the includes: the files in the order of their first use, and
   * `?/NAME` for an include that the tree does not have, and `?in FILE` where it is compiled as a part of another.
   */
  readonly byUnit: Map<string, readonly string[]>;
  /** Types that the catalogue names, as they were found; by name and the file of the API. */
  readonly named: Map<string, NamedRead>;
  /** The type that is looked for; null where none is. */
  naming: NamedRead | null;
}

export interface NamedRead {
  /** `struct mm_cid`. */
  readonly type: string;
  /** Where the API is defined. */
  readonly source: string;
  /** Units that it was looked for in, and files that seemed to define it. */
  readonly units: Set<string>;
  /** Size and alignment; empty where it was not found. */
  readonly found: number[];
}

export function newUnitReads(): UnitReads {
  return { byUnit: new Map(), named: new Map(), naming: null };
}

/** The header that is made from the constants of a C file, as a build makes it (Kbuild). */
const generatedBounds = 'include/generated/bounds.h';
export const boundsSource = 'kernel/bounds.c';

export function noteUnit(reads: UnitReads, name: string, unit: Pick<TranslationUnit, 'path' | 'files' | 'missing'>): void {
  if (!reads.byUnit.has(name)) reads.byUnit.set(name, namesOf(reads, name, unit));
  reads.naming?.units.add(name);
}

function namesOf(reads: UnitReads, name: string, { path: host, files, missing }: Pick<TranslationUnit, 'path' | 'files' | 'missing'>): readonly string[] {
  const read = [...files].flatMap(({ path }) => readFor(reads, path));
  return [...new Set([...read, ...[...missing].map(missingName), ...(host === '' || host === name ? [] : [partOf(host)])])];
}

/** Stands among what a file's types were read from where the file is compiled as a part of that one. */
export function partOf(host: string): string {
  return `?in ${host}`;
}

function readFor({ byUnit }: UnitReads, path: string): readonly string[] {
  return path === generatedBounds ? [path, ...(byUnit.get(boundsSource) ?? [missingName(boundsSource)])] : [path];
}

function missingName(include: string): string {
  return `?/${include}`;
}

/** Looks for a type that the catalogue names, and notes where. */
export function noteNamed<T extends { readonly size: number; readonly align: number }>(
  reads: UnitReads, source: string, type: string, lookup: () => Outcome<T>,
): Outcome<T> {
  const outer = reads.naming;
  const naming: NamedRead = { type, source, units: new Set(), found: [] };
  reads.naming = naming;
  const outcome = lookup();
  reads.naming = outer;
  if (outcome.known) naming.found.push(outcome.value.size, outcome.value.align);
  reads.named.set(`${source} ${type}`, naming);
  return outcome;
}
