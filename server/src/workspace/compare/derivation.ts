import { cFilesNamedIn } from '../edited/hostsAsBefore';
import { lastPart } from '../edited/lastPart';
import { isSource } from '../sourceFiles';
import { includersOf } from './includeTable';
import type { TreeState } from './treeState';
import { typeMeaning } from './typeMeaning';

/** A state that is resolved, and what differs from it in another. */
export interface Derivation {
  readonly from: TreeState;
  /** Paths that may differ, of both. */
  readonly changed: ReadonlySet<string>;
  readonly readBefore: (file: string) => string | undefined;
  readonly readAfter: (file: string) => string | undefined;
}

/** What is the same in both states. */
export interface Sameness {
  /** Files that say something else at file scope, and build files. */
  readonly moved: readonly string[];
  /** The file and all that its types are read from mean the same to types: it differs in functions at most. */
  readonly meansSame: (file: string) => boolean;
  /** And the file is the same. */
  readonly isSame: (file: string) => boolean;
  /** What the catalogue's APIs allocate is defined as it was. */
  readonly isCoreSame: boolean;
  /** No header came or went. */
  readonly areHeadersThere: boolean;
}

/** Folders where what the catalogue's APIs allocate is defined; a change there counts for all of them. */
const coreFolders = /^(mm|kernel|lib|block|net\/core)\//;

/** A build file that changed counts for all below its folder, and a header that came or went for all that include one of its name. */
export function samenessOf({ from, changed, readBefore, readAfter }: Derivation): Sameness {
  const moved = [...changed].filter((file) => !isSource(file) || typeMeaning(file, readBefore(file) ?? '') !== typeMeaning(file, readAfter(file) ?? ''));
  const sources = new Set(moved.filter(isSource).flatMap((file) => namesakes(file, from, readBefore, readAfter)));
  const includers = includersOf(from.includes, sources);
  const folders = moved.filter(isBuildFile).map((file) => file.slice(0, file.lastIndexOf('/') + 1));
  // They may be compiled as parts of the files that name them now.
  const parts = new Set([...changed].filter((file) => file.endsWith('.c')).flatMap((file) => [...cFilesNamedIn(readAfter(file) ?? '')]));
  const meansSame = (file: string): boolean => !sources.has(file) && !includers.has(file) && !parts.has(lastPart(file)) && !folders.some((folder) => file.startsWith(folder));
  return {
    moved,
    meansSame,
    isSame: (file) => !changed.has(file) && meansSame(file),
    isCoreSame: ![...sources].some((file) => coreFolders.test(file)),
    areHeadersThere: !moved.some((file) => file.endsWith('.h') && (readBefore(file) === undefined) !== (readAfter(file) === undefined)),
  };
}

function isBuildFile(file: string): boolean {
  return /(^|\/)(Makefile|Kbuild)[^/]*$/.test(file);
}

/** A header that is new may be found in place of another of its name. */
function namesakes(file: string, { includes }: TreeState, readBefore: Derivation['readBefore'], readAfter: Derivation['readAfter']): readonly string[] {
  if (readBefore(file) !== undefined && readAfter(file) !== undefined) return [file];
  const name = `/${file.slice(file.lastIndexOf('/') + 1)}`;
  return [file, ...includes.names.filter((other) => `/${other}`.endsWith(name))];
}
