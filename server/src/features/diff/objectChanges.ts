import type { ObjectChange, SiteChange } from '../../protocol/diff';
import type { ReportObject } from '../../protocol/report';
import type { Snapshot } from '../../workspace/snapshot';
import { objectsOf } from '../objects';

/** Objects that hold other percpu memory than before: those with a changed site, and those that came or went with one. */
export function objectChanges(before: Snapshot, after: Snapshot, changes: readonly SiteChange[]): readonly ObjectChange[] {
  const concerned = new Set(changes.flatMap((change) => [change.before?.id, change.after?.id]));
  const [one, other] = [before, after].map((snapshot) => objectsByName(snapshot, concerned));
  if (one === undefined || other === undefined) return [];
  return [...new Set([...other.keys(), ...one.keys()])].flatMap((name) => {
    const [a, b] = [one.get(name), other.get(name)];
    if (a?.isConcerned !== true && b?.isConcerned !== true) return [];
    return [objectChange(name, a?.object, b?.object, after.machine.topology.possibleCpus)];
  });
}

interface Found {
  readonly object: ReportObject;
  readonly isConcerned: boolean;
}

function objectsByName(snapshot: Snapshot, concerned: ReadonlySet<string | undefined>): ReadonlyMap<string, Found> {
  const objects = objectsOf(snapshot);
  return new Map(objects.map((object) => [object.name, { object, isConcerned: object.sites.some((id) => concerned.has(id)) }]));
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
