import type { SourceFile } from './preprocess/headers';
import type { Outcome } from './unresolved';

/** Which files the types of each unit were read from, for as long as the world lives. */
export interface UnitReads {
  /** By the file that was asked about, or the text of the includes: the files in the order of their first use. */
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

export function noteUnit(reads: UnitReads, unit: string, files: ReadonlySet<SourceFile>): void {
  if (!reads.byUnit.has(unit)) reads.byUnit.set(unit, [...files].map(({ path }) => path));
  reads.naming?.units.add(unit);
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
