import { cFilesNamedIn } from '../edited/hostsAsBefore';
import { lastPart } from '../edited/lastPart';
import { isSource } from '../sourceFiles';
import { includersOf } from './includeTable';
import type { TreeState } from './treeState';
import { meansSameToTypes } from './typeMeaning';

/** A state that is resolved, and what differs from it in another. */
export interface Derivation {
  readonly from: Pick<TreeState, 'sites' | 'problems' | 'includes' | 'basis' | 'others'>;
  /** Paths that may differ, of both. */
  readonly changed: ReadonlySet<string>;
  readonly readBefore: (file: string) => string | undefined;
  readonly readAfter: (file: string) => string | undefined;
}

/** Beyond this a tree is resolved anew: it takes as long to see what a change can reach. */
const mostChanged = 2_000;

/** Where another version is modelled, everything can differ. */
export function isDerivable(changed: ReadonlySet<string>): boolean {
  return !changed.has('Makefile') && changed.size <= mostChanged;
}

/** What is the same in both states. */
export interface Sameness {
  /** Files that say something else at file scope, and what is no source. */
  readonly moved: readonly string[];
  /** The file and all that its types are read from mean the same to types: it differs in functions at most. */
  readonly meansSame: (file: string) => boolean;
  /** And the file is the same. */
  readonly isSame: (file: string) => boolean;
  /** The file is built as it was, and as a part of the same others. */
  readonly isBuiltSame: (file: string) => boolean;
  /** No header came or went. */
  readonly areHeadersThere: boolean;
}

/**
 * A build file that changed counts for all below its folder, a header that came or went for all that include one of its
 * name, and another file that was read beside sources (a table of system calls, a part of a Makefile) for all.
 */
export function samenessOf({ from, changed, readBefore, readAfter }: Derivation): Sameness {
  const moved = [...changed].filter((file) => !isSource(file) || !meansSameToTypes(file, readBefore(file) ?? '', readAfter(file) ?? ''));
  const sources = new Set(moved.filter((file) => !isBuildFile(file)).flatMap((file) => namesakes(file, from, readBefore, readAfter)));
  const includers = includersOf(from.includes, sources);
  const folders = moved.filter(isBuildFile).map((file) => file.slice(0, file.lastIndexOf('/') + 1));
  // They may be compiled as parts of the files that name them, or did.
  const parts = new Set([...changed].filter((file) => file.endsWith('.c')).flatMap((file) => [...namedIn(readBefore(file)), ...namedIn(readAfter(file))]));
  const included = new Set(from.includes.names);
  const beside = new Set(from.others);
  const readBeside = moved.filter((file) => !isSource(file) && beside.has(file));
  const isFarReaching = readBeside.some((file) => !isBuildFile(file) && !included.has(file));
  const meansSame = (file: string): boolean =>
    !isFarReaching && !sources.has(file) && !includers.has(file) && !parts.has(lastPart(file)) && !folders.some((folder) => file.startsWith(folder));
  return {
    moved,
    meansSame,
    isSame: (file) => !changed.has(file) && meansSame(file),
    isBuiltSame: (file) => readBeside.length === 0 && !parts.has(lastPart(file)),
    areHeadersThere: !moved.some((file) => file.endsWith('.h') && (readBefore(file) === undefined) !== (readAfter(file) === undefined)),
  };
}

function namedIn(text: string | undefined): ReadonlySet<string> {
  return cFilesNamedIn(text ?? '');
}

/** What Kbuild reads in each folder; what such a file includes is another's part. */
function isBuildFile(file: string): boolean {
  return /^(Makefile|Kbuild)$/.test(lastPart(file));
}

/** A file that is new may be found in place of another of its name. */
function namesakes(file: string, { includes }: Derivation['from'], readBefore: Derivation['readBefore'], readAfter: Derivation['readAfter']): readonly string[] {
  if (readBefore(file) !== undefined && readAfter(file) !== undefined) return [file];
  const name = `/${lastPart(file)}`;
  return [file, ...includes.names.filter((other) => `/${other}`.endsWith(name))];
}
