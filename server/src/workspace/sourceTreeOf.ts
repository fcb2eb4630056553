import { nodeSourceTree, type EditableSourceTree } from './nodeSourceTree';
import { isBinary } from './readSource';
import { sourceReader, type CommitSource, type TreeSource } from './treeSource';

/** The files of a tree as the type lookup reads them, and how to end the reading. */
export interface OpenSourceTree extends EditableSourceTree {
  /** Says which files will be read next: of a commit they are read together. */
  readAhead(files: readonly string[]): void;
  close(): void;
}

export function sourceTreeOf(source: TreeSource): OpenSourceTree {
  if (source.kind === 'folder') return { ...nodeSourceTree(source.root), readAhead: () => undefined, close: () => undefined };
  return commitSourceTree(source);
}

function commitSourceTree(source: CommitSource): OpenSourceTree {
  const reader = sourceReader(source);
  const overlaid = new Map<string, string>();
  const listings = new Map<string, readonly string[]>();
  const below = (folder: string): readonly string[] => {
    const prefix = folder === '' ? '' : `${folder}/`;
    return [...source.blobs.keys()].filter((file) => file.startsWith(prefix)).sort();
  };
  return {
    read: (file) => {
      const text = overlaid.get(file);
      // Most includes are looked for in several folders: what the tree lacks is not asked of git.
      if (text !== undefined || !source.blobs.has(file)) return text;
      const found = reader.read(file);
      return found.kind === 'bytes' && !isBinary(found.bytes) ? found.bytes.toString('utf8') : undefined;
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
    close: () => reader.close(),
  };
}
