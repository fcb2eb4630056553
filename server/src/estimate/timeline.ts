import type { PointDemands, PointVisit, Solution, Timing } from './closedNetwork';
import type { Demands, Visit } from './demands';

/** One visit of an operation in time, ns since the operation began. */
export interface Event {
  readonly visit: Visit;
  readonly arrive: number;
  readonly start: number;
  readonly end: number;
  /** The visits whose locks are held meanwhile, from the outermost on. */
  readonly around: readonly Event[];
}

/** An operation under load in time, with the mean waits of a solution, in the middle of the constants. */
export interface Timeline {
  readonly events: readonly Event[];
  readonly byLock: ReadonlyMap<string, readonly Event[]>;
  /** Time of the whole operation, ns. */
  readonly cycle: number;
}

export function timelineOf(demands: Demands, point: PointDemands, solution: Solution): Timeline {
  const events: Event[] = [];
  place(demands.visits, point.visits, 0, [], { timings: solution.timings, events });
  const byLock = new Map<string, Event[]>();
  for (const event of events) {
    const known = byLock.get(event.visit.lock);
    if (known === undefined) byLock.set(event.visit.lock, [event]);
    else known.push(event);
  }
  return { events, byLock, cycle: solution.residence };
}

/** Time from each arrival to the next at one lock, over the end of the operation into the next one, ns. */
export function stretchesOf(events: readonly Event[], cycle: number): readonly number[] {
  return events.map(({ arrive }, at) => (events[at + 1]?.arrive ?? cycle + (events[0]?.arrive ?? 0)) - arrive);
}

interface Setting {
  readonly timings: ReadonlyMap<PointVisit, Timing>;
  readonly events: Event[];
}

/** Lays the visits out in time from `from` on. */
function place(visits: readonly Visit[], points: readonly PointVisit[], from: number, around: readonly Event[], setting: Setting): void {
  let now = from;
  visits.forEach((visit, at) => {
    const point = points[at];
    const timing = point === undefined ? undefined : setting.timings.get(point);
    if (point === undefined || timing === undefined) throw new Error(`a visit of ${visit.lock} was not solved`);
    const arrive = now + visit.after.mid;
    const start = arrive + timing.wait;
    const event: Event = { visit, arrive, start, end: start + timing.service, around };
    setting.events.push(event);
    place(visit.nested, point.nested, start, [...around, event], setting);
    now = event.end;
  });
}
