import { userCacheFolder } from '../workspace/cacheFolder';
import { analysedRoot } from './analysedRoot';
import { timesNotModelled } from '../workspace/kernelConfiguration';
import { settledSites } from '../workspace/openDocument';
import { assumedKernel } from '../workspace/rootSession';
import { startDetailsThread } from '../workspace/detailsThread';
import { entryBeside } from '../workspace/entries';
import { folderTypes } from '../workspace/folderTypes';
import { resolvedCacheOf } from '../workspace/resolvedCache';
import { resolvedTree } from '../workspace/resolvedTree';
import type { Snapshot } from '../workspace/snapshot';
import { createTreeIndex } from '../workspace/treeIndex';
import { folderSource } from '../workspace/treeSource';
import type { Io } from './io';
import type { CommonOptions } from './options';
import { progressLine } from './progress';

/** The whole tree, resolved, as one snapshot. */
export async function snapshotOf(
  folder: string,
  options: CommonOptions,
  io: Io,
  factsEntry: string,
  processes: number,
): Promise<Snapshot> {
  for (const note of options.profileNotes) io.err(`${note}\n`);
  const { root, headers, kernel: own, builtConfig } = analysedRoot(folder);
  const { arch, btf, profile } = options;
  const typed = { root, headers, arch, btf, kernel: options.kernel ?? own, kconfig: options.kconfig ?? builtConfig, extraApis: profile.apis };
  const { tree, types, catalogue, configuration } = folderTypes(typed);
  const index = createTreeIndex({
    source: folderSource(root),
    extraApis: options.profile.apis,
    apiOf: (name) => catalogue.byName.get(name),
    sizeOf: types.sizeOf,
    countOf: types.countOf,
    objectSource: types.objectSource,
    batchOf: types.batchOf,
    memberOf: types.memberOf,
    details: (asked) => startDetailsThread(entryBeside(factsEntry, 'detailsWorker'), typed, asked),
    factsEntry,
    cache: options.cache ? userCacheFolder(factsEntry) : null,
    resolved: {
      asked: () => tree.asked(),
      cache: resolvedCacheOf(options.cache ? userCacheFolder(entryBeside(factsEntry, 'analysisWorker')) : null, { ...options, root, headers, configuration, catalogue }),
    },
    processes,
  });
  const progress = progressLine(io, 'files', index.facts.size);
  const resolved = await resolvedTree(index, ({ done }) => progress.update(done));
  progress.clear();
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
