import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Catalogue } from '../kernel/catalogue';
import type { KernelConfiguration } from '../kernel/kconfig';
import type { ResolvedSite } from '../resolve/resolvedSite';
import type { RuleFacts } from '../resolve/ruleFacts';
import { onDemand } from '../util/onDemand';
import type { CacheFolder } from './cacheFolder';
import { readChecked, writeChecked } from './checkedFile';
import { packedBasis, unpackedBasis, type Basis, type PackedBasis } from './edited/basis';
import { isSettled, stampOf } from './fileStamp';
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
  /** What was kept last, where nothing that is no source file has changed: `others` are looked at on disk to see that. */
  last(): KeptTree | null;
  /** What the tree of that digest followed from. */
  basis(digest: string): Basis | null;
  put(digest: string, others: Iterable<string>, tree: ResolvedTree, basis: Basis): void;
}

export interface KeptTree {
  /** Of the source files. */
  readonly digest: string;
  /** Other files that were read for it. */
  readonly others: readonly string[];
  readonly tree: ResolvedTree;
}

export const noResolvedCache: ResolvedCache = { likely: () => null, last: () => null, basis: () => null, put: () => undefined };

interface Kept {
  readonly digest: string;
  readonly others: ReadonlyMap<string, string>;
  readonly tree: ResolvedTree;
}

interface KeptBasis {
  /** Of the tree that it is the basis of. */
  readonly digest: string;
  readonly basis: PackedBasis;
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
  const openedAt = Date.now();
  let read = onDemand(() => readChecked(file) as Kept | null);
  return {
    likely: () => read()?.tree ?? null,
    last: () => {
      const kept = read();
      if (kept === null) return null;
      for (const [other, state] of kept.others) if (stateOf(path.join(root, other)) !== state) return null;
      return { ...kept, others: [...kept.others.keys()] };
    },
    basis: (digest) => {
      const kept = readChecked(basisBeside(file)) as KeptBasis | null;
      return kept?.digest === digest ? unpackedBasis(kept.basis) : null;
    },
    put: (digest, others, tree, basis) => {
      const states = new Map([...others].map((other) => [other, stateOf(path.join(root, other), openedAt)]));
      // What was written to since may have been read before.
      if ([...states.values()].includes(unsettled)) return;
      writeChecked(file, { digest, others: states, tree } satisfies Kept);
      writeChecked(basisBeside(file), { digest, basis: packedBasis(basis) } satisfies KeptBasis);
      read = onDemand(() => readChecked(file) as Kept | null);
    },
  };
}

function basisBeside(file: string): string {
  return `${file}.basis`;
}

const unsettled = 'unsettled';

/** A file's stamp, or that there is none, or that the file may have been another at that time. */
function stateOf(file: string, at = Infinity): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return 'absent';
  const stamp = stampOf(stats);
  return isSettled(Float64Array.from(stamp), at) ? stamp.join(' ') : unsettled;
}
