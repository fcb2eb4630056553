import { contentionOf } from '../estimate/contention';
import { costOf } from '../estimate/cost';
import { composeLifeCycles } from '../lifecycle/compose';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { ReportObject, WirePart } from '../protocol/report';
import type { FormedObject } from '../resolve/objects/formObjects';
import type { Membership } from '../resolve/objects/membership';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { evaluate, priceOptions } from './evaluation';
import { formedObjects } from './formedObjects';
import { footprintOf } from './reportSite';
import { wireCost } from './wire';

/** What the kernel creates as one with two or more percpu areas, most frequent first. */
export function objectsOf(snapshot: Snapshot): readonly ReportObject[] {
  return formedObjects(snapshot).filter(({ members }) => members.length > 1).map((object) => reportObject(snapshot, object));
}

function reportObject(snapshot: Snapshot, object: FormedObject<SnapshotSite>): ReportObject {
  const sites = object.members.map(({ site }) => site);
  const footprints = sites.map(({ site }) => footprintOf(site, snapshot.machine.topology.possibleCpus));
  const lifeCycle = wholeLifeCycle(snapshot, object);
  const cost = lifeCycle === null ? null : costOf(lifeCycle, snapshot.machine, priceOptions(snapshot));
  return {
    name: object.name,
    kind: object.kind,
    variant: object.variant,
    frequency_class: object.frequencyClass,
    sites: sites.map(({ id }) => id),
    parts: object.members.map(({ membership }) => wirePart(membership, snapshot)),
    footprint: footprints.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0),
    unknown_sizes: footprints.filter((bytes) => bytes === null).length,
    create: cost === null ? null : wireCost(cost.create),
    destroy: cost === null ? null : wireCost(cost.destroy),
    knee_cpus: lifeCycle === null || snapshot.timesNotModelled !== null ? null : contentionOf(lifeCycle, snapshot.machine).kneeCpus.value,
  };
}

function wirePart({ chain, times, when, assumed, modules, excluded }: Membership, { machine }: Snapshot): WirePart {
  const count = times.count === null || times.per === null ? times.count : times.count * machine.topology.nodes;
  return { chain, times: count, times_reason: times.reason, when, assumed, modules, excluded };
}

/** Null where the life of a part is not known: a share of the whole would mislead. */
function wholeLifeCycle(snapshot: Snapshot, { name, members }: FormedObject<SnapshotSite>): LifeCycle | null {
  const parts = members.filter(({ site }) => site.site.size.size !== 0).map(({ site }) => evaluate(site.site, snapshot).lifeCycle);
  const known = parts.filter((part): part is LifeCycle => part !== null && part.create.length > 0);
  return known.length < parts.length ? null : composeLifeCycles(name, known);
}
