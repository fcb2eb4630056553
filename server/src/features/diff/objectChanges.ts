import type { ObjectChange, SiteChange } from '../../protocol/diff';
import type { ReportObject } from '../../protocol/report';
import type { Snapshot } from '../../workspace/snapshot';
import { formedObjects } from '../formedObjects';
import { someObjectsOf } from '../objects';

/** Objects that hold other percpu memory than before: those with a changed site, and those that came or went with one. */
export function objectChanges(before: Snapshot, after: Snapshot, changes: readonly SiteChange[]): readonly ObjectChange[] {
  if (changes.length === 0) return [];
  const concerned = new Set(changes.flatMap((change) => [change.before?.id, change.after?.id]));
  // Few of all objects are concerned, and only those are priced.
  const names = new Set([before, after].flatMap((snapshot) => formedObjects(snapshot).filter(({ members }) => members.some(({ site }) => concerned.has(site.id))).map(({ name }) => name)));
  const [one, other] = [before, after].map((snapshot) => new Map(someObjectsOf(snapshot, ({ name }) => names.has(name)).map((object) => [object.name, object])));
  if (one === undefined || other === undefined) return [];
  return [...new Set([...other.keys(), ...one.keys()])]
    .filter((name) => [one, other].some((objects) => objects.get(name)?.sites.some((id) => concerned.has(id)) === true))
    .map((name) => objectChange(name, one.get(name), other.get(name), after.machine.topology.possibleCpus));
}

function objectChange(name: string, before: ReportObject | undefined, after: ReportObject | undefined, possible: number): ObjectChange {
  const shown = after ?? before;
  const footprint = (object: ReportObject | undefined): number | null => (object === undefined ? 0 : object.unknown_sizes > 0 ? null : object.footprint);
  const bytes = { before: footprint(before), after: footprint(after) };
  return {
    change: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    name,
    frequency_class: shown?.frequency_class ?? 'unknown',
    areas: { before: before?.sites.length ?? 0, after: after?.sites.length ?? 0 },
    size: { before: perCpu(bytes.before, possible), after: perCpu(bytes.after, possible) },
    footprint: bytes,
    create: { before: before?.create ?? null, after: after?.create ?? null },
    destroy: { before: before?.destroy ?? null, after: after?.destroy ?? null },
  };
}

function perCpu(footprint: number | null, possible: number): number | null {
  return footprint === null ? null : footprint / possible;
}
