import type { BlobReader } from './git/blobReader';
import { nodeSourceTree, type EditableSourceTree } from './nodeSourceTree';
import { isBinary } from './readSource';
import { sourceReader, type CommitSource, type TreeSource } from './treeSource';

/** The files of a tree as the type lookup reads them, and how to end the reading. */
export interface OpenSourceTree extends EditableSourceTree {
  /** Says which files will be read next: of a commit they are read together. */
  readAhead(files: readonly string[]): void;
  /** The same of files that will be read several times: their texts are kept. */
  hold(files: readonly string[]): void;
  close(): void;
}

/** `blobs` as of `sourceReader`. */
export function sourceTreeOf(source: TreeSource, blobs: BlobReader | null = null): OpenSourceTree {
  if (source.kind === 'folder') return { ...nodeSourceTree(source.root), readAhead: () => undefined, hold: () => undefined, close: () => undefined };
  return commitSourceTree(source, blobs);
}

function commitSourceTree(source: CommitSource, blobs: BlobReader | null): OpenSourceTree {
  const reader = sourceReader(source, blobs);
  const overlaid = new Map<string, string>();
  /** Null: not read yet. */
  const held = new Map<string, { readonly text: string | undefined } | null>();
  const listings = new Map<string, readonly string[]>();
  const below = (folder: string): readonly string[] => {
    const prefix = folder === '' ? '' : `${folder}/`;
    return [...source.blobs.keys()].filter((file) => file.startsWith(prefix)).sort();
  };
  const readText = (file: string): string | undefined => {
    const known = held.get(file);
    if (known != null) return known.text;
    const found = reader.read(file);
    const text = found.kind === 'bytes' && !isBinary(found.bytes) ? found.bytes.toString('utf8') : undefined;
    if (known === null) held.set(file, { text });
    return text;
  };
  return {
    read: (file) => {
      const text = overlaid.get(file);
      // Most includes are looked for in several folders: what the tree lacks is not asked of git.
      return text !== undefined || !source.blobs.has(file) ? text : readText(file);
    },
    list: (folder, suffixes) => {
      const files = listings.get(folder) ?? below(folder);
      listings.set(folder, files);
      return files.filter((file) => suffixes.some((suffix) => file.endsWith(suffix)));
    },
    overlay: (file, text) => {
      if (text === null) overlaid.delete(file);
      else overlaid.set(file, text);
    },
    readAhead: (files) => reader.readAhead(files),
    hold: (files) => {
      for (const file of files) if (!held.has(file)) held.set(file, null);
      reader.readAhead(files);
    },
    close: () => reader.close(),
  };
}
