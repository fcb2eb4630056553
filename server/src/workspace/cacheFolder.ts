import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Where cached results are, and the code that they are results of. Anything in it can be deleted at any time. */
export interface CacheFolder {
  readonly directory: string;
  /** Differs when the code that makes the facts does. */
  readonly version: string;
}

/** What all caches together may take; the least recently used goes first. */
const mostBytes = 512 * 1024 * 1024;
/** An unfinished file this old belongs to a process that is gone, ms. */
const abandonedAfter = 60 * 60 * 1000;
/** Ends the name of a file that is being written. */
const unfinished = '.tmp';

/**
 * The cache of this user (`$XDG_CACHE_HOME/percpu-lens`), for results of the program in `entry`; null where there is
 * no place for one.
 */
export function userCacheFolder(entry: string, environment: NodeJS.ProcessEnv = process.env): CacheFolder | null {
  const version = codeVersion(entry);
  if (version === null) return null;
  const named = environment['XDG_CACHE_HOME'];
  // The specification has relative paths ignored.
  const base = named !== undefined && path.isAbsolute(named) ? named : path.join(os.homedir(), '.cache');
  return cacheFolderAt(path.join(base, 'percpu-lens', 'analysis'), version);
}

/** A cache in a folder that is made if need be; null where it cannot be. */
export function cacheFolderAt(base: string, version: string): CacheFolder | null {
  const directory = path.join(base, version);
  try {
    mkdirSync(directory, { recursive: true });
  } catch {
    return null;
  }
  removeOld(base);
  return { directory, version };
}

/** Name of a file that nothing reads yet; a rename makes it a result. */
export function unfinishedName(file: string): string {
  return `${file}.${process.pid}-${Math.random().toString(36).slice(2)}${unfinished}`;
}

function codeVersion(entry: string): string | null {
  try {
    return createHash('sha1').update(readFileSync(entry)).digest('hex').slice(0, 16);
  } catch {
    return null;
  }
}

interface CachedFile {
  readonly file: string;
  readonly bytes: number;
  readonly usedAt: number;
}

/** Keeps the whole within its bound, whatever versions and trees the files are of. */
function removeOld(base: string): void {
  const now = Date.now();
  let total = 0;
  for (const { file, bytes, usedAt } of cachedFiles(base).sort((a, b) => b.usedAt - a.usedAt)) {
    total += bytes;
    const abandoned = file.endsWith(unfinished) && now - usedAt > abandonedAfter;
    if (abandoned || total > mostBytes) rmSync(file, { force: true });
  }
}

function cachedFiles(base: string): CachedFile[] {
  try {
    return readdirSync(base, { recursive: true, encoding: 'utf8' }).flatMap((name) => cachedFile(path.join(base, name)));
  } catch {
    return [];
  }
}

function cachedFile(file: string): CachedFile[] {
  // Another process may have removed it meanwhile.
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats?.isFile() === true ? [{ file, bytes: stats.size, usedAt: stats.mtimeMs }] : [];
}
