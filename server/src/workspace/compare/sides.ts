import path from 'node:path';
import { openBlobReader, type BlobReader } from '../git/blobReader';
import { blobsChanged, blobsOfTree, mergeBase, openRepository, treeOfRef, type GitRepository, type GitTree } from '../git/gitRepository';
import { dotConfigOf } from '../kernelConfiguration';
import { GitProblem } from '../git/gitProgram';
import { changedBlobs, folderSource, type Blobs, type CommitSource, type TreeSource } from '../treeSource';

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
  /** Reads the blobs of both commits; null for folders. Who compares them closes it. */
  readonly blobs: BlobReader | null;
  /** Paths that differ between two commits; null where that was not asked of git. */
  readonly changed: ReadonlySet<string> | null;
  /** Folder that paths of the sites are relative to. */
  readonly root: string;
}

/** Two folders, each with its own configuration. */
export function folderSides(before: string, after: string): Sides {
  const side = (folder: string): Side => ({ name: folder, source: folderSource(path.resolve(folder)), dotConfig: dotConfigOf(folder) });
  return { before: side(before), after: side(after), blobs: null, changed: null, root: path.resolve(after) };
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
  const { before, after } = choice;
  if (after === null && repository.top === null) throw new GitProblem(`${repository.folder}: a bare repository has no work tree; name two commits, A..B`);
  const start = choice.fromMergeBase ? await mergeBase(repository, before, after ?? 'HEAD') : before;
  const [from, to] = await Promise.all([treeOfRef(repository, start), after === null ? null : treeOfRef(repository, after)]);
  const blobs = openBlobReader(repository.folder, blobEntry);
  const side = (name: string, source: TreeSource): Side => ({ name, source, dotConfig });
  const name = choice.fromMergeBase ? `${before} (merge base)` : before;
  try {
    const [own, differing] = await Promise.all([blobsOfTree(from), to === null ? null : blobsChanged(from, to)]);
    const one = side(name, sourceOfTree(from, own, blobEntry));
    if (to === null || differing === null) return { before: one, after: side('work tree', folderSource(root)), blobs, changed: null, root };
    return { before: one, after: side(to.ref, sourceOfTree(to, changedBlobs(own, differing), blobEntry)), blobs, changed: new Set(differing.keys()), root };
  } catch (error) {
    blobs.close();
    throw error;
  }
}

function sourceOfTree({ repository, id }: GitTree, blobs: Blobs, blobEntry: string): CommitSource {
  return { kind: 'commit', folder: repository.folder, tree: id, blobs, blobEntry };
}

export async function commitSource(repository: GitRepository, ref: string, blobEntry: string): Promise<CommitSource> {
  const tree = await treeOfRef(repository, ref);
  return sourceOfTree(tree, await blobsOfTree(tree), blobEntry);
}
