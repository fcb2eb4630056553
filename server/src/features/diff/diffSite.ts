import { sharedHolds } from '../../estimate/demandReasons';
import type { LifeCycle } from '../../lifecycle/lifeCycle';
import type { DiffSite } from '../../protocol/diff';
import { createsMemory } from '../../resolve/resolveSites';
import type { Snapshot, SnapshotSite } from '../../workspace/snapshot';
import { evaluate } from '../evaluation';
import { footprintOf } from '../reportSite';
import { wireCost } from '../wire';

/** A site as a difference shows it, on the machine of the snapshot. */
export function diffSite(snapshot: Snapshot, { id, site }: SnapshotSite): DiffSite {
  const { fact, size, reach } = site;
  const { cost, lifeCycle } = evaluate(site, snapshot);
  return {
    id,
    api: fact.api,
    kind: fact.kind,
    file: site.file,
    line: fact.line,
    function: fact.function,
    first_argument: fact.arguments[0] ?? null,
    type: site.type,
    size: size.size,
    size_reason: size.reason,
    count: site.count,
    gfp: site.gfp,
    frequency_class: reach.map(({ frequencyClass }) => frequencyClass),
    chain: reach[0]?.chain ?? [],
    footprint: footprintOf(site, snapshot.machine.topology.possibleCpus),
    counts_bytes: countsBytes({ id, site, settled: true }),
    accounted_by: site.accountedBy,
    create: cost === null || lifeCycle?.create.length === 0 ? null : wireCost(cost.create),
    destroy: cost === null || lifeCycle?.destroy.length === 0 ? null : wireCost(cost.destroy),
    locks: locksTaken(lifeCycle),
  };
}

/** A byte is counted at one site: those inside an API's own definition are left to its callers. */
export function countsBytes({ site }: SnapshotSite): boolean {
  return createsMemory(site.fact) && site.accountedBy === null;
}

/** Global locks that creation and destruction take, sorted. */
export function locksTaken(lifeCycle: LifeCycle | null): readonly string[] {
  if (lifeCycle === null) return [];
  return [...new Set(sharedHolds([...lifeCycle.create, ...lifeCycle.destroy]).map(({ lock }) => lock))].sort();
}

/** What triggers the site most often. */
export function classOf({ site }: SnapshotSite): string {
  return site.reach[0]?.frequencyClass ?? 'unknown';
}
