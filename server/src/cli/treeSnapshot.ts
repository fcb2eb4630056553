import type { KernelConfiguration } from '../kernel/kconfig';
import type { KernelVersion } from '../kernel/version';
import { userCacheFolder } from '../workspace/cacheFolder';
import { analysedRoot } from './analysedRoot';
import { timesNotModelled } from '../workspace/kernelConfiguration';
import { settledSites } from '../workspace/openDocument';
import { assumedKernel } from '../workspace/rootSession';
import { startDetailsThread } from '../workspace/detailsThread';
import { entryBeside } from '../workspace/entries';
import { folderTypes } from '../workspace/folderTypes';
import { resolvedCacheOf, type ResolvedTree } from '../workspace/resolvedCache';
import { resolvedTree } from '../workspace/resolvedTree';
import type { Snapshot } from '../workspace/snapshot';
import { createTreeIndex } from '../workspace/treeIndex';
import { folderSource } from '../workspace/treeSource';
import { begunEarly } from './begunEarly';
import type { Io } from './io';
import type { CommonOptions } from './options';
import { progressLine } from './progress';

/** The whole tree, resolved, as one snapshot. */
export function snapshotOf(folder: string, options: CommonOptions, io: Io, factsEntry: string, processes: number): Promise<Snapshot> {
  return madeOfTree(folder, options, io, factsEntry, processes, asItIs);
}

function* asItIs(snapshot: Snapshot): Generator<void, Snapshot> {
  yield;
  return snapshot;
}

/**
 * What is made, bit by bit, of the whole tree as one snapshot. Where the tree was resolved before, that is begun while
 * its files are looked at.
 */
export async function madeOfTree<T>(
  folder: string, options: CommonOptions, io: Io, factsEntry: string, processes: number, make: (snapshot: Snapshot) => Generator<void, T>,
): Promise<T> {
  for (const note of options.profileNotes) io.err(`${note}\n`);
  const { root, headers, kernel: own, builtConfig } = analysedRoot(folder);
  const { arch, btf, profile } = options;
  const typed = { root, headers, arch, btf, kernel: options.kernel ?? own, kconfig: options.kconfig ?? builtConfig, extraApis: profile.apis };
  const { tree, types, catalogue, configuration } = folderTypes(typed);
  const made = begunEarly((resolved: ResolvedTree) => make(snapshotIn({ root, own, configuration, options, resolved })));
  const index = createTreeIndex({
    source: folderSource(root),
    extraApis: options.profile.apis,
    apiOf: (name) => catalogue.byName.get(name),
    sizeOf: types.sizeOf,
    countOf: types.countOf,
    objectSource: types.objectSource,
    batchOf: types.batchOf,
    memberOf: types.memberOf,
    details: () => startDetailsThread(entryBeside(factsEntry, 'detailsWorker'), typed),
    factsEntry,
    cache: options.cache ? userCacheFolder(factsEntry) : null,
    resolved: {
      asked: () => tree.asked(),
      types,
      cache: resolvedCacheOf(options.cache ? userCacheFolder(entryBeside(factsEntry, 'analysisWorker')) : null, { ...options, root, headers, configuration, catalogue }),
      ahead: made.begin,
    },
    processes,
  });
  const progress = progressLine(io, 'files');
  const resolved = await resolvedTree(index, ({ done, total }) => progress.update(done, total));
  progress.clear();
  return made.finish(resolved);
}

interface Parts {
  readonly root: string;
  /** Version in the tree's Makefile. */
  readonly own: KernelVersion | null;
  readonly configuration: KernelConfiguration;
  readonly options: CommonOptions;
  readonly resolved: ResolvedTree;
}

function snapshotIn({ root, own, configuration, options, resolved }: Parts): Snapshot {
  return {
    revision: 0,
    root,
    kernel: options.kernel ?? own ?? assumedKernel,
    kernelOrigin: options.kernel !== null ? options.kernelOrigin : own !== null ? 'of the tree\'s Makefile' : 'assumed, since there is no kernel Makefile',
    kconfigOrigin: configuration.source,
    timesNotModelled: timesNotModelled(configuration),
    machine: options.machine,
    profile: options.profile,
    status: { phase: 'ready', done: resolved.files, total: resolved.files, reason: null },
    sites: new Map([...resolved.sites].map(([file, sites]) => [file, settledSites(file, sites)])),
    functions: new Map(),
    ruleFacts: resolved.ruleFacts,
    problems: resolved.problems,
  };
}
