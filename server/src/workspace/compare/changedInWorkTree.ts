import path from 'node:path';
import { gitOutput } from '../git/gitProgram';
import type { CommitSource } from '../treeSource';

/**
 * Files that may differ between a commit and the work tree, as paths of both; null where that is not known without reading
 * all. A file whose time of change alone differs may be among them: asked for names alone, git compares times and sizes and
 * runs no filter of the repository over what files hold.
 */
export async function changedInWorkTree({ tree, folder }: CommitSource, root: string): Promise<ReadonlySet<string> | null> {
  const prefix = await gitOutput(folder, ['rev-parse', '--show-prefix']);
  if (path.resolve(folder) !== root || prefix.toString('utf8').trim() !== '') return null;
  const [tagged, ...listing] = await Promise.all([
    gitOutput(folder, ['ls-files', '-v', '-z']),
    gitOutput(folder, ['diff-index', '--name-only', '--relative', '-z', '--no-renames', '--no-ext-diff', '--ignore-submodules=all', tree]),
    gitOutput(folder, ['ls-files', '--others', '-z']),
  ]);
  const names = listing.flatMap((some) => some.toString('utf8').split('\0')).filter((name) => name !== '');
  return new Set([...names, ...tagged.toString('utf8').split('\0').filter((entry) => isUnlooked(entry)).map((entry) => entry.slice(2))]);
}

/** `S path` for what is not checked out, a small letter for what git is told to take as unchanged. */
function isUnlooked(entry: string): boolean {
  return /^[a-zS] /.test(entry);
}
