import { neverCancelled } from '../util/cancellation';
import type { ResolvedSite } from '../resolve/resolvedSite';
import { ruleFactsOfTree } from './indexedFacts';
import type { ResolvedTree } from './resolvedCache';
import type { ScanProgress, TreeIndex } from './treeIndex';

/** Reads and resolves a whole tree, or gives what was resolved last where nothing has changed since. */
export async function resolvedTree(index: TreeIndex, onProgress: (progress: ScanProgress) => void): Promise<ResolvedTree> {
  const recalled: ResolvedTree[] = [];
  await index.scan(neverCancelled, onProgress, (tree) => {
    recalled.push(tree);
    return 'enough';
  });
  return recalled[0] ?? resolvedAnew(index);
}

async function resolvedAnew(index: TreeIndex): Promise<ResolvedTree> {
  const sites = new Map<string, readonly ResolvedSite[]>();
  await index.resolveAll(neverCancelled, (file, resolved) => sites.set(file, resolved));
  const tree: ResolvedTree = { sites, ruleFacts: ruleFactsOfTree(index.facts, [...sites.keys()]), problems: index.problems, files: index.facts.size };
  index.keep(tree);
  return tree;
}
