import { readdirSync, statSync, type Dirent } from 'node:fs';

export interface SourceFiles {
  /** Relative to the root, with `/`, sorted. */
  readonly files: readonly string[];
  readonly problems: readonly FileProblem[];
}

export interface FileProblem {
  readonly file: string;
  readonly reason: string;
}

/** Folders that hold no source of the tree's own. */
const skipped = new Set(['.git', 'node_modules', '.percpu-lens']);

/** The .c and .h files below a folder, listed as they are asked for. */
export interface SourceLister {
  /** Some that were not taken yet; fewer where there are no more. */
  take(count: number): readonly string[];
  /** All of them, listed to the end. */
  all(): SourceFiles;
}

/**
 * Symbolic links are not followed: a kernel tree's links lead to files that are listed anyway, and a cycle would never
 * end.
 */
export function sourceLister(root: string): SourceLister {
  const listing: Listing = { files: [], folders: [''], problems: [] };
  let taken = 0;
  const listUntil = (count: number): void => {
    while (listing.files.length < count) {
      const folder = listing.folders.pop();
      if (folder === undefined) return;
      listFolder(root, folder, listing);
    }
  };
  return {
    take: (count) => {
      listUntil(taken + count);
      const some = listing.files.slice(taken, taken + count);
      taken += some.length;
      return some;
    },
    all: () => {
      listUntil(Infinity);
      return { files: [...listing.files].sort(), problems: listing.problems.sort((a, b) => (a.file < b.file ? -1 : 1)) };
    },
  };
}

export function listSourceFiles(root: string): SourceFiles {
  return sourceLister(root).all();
}

interface Listing {
  readonly files: string[];
  /** To be listed yet. */
  readonly folders: string[];
  readonly problems: FileProblem[];
}

function listFolder(root: string, folder: string, { files, folders, problems }: Listing): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(`${root}/${folder}`, { withFileTypes: true });
  } catch (error) {
    problems.push({ file: folder === '' ? '.' : folder, reason: reasonOf(error) });
    return;
  }
  for (const entry of entries) {
    const below = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!isSkipped(entry.name)) folders.push(below);
    } else if (isSource(entry.name)) {
      if (entry.isFile()) files.push(below);
      else problems.push(...oddEntry(root, entry, below));
    }
  }
}

/** A source name that holds no text: a link to nothing, a pipe, a socket. A link to a file is that file's business. */
function oddEntry(root: string, entry: Dirent, file: string): readonly FileProblem[] {
  if (!entry.isSymbolicLink()) return [{ file, reason: 'is no regular file' }];
  try {
    statSync(`${root}/${file}`);
    return [];
  } catch (error) {
    return [{ file, reason: `is a link that leads nowhere: ${reasonOf(error)}` }];
  }
}

/** A folder that holds no source of the tree's own. */
export function isSkipped(folder: string): boolean {
  return skipped.has(folder);
}

export function isSource(name: string): boolean {
  return name.endsWith('.c') || name.endsWith('.h');
}

/** A file system error in a few words, without the path that the caller shows beside it. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    ENOENT: 'no such file',
    EISDIR: 'is a folder',
    ELOOP: 'symbolic links in a circle',
    EIO: 'read error',
  };
  return known[code] ?? (error instanceof Error ? error.message : String(error));
}
