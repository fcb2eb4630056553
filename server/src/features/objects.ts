import { contentionOf } from '../estimate/contention';
import { costOf } from '../estimate/cost';
import type { ReportObject } from '../protocol/report';
import type { FormedObject } from '../resolve/objects/formObjects';
import { atOnce } from '../util/turns';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { priceOptions } from './evaluation';
import { formedObjects } from './formedObjects';
import { areaOf, totalOf, wirePart, type Counting } from './objectAreas';
import { objectLife } from './objectLife';
import { wireCost } from './wire';

/** What the kernel creates as one with two or more percpu areas, most frequent first; no module is counted as loaded. */
export function objectsOf(snapshot: Snapshot): readonly ReportObject[] {
  return atOnce(objectsInTurns(snapshot));
}

/** Those of them that are asked for. */
export function someObjectsOf(snapshot: Snapshot, isAsked: (object: FormedObject<SnapshotSite>) => boolean): readonly ReportObject[] {
  const counting: Counting = { snapshot, loaded: new Set() };
  return formedObjects(snapshot).filter((object) => object.members.length > 1 && isAsked(object)).map((object) => reportObject(counting, object));
}

/** The same made one by one, so that a server can answer others in between. */
export function* objectsInTurns(snapshot: Snapshot): Generator<void, readonly ReportObject[]> {
  const counting: Counting = { snapshot, loaded: new Set() };
  const made: ReportObject[] = [];
  for (const object of formedObjects(snapshot)) {
    if (object.members.length > 1) made.push(reportObject(counting, object));
    yield;
  }
  return made;
}

function reportObject(counting: Counting, object: FormedObject<SnapshotSite>): ReportObject {
  const { snapshot } = counting;
  const total = totalOf(object.members.map((member) => areaOf(member, counting)), snapshot.machine.topology.possibleCpus);
  const life = objectLife(object, counting);
  const cost = life === null ? null : costOf(life, snapshot.machine, priceOptions(snapshot));
  return {
    name: object.name,
    kind: object.kind,
    variant: object.variant,
    frequency_class: object.frequencyClass,
    sites: object.members.map(({ site }) => site.id),
    parts: object.members.map(({ membership }) => wirePart(membership, snapshot)),
    areas: total.areas,
    footprint: total.footprint,
    unknown_sizes: total.unknown_sizes,
    create: cost === null ? null : wireCost(cost.create),
    destroy: cost === null ? null : wireCost(cost.destroy),
    knee_cpus: life === null || snapshot.timesNotModelled !== null ? null : contentionOf(life, snapshot.machine).kneeCpus.value,
  };
}
