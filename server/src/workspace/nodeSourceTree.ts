import { existsSync, readdirSync, readFileSync, type Dirent } from 'node:fs';
import path from 'node:path';
import type { SourceTree } from '../resolve/sourceTree';
import { isSource } from './sourceFiles';

export interface EditableSourceTree extends SourceTree {
  /** Shows a text in place of the file on disk; null shows the file again. */
  overlay(file: string, text: string | null): void;
}

export interface FolderSourceTree extends EditableSourceTree {
  /** Files that were asked for so far and are there; of those that are no source also the ones that are not. */
  asked(): ReadonlySet<string>;
}

/**
 * A folder on disk as the type lookup reads it, with the texts of open documents over it. What is not in it is read
 * from `headers`: the kernel that a module outside the tree is built with.
 */
export function nodeSourceTree(root: string, headers: string | null = null): FolderSourceTree {
  const roots = headers === null ? [root] : [root, headers];
  const overlaid = new Map<string, string>();
  const asked = new Set<string>();
  const listings = new Map<string, readonly string[]>();
  return {
    read: (file) => {
      const text = overlaid.get(file) ?? firstText(roots.map((one) => path.join(one, file)));
      if (text !== undefined || !isSource(file)) asked.add(file);
      return text;
    },
    asked: () => asked,
    list: (folder, suffixes) => {
      const files = listings.get(folder) ?? [...new Set(roots.flatMap((one) => filesBelow(one, folder)))];
      listings.set(folder, files);
      return files.filter((file) => suffixes.some((suffix) => file.endsWith(suffix)));
    },
    overlay: (file, text) => {
      if (text === null) overlaid.delete(file);
      else overlaid.set(file, text);
    },
  };
}

function firstText(files: readonly string[]): string | undefined {
  for (const file of files) {
    const text = readText(file);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** An include is looked for in folder after folder: where it is not, an error would cost ten times the look. */
function readText(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function filesBelow(root: string, folder: string): readonly string[] {
  const files: string[] = [];
  const folders = [folder];
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    for (const entry of entriesOf(path.join(root, at))) {
      const below = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) folders.push(below);
      else if (entry.isFile()) files.push(below);
    }
  }
  return files.sort();
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
