import { compareWith } from './compareWith';
import { reasonOf } from './errorReason';
import type { Server } from './server';

export interface ResumedComparison {
  /** The commit that the panel showed a comparison with before the window was loaded again; null: none. */
  from(ref: string | null): void;
  /** The tree as it was last told of. */
  tree(indexing: boolean, comparing: boolean): void;
}

/** Compares again once the tree is read, so that two trees are not read at once; not where a person was faster. */
export function createResumedComparison(server: Server, refuse: (reason: string) => void): ResumedComparison {
  let ref: string | null = null;
  return {
    from: (shown) => {
      ref = shown;
    },
    tree: (indexing, comparing) => {
      if (ref === null || indexing) return;
      const wanted = ref;
      ref = null;
      if (!comparing) compareWith(server, wanted).catch((error: unknown) => refuse(reasonOf(error)));
    },
  };
}
