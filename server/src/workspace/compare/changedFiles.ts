import path from 'node:path';
import { gitOutput } from '../git/gitProgram';
import type { CommitSource, TreeSource } from '../treeSource';

/**
 * Files that may differ between a commit and another state, as paths of both; null where that is not known without
 * reading all. A file whose time of change alone differs may be among them.
 */
export async function changedFiles(before: TreeSource, after: TreeSource): Promise<ReadonlySet<string> | null> {
  if (before.kind !== 'commit') return null;
  return after.kind === 'commit' ? changedBlobs(before, after) : changedInWorkTree(before, after.root);
}

function changedBlobs({ blobs: before }: CommitSource, { blobs: after }: CommitSource): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const [file, id] of before) if (after.get(file) !== id) changed.add(file);
  for (const file of after.keys()) if (!before.has(file)) changed.add(file);
  return changed;
}

/** Asked for names alone, git compares times and sizes and runs no filter of the repository over what files hold. */
async function changedInWorkTree({ tree, folder }: CommitSource, root: string): Promise<ReadonlySet<string> | null> {
  const prefix = await gitOutput(folder, ['rev-parse', '--show-prefix']);
  if (path.resolve(folder) !== root || prefix.toString('utf8').trim() !== '') return null;
  const listing = await Promise.all([
    gitOutput(folder, ['diff-index', '--name-only', '--relative', '-z', '--no-renames', '--no-ext-diff', '--ignore-submodules=all', tree]),
    gitOutput(folder, ['ls-files', '--others', '-z']),
  ]);
  return new Set(listing.flatMap((names) => names.toString('utf8').split('\0')).filter((name) => name !== ''));
}
