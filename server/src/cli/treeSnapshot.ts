import { catalogueFor } from '../kernel/catalogue';
import { userCacheFolder } from '../workspace/cacheFolder';
import { neverCancelled } from '../util/cancellation';
import { analysedRoot } from './analysedRoot';
import { kernelConfiguration, timesNotModelled } from '../workspace/kernelConfiguration';
import { ruleFactsOfTree } from '../workspace/indexedFacts';
import { kernelBtf } from '../workspace/kernelBtf';
import { nodeSourceTree } from '../workspace/nodeSourceTree';
import { settledSites } from '../workspace/openDocument';
import { assumedKernel } from '../workspace/rootSession';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { createTreeIndex } from '../workspace/treeIndex';
import { folderSource } from '../workspace/treeSource';
import { treeTypes } from '../workspace/treeTypes';
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
  const catalogue = catalogueFor(null, options.profile.apis);
  const configuration = kernelConfiguration(headers ?? root, options.kconfig ?? builtConfig, options.arch);
  const types = treeTypes({ tree: nodeSourceTree(root, headers), arch: options.arch, configuration, catalogue, btf: kernelBtf(headers ?? root, options.btf) });
  const index = createTreeIndex({
    source: folderSource(root),
    extraApis: options.profile.apis,
    apiOf: (name) => catalogue.byName.get(name),
    sizeOf: types.sizeOf,
    countOf: types.countOf,
    objectSource: types.objectSource,
    batchOf: types.batchOf,
    memberOf: types.memberOf,
    factsEntry,
    cache: options.cache ? userCacheFolder(factsEntry) : null,
    processes,
  });
  const progress = progressLine(io, 'files', index.facts.size);
  await index.scan(neverCancelled, ({ done }) => progress.update(done));
  progress.clear();
  const sites = new Map<string, readonly SnapshotSite[]>();
  await index.resolveAll(neverCancelled, (file, resolved) => sites.set(file, settledSites(file, resolved)));
  return {
    revision: 0,
    root,
    kernel: options.kernel ?? own ?? assumedKernel,
    kernelOrigin: options.kernel !== null ? options.kernelOrigin : own !== null ? 'of the tree\'s Makefile' : 'assumed, since there is no kernel Makefile',
    kconfigOrigin: configuration.source,
    timesNotModelled: timesNotModelled(configuration),
    machine: options.machine,
    profile: options.profile,
    status: { phase: 'ready', done: index.facts.size, total: index.facts.size, reason: null },
    sites,
    functions: new Map(),
    ruleFacts: ruleFactsOfTree(index.facts, [...sites.keys()]),
    problems: index.problems,
  };
}
