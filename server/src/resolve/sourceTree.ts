/**
 * Read access to the files of a kernel tree, by path relative to its root with `/`. Implementations cache what they
 * like; reads of the same path in one analysis must give the same text.
 */
export interface SourceTree {
  /** Text of a file; undefined where there is none or it cannot be read. */
  read(path: string): string | undefined;
  /** Paths of all files under a folder (`''` for the whole tree) whose name ends with one of the suffixes. */
  list(folder: string, suffixes: readonly string[]): readonly string[];
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

/** Joins a folder and a relative path, folding `.` and `..`; undefined where it leaves the tree. */
export function joinPath(folder: string, relative: string): string | undefined {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
