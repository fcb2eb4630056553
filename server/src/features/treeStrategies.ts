import { formatKernelVersion } from '../kernel/version';
import type { PushedStrategy, TreeStrategies } from '../protocol/strategyAnswer';
import { allSites, type Snapshot, type SnapshotSite } from '../workspace/snapshot';
import { adviceFor, compareFor } from './advice';
import { groupedObjects } from './groupedObjects';
import { wireStrategy } from './wireStrategy';

/** What is shown unasked in a tree, and its objects with several areas. */
export function treeStrategies(snapshot: Snapshot): TreeStrategies {
  const { topology, name, calibrated } = snapshot.machine;
  return {
    kernel: formatKernelVersion(snapshot.kernel),
    machine: name,
    cpus: { possible: topology.possibleCpus, online: topology.onlineCpus },
    calibrated,
    pushed: pushedStrategies(snapshot),
    objects: groupedObjects(snapshot),
  };
}

/** By the CPU time that the whole machine saves. */
export function pushedStrategies(snapshot: Snapshot): readonly PushedStrategy[] {
  return allSites(snapshot).flatMap((site) => pushedAt(snapshot, site)).sort((a, b) => worthOf(b) - worthOf(a));
}

function pushedAt(snapshot: Snapshot, site: SnapshotSite): readonly PushedStrategy[] {
  const advice = adviceFor(snapshot, site);
  const comparison = advice.length === 0 ? null : compareFor(snapshot, site);
  if (comparison === null) return [];
  const { file, fact } = site.site;
  return comparison.strategies.filter(({ id }) => advice.includes(id)).map((strategy) => ({
    place: `${file}:${String(fact.line)}`,
    function: fact.function,
    object: comparison.subject.name,
    strategy: wireStrategy(strategy, comparison, site, snapshot, true),
  }));
}

function worthOf({ strategy }: PushedStrategy): number {
  return strategy.worth?.saved_cpus?.value?.mid ?? 0;
}
