import path from 'node:path';
import { blobsOfTree, mergeBase, openRepository, treeOfRef, type GitRepository } from '../git/gitRepository';
import { dotConfigOf } from '../kernelConfiguration';
import { GitProblem } from '../git/gitProgram';
import { folderSource, type CommitSource, type TreeSource } from '../treeSource';

/** One side of a comparison: where its files are, and what it is called. */
export interface Side {
  readonly name: string;
  readonly source: TreeSource;
  /** Text of the `.config` that holds for it. */
  readonly dotConfig: string | undefined;
}

export interface Sides {
  readonly before: Side;
  readonly after: Side;
  /** Folder that paths of the sites are relative to. */
  readonly root: string;
}

/** Two folders, each with its own configuration. */
export function folderSides(before: string, after: string): Sides {
  const side = (folder: string): Side => ({ name: folder, source: folderSource(path.resolve(folder)), dotConfig: dotConfigOf(folder) });
  return { before: side(before), after: side(after), root: path.resolve(after) };
}

export interface RefChoice {
  readonly before: string;
  /** Null: the work tree. */
  readonly after: string | null;
  readonly fromMergeBase: boolean;
  readonly root: string | null;
}

/** Two commits, or one and the work tree; the `.config` of the root holds for both. Throws GitProblem. */
export async function refSides(choice: RefChoice, blobEntry: string): Promise<Sides> {
  const opened = await openRepository(choice.root ?? '.');
  const repository = choice.root === null && opened.top !== null ? await openRepository(opened.top) : opened;
  const root = path.resolve(repository.folder);
  const dotConfig = dotConfigOf(root);
  const ofRef = async (ref: string, name: string): Promise<Side> => ({ name, source: await commitSource(repository, ref, blobEntry), dotConfig });
  const { before, after } = choice;
  if (after === null && repository.top === null) throw new GitProblem(`${repository.folder}: a bare repository has no work tree; name two commits, A..B`);
  const start = choice.fromMergeBase ? await mergeBase(repository, before, after ?? 'HEAD') : before;
  return {
    before: await ofRef(start, choice.fromMergeBase ? `${before} (merge base)` : before),
    after: after === null ? { name: 'work tree', source: folderSource(root), dotConfig } : await ofRef(after, after),
    root,
  };
}

export async function commitSource(repository: GitRepository, ref: string, blobEntry: string): Promise<CommitSource> {
  const tree = await treeOfRef(repository, ref);
  return { kind: 'commit', folder: repository.folder, tree: tree.id, blobs: await blobsOfTree(tree), blobEntry };
}
