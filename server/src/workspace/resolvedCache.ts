import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Catalogue } from '../kernel/catalogue';
import type { KernelConfiguration } from '../kernel/kconfig';
import type { ResolvedSite } from '../resolve/resolvedSite';
import type { RuleFacts } from '../resolve/ruleFacts';
import { onDemand } from '../util/onDemand';
import { unfinishedName, type CacheFolder } from './cacheFolder';
import { stampOf } from './fileStamp';
import { btfIdentity } from './kernelBtf';
import type { FileProblem } from './sourceFiles';

/** All that an analysis found in a tree. */
export interface ResolvedTree {
  readonly sites: ReadonlyMap<string, readonly ResolvedSite[]>;
  readonly ruleFacts: ReadonlyMap<string, RuleFacts>;
  readonly problems: readonly FileProblem[];
  /** Files that have facts. */
  readonly files: number;
}

/**
 * The last resolved state of a tree under one configuration, for the next start. It holds while no source file of the
 * tree (`digest`) and nothing else that was read for it (`others`: Makefiles, tables of system calls) has changed.
 */
export interface ResolvedCache {
  /** What is kept, if anything: whether it holds is not known yet. */
  likely(): ResolvedTree | null;
  /** What is kept, where it holds; `others` are read anew from disk to see that they are as they were. */
  get(digest: string): ResolvedTree | null;
  put(digest: string, others: Iterable<string>, tree: ResolvedTree): void;
}

export const noResolvedCache: ResolvedCache = { likely: () => null, get: () => null, put: () => undefined };

interface Kept {
  readonly digest: string;
  readonly others: ReadonlyMap<string, string>;
  readonly tree: ResolvedTree;
}

export interface ResolvedWith {
  readonly root: string;
  /** Kernel tree of a module outside it: its headers are no files of the root, so nothing is kept. */
  readonly headers: string | null;
  readonly arch: string;
  readonly configuration: KernelConfiguration;
  readonly catalogue: Pick<Catalogue, 'identity'>;
  /** As `kernelBtf` takes it. */
  readonly btf: string | null;
}

/** What was resolved last with all that sites follow from beside the tree's files. */
export function resolvedCacheOf(folder: CacheFolder | null, { root, headers, arch, configuration, catalogue, btf }: ResolvedWith): ResolvedCache {
  if (headers !== null) return noResolvedCache;
  const identity = JSON.stringify([arch, catalogue.identity, configuration.source, [...configuration.macros], btfIdentity(root, btf)]);
  return openResolvedCache(folder, root, identity);
}

/** `identity` says all that sites follow from beside the tree's files. */
export function openResolvedCache(folder: CacheFolder | null, root: string, identity: string): ResolvedCache {
  if (folder === null) return noResolvedCache;
  const file = path.join(folder.directory, 'resolved', createHash('sha1').update(`${path.resolve(root)}\0${identity}`).digest('hex'));
  let read = onDemand(() => readKept(file));
  return {
    likely: () => read()?.tree ?? null,
    get: (digest) => {
      const kept = read();
      if (kept?.digest !== digest) return null;
      for (const [other, state] of kept.others) if (stateOf(path.join(root, other)) !== state) return null;
      return kept.tree;
    },
    put: (digest, others, tree) => {
      const states = new Map([...others].map((other) => [other, stateOf(path.join(root, other))]));
      writeKept(file, { digest, others: states, tree });
      read = onDemand(() => readKept(file));
    },
  };
}

/** A file's stamp, or that there is none. */
function stateOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? 'absent' : stampOf(stats).join(' ');
}

const checksumLength = 40;

function checksum(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}

function readKept(file: string): Kept | null {
  try {
    const bytes = readFileSync(file);
    const body = bytes.subarray(checksumLength);
    if (bytes.toString('latin1', 0, checksumLength) !== checksum(body)) return null;
    const now = new Date();
    utimesSync(file, now, now);
    return deserialize(body) as Kept;
  } catch {
    return null;
  }
}

function writeKept(file: string, kept: Kept): void {
  const unfinished = unfinishedName(file);
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const body = serialize(kept);
    writeFileSync(unfinished, Buffer.concat([Buffer.from(checksum(body), 'latin1'), body]));
    renameSync(unfinished, file);
  } catch {
    // Not kept: the next start resolves anew.
    rmSync(unfinished, { force: true });
  }
}
