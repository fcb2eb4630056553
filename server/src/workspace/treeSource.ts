import { openBlobReader } from './git/blobReader';
import { fileReader, type SourceBytes } from './readSource';
import { isSkipped, isSource, listSourceFiles } from './sourceFiles';

/** Where the files of a tree are: a folder, or a commit of a repository. Can be sent to other processes. */
export type TreeSource = FolderSource | CommitSource;

export interface FolderSource {
  readonly kind: 'folder';
  readonly root: string;
}

export interface CommitSource {
  readonly kind: 'commit';
  /** Folder in the repository's work tree, or the repository itself. */
  readonly folder: string;
  /** Object id of the tree. */
  readonly tree: string;
  /** Object ids of its files by path. */
  readonly blobs: ReadonlyMap<string, string>;
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

export function commitFiles({ blobs }: CommitSource): readonly string[] {
  return [...blobs.keys()].filter((file) => isSource(file) && !file.split('/').some(isSkipped)).sort();
}

export interface SourceReader {
  /** The bytes hold until the next read. */
  read(file: string): SourceBytes;
  /** Says which files will be read next: of a commit they are read together. */
  readAhead(files: readonly string[]): void;
  close(): void;
}

export function sourceReader(source: TreeSource): SourceReader {
  if (source.kind === 'folder') {
    const read = fileReader();
    return { read: (file) => read(`${source.root}/${file}`), readAhead: () => undefined, close: () => undefined };
  }
  const blobs = openBlobReader(source.folder, source.blobEntry);
  return {
    read: (file) => readBlob(source, file, (id) => blobs.read(id)),
    readAhead: (files) => blobs.readAhead(files.flatMap((file) => source.blobs.get(file) ?? [])),
    close: () => blobs.close(),
  };
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
