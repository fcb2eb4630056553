import { readdirSync, readFileSync, type Dirent } from 'node:fs';
import path from 'node:path';
import type { SourceTree } from '../server/src/resolve/sourceTree';

/** A tree of texts in memory. */
export function memoryTree(files: Readonly<Record<string, string>>): SourceTree {
  return {
    read: (file) => files[file],
    list: (folder, suffixes) =>
      Object.keys(files).filter(
        (file) => (folder === '' || file.startsWith(`${folder}/`)) && suffixes.some((suffix) => file.endsWith(suffix)),
      ),
  };
}

/** A tree on disk, read as Latin-1: identifiers are ASCII. */
export function diskTree(root: string): SourceTree {
  return {
    read: (file) => {
      try {
        return readFileSync(path.join(root, file), 'latin1');
      } catch {
        return undefined;
      }
    },
    list: (folder, suffixes) => filesUnder(path.join(root, folder), suffixes).map((file) => path.relative(root, file)),
  };
}

function filesUnder(folder: string, suffixes: readonly string[]): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(file, suffixes);
    return entry.isFile() && suffixes.some((suffix) => entry.name.endsWith(suffix)) ? [file] : [];
  });
}
