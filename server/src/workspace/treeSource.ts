import { openBlobReader, type BlobReader } from './git/blobReader';
import { workTreeBlobs } from './git/workTreeBlobs';
import { fileReader, type SourceBytes } from './readSource';
import { isSkipped, isSource, listSourceFiles } from './sourceFiles';

/** Where the files of a tree are: a folder, or a commit of a repository. Can be sent to other processes. */
export type TreeSource = FolderSource | CommitSource;

export interface FolderSource {
  readonly kind: 'folder';
  readonly root: string;
}

/** Object ids of a commit's files by path. */
export interface Blobs {
  get(file: string): string | undefined;
  has(file: string): boolean;
  keys(): Iterable<string>;
}

export interface CommitSource {
  readonly kind: 'commit';
  /** Folder in the repository's work tree, or the repository itself. */
  readonly folder: string;
  /** Object id of the tree. */
  readonly tree: string;
  /** Object ids of its files by path. */
  readonly blobs: Blobs;
  /** Script of the thread that reads blobs. */
  readonly blobEntry: string;
}

export function folderSource(root: string): FolderSource {
  return { kind: 'folder', root };
}

/** The .c and .h files of a tree. */
export function listSources(source: TreeSource): readonly string[] {
  return source.kind === 'folder' ? listSourceFiles(source.root).files : commitFiles(source);
}

/** By the blobs of a commit, which do not change: several ask for its files. */
const listed = new WeakMap<Blobs, readonly string[]>();

export function commitFiles({ blobs }: Pick<CommitSource, 'blobs'>): readonly string[] {
  const files = listed.get(blobs) ?? [...blobs.keys()].filter(isListed).sort();
  listed.set(blobs, files);
  return files;
}

function isListed(file: string): boolean {
  return isSource(file) && !file.split('/').some(isSkipped);
}

/** The same but for what differs; null for what is gone. */
export function changedBlobs(before: Blobs, changes: ReadonlyMap<string, string | null>): Blobs {
  const movesNone = [...changes].every(([file, id]) => before.has(file) === (id !== null));
  const blobs: Blobs = {
    get: (file) => (changes.has(file) ? (changes.get(file) ?? undefined) : before.get(file)),
    has: (file) => (changes.has(file) ? changes.get(file) !== null : before.has(file)),
    keys: () => (movesNone ? before.keys() : new Set([...[...before.keys()].filter((file) => changes.get(file) !== null), ...[...changes].flatMap(([file, id]) => (id === null ? [] : [file]))])),
  };
  if (movesNone) listed.set(blobs, commitFiles({ blobs: before }));
  return blobs;
}

export interface SourceReader {
  /** The bytes hold until the next read. */
  read(file: string): SourceBytes;
  /** Says which files will be read next: of a commit they are read together. */
  readAhead(files: readonly string[]): void;
  close(): void;
}

/** `shared` reads the blobs of a commit, and is closed by who opened it; null: one of its own does. */
export function sourceReader(source: TreeSource, shared: BlobReader | null = null): SourceReader {
  if (source.kind === 'folder') {
    const read = fileReader();
    return { read: (file) => read(`${source.root}/${file}`), readAhead: () => undefined, close: () => undefined };
  }
  const blobs = shared ?? openBlobReader(source.folder, source.blobEntry);
  const workTree = workTreeBlobs(source.folder);
  return {
    read: (file) => readBlob(source, file, (id) => workTree.read(file, id) ?? blobs.read(id)),
    readAhead: (files) => blobs.readAhead(workTree.othersIn(files.flatMap((file) => fileWithId(source, file)))),
    close: () => {
      if (shared === null) blobs.close();
    },
  };
}

function fileWithId({ blobs }: CommitSource, file: string): readonly (readonly [file: string, id: string])[] {
  const id = blobs.get(file);
  return id === undefined ? [] : [[file, id]];
}

/** What a partial clone says of a file that it does not hold. */
export const lacksBlob = 'this partial clone lacks its blob: fetch it first';

function readBlob({ blobs }: CommitSource, file: string, read: (id: string) => Buffer | undefined): SourceBytes {
  const id = blobs.get(file);
  if (id === undefined) return { kind: 'problem', reason: 'no such file' };
  try {
    const bytes = read(id);
    return bytes === undefined ? { kind: 'problem', reason: lacksBlob } : { kind: 'bytes', bytes };
  } catch (error) {
    return { kind: 'problem', reason: error instanceof Error ? error.message : String(error) };
  }
}
