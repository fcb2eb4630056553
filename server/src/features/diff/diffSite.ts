import { sharedHolds } from '../../estimate/demandReasons';
import type { LifeCycle } from '../../lifecycle/lifeCycle';
import type { DiffSite } from '../../protocol/diff';
import { createsMemory } from '../../resolve/siteDetails';
import type { ResolvedSite } from '../../resolve/resolvedSite';
import { scale } from '../../util/interval';
import type { Reason } from '../../util/reason';
import type { Snapshot, SnapshotSite } from '../../workspace/snapshot';
import { evaluate } from '../evaluation';
import { footprintOf } from '../reportSite';
import { variableName } from '../variableName';
import { wireCost } from '../wire';

/** A site as a difference shows it, on the machine of the snapshot. */
export function diffSite(snapshot: Snapshot, { id, site }: SnapshotSite): DiffSite {
  const { fact, size, reach } = site;
  const { cost, lifeCycle } = evaluate(site, snapshot);
  const { size: bytes, count } = inAllTurns(site);
  return {
    id,
    api: fact.api,
    kind: fact.kind,
    file: site.file,
    line: fact.line,
    function: fact.function,
    first_argument: fact.arguments[0] ?? null,
    variable: variableName(fact),
    type: site.type,
    size: bytes,
    size_reason: size.reason,
    count,
    turns: site.turns,
    gfp: site.gfp,
    frequency_class: reach.map(({ frequencyClass }) => frequencyClass),
    chain: reach[0]?.chain ?? [],
    footprint: footprintInAllTurns(site, snapshot.machine.topology.possibleCpus),
    counts_bytes: countsBytes({ id, site, settled: true }),
    accounted_by: site.accountedBy,
    create: cost === null || lifeCycle?.create.length === 0 ? null : wireCost(timesTurns(cost.create, site)),
    destroy: cost === null || lifeCycle?.destroy.length === 0 ? null : wireCost(timesTurns(cost.destroy, site)),
    locks: locksTaken(lifeCycle),
  };
}

/** Size and elements of all turns of the loops around a site in its function, so that a loop over an array and one call for all of it compare. */
export function inAllTurns({ size: { size }, count, turns }: ResolvedSite): { readonly size: number | null; readonly count: number | null } {
  const times = turns ?? 1;
  return { size: size === null ? null : size * times, count: count === null ? null : count * times };
}

/** Bytes on all possible CPUs, in all turns; null where the size is not known. */
export function footprintInAllTurns(site: ResolvedSite, possibleCpus: number): number | null {
  const once = footprintOf(site, possibleCpus);
  return once === null ? null : once * (site.turns ?? 1);
}

function timesTurns(time: Reason, { turns }: ResolvedSite): Reason {
  return time.value === null || turns === null || turns === 1 ? time : { ...time, value: scale(time.value, turns) };
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
