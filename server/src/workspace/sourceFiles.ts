import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled, type Cancellation } from '../util/cancellation';

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
const concurrentFolders = 16;

/**
 * Lists the .c and .h files below a folder. Symbolic links are not followed: a kernel tree's links lead to files
 * that are listed anyway, and a cycle would never end.
 */
export async function listSourceFiles(root: string, cancellation: Cancellation): Promise<SourceFiles> {
  const files: string[] = [];
  const problems: FileProblem[] = [];
  let level = [''];
  while (level.length > 0) {
    const next: string[] = [];
    for (let at = 0; at < level.length; at += concurrentFolders) {
      throwIfCancelled(cancellation);
      const folders = level.slice(at, at + concurrentFolders);
      const listings = await Promise.all(folders.map((folder) => listFolder(root, folder)));
      for (const listing of listings) {
        files.push(...listing.files);
        next.push(...listing.folders);
        problems.push(...listing.problems);
      }
    }
    level = next;
  }
  return { files: files.sort(), problems };
}

interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly problems: readonly FileProblem[];
}

async function listFolder(root: string, folder: string): Promise<Listing> {
  try {
    const entries = await readdir(path.join(root, folder), { withFileTypes: true });
    const below = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
    return {
      files: entries.filter((entry) => entry.isFile() && isSource(entry.name)).map((entry) => below(entry.name)),
      folders: entries.filter((entry) => entry.isDirectory() && !isSkipped(entry.name)).map((entry) => below(entry.name)),
      problems: await oddEntries(root, entries.filter((entry) => isSource(entry.name)), below),
    };
  } catch (error) {
    return { files: [], folders: [], problems: [{ file: folder === '' ? '.' : folder, reason: reasonOf(error) }] };
  }
}

/** Source names that hold no text: links to nothing, pipes, sockets. A link to a file is that file's business. */
async function oddEntries(root: string, entries: readonly Dirent[], below: (name: string) => string): Promise<FileProblem[]> {
  const odd = entries.filter((entry) => !entry.isFile() && !entry.isDirectory());
  const problems = await Promise.all(odd.map((entry) => oddEntry(root, entry, below(entry.name))));
  return problems.filter((problem) => problem !== null);
}

async function oddEntry(root: string, entry: Dirent, file: string): Promise<FileProblem | null> {
  if (!entry.isSymbolicLink()) return { file, reason: 'is no regular file' };
  try {
    await stat(path.join(root, file));
    return null;
  } catch (error) {
    return { file, reason: `is a link that leads nowhere: ${reasonOf(error)}` };
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
