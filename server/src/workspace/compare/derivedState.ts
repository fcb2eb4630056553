import type { SourceTree } from '../../resolve/sourceTree';
import type { Basis } from '../edited/basis';
import type { Changes } from '../edited/changes';
import { noReads } from '../edited/detailReads';
import { lastPart } from '../edited/lastPart';
import type { Keeping } from '../recalledTree';
import type { ResolvedTree } from '../resolvedCache';
import { isSource } from '../sourceFiles';
import type { OpenSourceTree } from '../sourceTreeOf';
import type { TreeTypes } from '../treeTypes';
import type { Derivation } from './derivation';

/** How an index is to take what is known of another state, and give what this one follows from. */
export interface StateKeeping {
  readonly keeping: Keeping;
  /** What was kept of this state; null where it was not. */
  readonly basis: () => Basis | null;
}

/** A derivation in place of what is kept on disk: what came before is the other state. */
export function keepingOf(derivation: Derivation | undefined, types: TreeTypes, asked: ReadonlySet<string>, { readAhead }: Pick<OpenSourceTree, 'readAhead'>): StateKeeping {
  let basis: Basis | null = null;
  const before = derivation === undefined || isBuiltOtherwise(derivation) ? null : derivation;
  return {
    basis: () => basis,
    keeping: {
      types,
      readAhead,
      asked: () => asked,
      before: () => derivation?.from.basis() ?? noReads,
      ...(before === null ? {} : { changes: changesOf(before) }),
      cache: {
        likely: () => null,
        last: () => (before === null ? null : { digest: '', others: [], tree: treeOf(before) }),
        basis: () => before?.from.basis() ?? null,
        put: (_digest, _others, _tree, from) => {
          basis = from;
        },
      },
    },
  };
}

/** A Makefile, or another file that is no source and was read for it, differs; or one came that an include may find. */
function isBuiltOtherwise({ from, changed }: Derivation): boolean {
  const others = new Set(from.others);
  const included = new Set(from.includes.names.map(lastPart));
  return [...changed].some((file) => others.has(file) || (!isSource(file) && included.has(lastPart(file))));
}

function changesOf({ changed, readBefore, readAfter }: Derivation): Changes {
  const sources = [...changed].filter(isSource).sort();
  const was = (file: string): boolean => readBefore(file) !== undefined;
  const is = (file: string): boolean => readAfter(file) !== undefined;
  return {
    edited: sources.filter((file) => was(file) && is(file)),
    came: sources.filter((file) => !was(file) && is(file)),
    went: sources.filter((file) => was(file) && !is(file)),
    textBefore: readBefore,
  };
}

function treeOf({ from: { sites, problems } }: Derivation): ResolvedTree {
  return { sites, problems, ruleFacts: new Map(), files: 0 };
}

/** The same tree, with note taken of what is asked for beside sources. */
export function notingOthers<T extends SourceTree>(tree: T, asked: Set<string>): T {
  return {
    ...tree,
    read: (file) => {
      if (!isSource(file)) asked.add(file);
      return tree.read(file);
    },
  };
}
