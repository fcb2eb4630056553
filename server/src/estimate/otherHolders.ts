import type { Solution } from './closedNetwork';
import type { Visit } from './demands';
import type { Event, Timeline } from './timeline';

/**
 * The chance that another CPU held a lock between two visits of this one, for each visit; else its lines are still here.
 * Locks are handed on in order of arrival, so nobody did exactly where nobody else arrived between this CPU's arrivals.
 */
export function otherHolders(timeline: Timeline, { locks }: Solution, clients: number): Map<Visit, number> {
  const sums = new Map<Visit, { chance: number; times: number }>();
  const arrivals = new Map<string, Arrivals>();
  for (const [lock, visits] of timeline.byLock) {
    visits.forEach((event, at) => {
      const before = visits[at === 0 ? visits.length - 1 : at - 1] ?? event;
      const stretch = event.arrive - before.arrive + (at === 0 ? timeline.cycle : 0);
      const kept = at === 0 ? [] : event.around.filter((outer) => before.around.includes(outer)).map(({ visit }) => visit.lock);
      const key = [lock, ...kept].join(' / ');
      const others = arrivals.get(key) ?? arrivalsOf(visits, kept, timeline, (name) => Math.min(1, locks.get(name)?.utilisation ?? 0));
      arrivals.set(key, others);
      const sum = sums.get(event.visit) ?? { chance: 0, times: 0 };
      sums.set(event.visit, { chance: sum.chance + 1 - leftAlone(others, stretch, clients - 1), times: sum.times + 1 });
    });
  }
  return new Map([...sums].map(([visit, { chance, times }]) => [visit, chance / times]));
}

/** Times between the arrivals of one stream, ns, over a time of `total`. */
interface Stream {
  readonly stretches: readonly number[];
  readonly total: number;
}

/** How others arrive at a lock while this CPU keeps some other locks. */
interface Arrivals {
  /** One other client that is anywhere in the operation. */
  readonly apart: Stream;
  /** Most visits come from under a further lock: share of time it is held, one other client's visits from elsewhere, and those of its holders in turn. */
  readonly under: { readonly busy: number; readonly direct: Stream; readonly inTurn: Stream } | null;
}

/**
 * The chance that none of the others arrives within `stretch`. Those from under a further lock come one after the other
 * while that is handed on without a pause, and each on its own while it is not.
 */
function leftAlone({ apart, under }: Arrivals, stretch: number, others: number): number {
  const onTheirOwn = free(apart, stretch) ** others;
  if (under === null) return onTheirOwn;
  return (1 - under.busy) * onTheirOwn + under.busy * free(under.direct, stretch) ** others * free(under.inTurn, stretch);
}

/** The chance that a stream leaves a stretch of t alone, begun anywhere: Σ(tₖ − t)⁺ / C, where tₖ are its own stretches and C their total. */
function free({ stretches, total }: Stream, stretch: number): number {
  if (stretches.length === 0) return 1;
  let left = 0;
  for (const one of stretches) left += Math.max(0, one - stretch);
  return Math.max(0, Math.min(1, left / total));
}

/** While this CPU keeps the locks `kept`, nobody else is under them. */
function arrivalsOf(visits: readonly Event[], kept: readonly string[], timeline: Timeline, utilisation: (lock: string) => number): Arrivals {
  const possible = visits.filter((event) => !isUnder(event, kept));
  const apart = apartFrom(possible, kept, timeline);
  const outer = busiest(possible, utilisation);
  if (outer === null) return { apart, under: null };
  const direct = apartFrom(possible.filter((event) => !isUnder(event, [outer])), kept, timeline);
  return { apart, under: { busy: utilisation(outer), direct, inTurn: inTurn(possible, outer, timeline) } };
}

function isUnder({ around }: Event, locks: readonly string[]): boolean {
  return around.some(({ visit }) => locks.includes(visit.lock));
}

function busiest(visits: readonly Event[], utilisation: (lock: string) => number): string | null {
  let most: string | null = null;
  for (const { around: [outer] } of visits) {
    if (outer !== undefined && (most === null || utilisation(outer.visit.lock) > utilisation(most))) most = outer.visit.lock;
  }
  return most;
}

/** The arrivals of one client over an operation, without the time for which it holds one of the locks `kept`. */
function apartFrom(visits: readonly Event[], kept: readonly string[], { events, cycle }: Timeline): Stream {
  const [first] = visits;
  if (first === undefined) return { stretches: [], total: cycle };
  const holds = kept.length === 0 ? [] : events.filter((event) => kept.includes(event.visit.lock) && !isUnder(event, kept));
  const held = (from: number, to: number): number => holds.reduce((sum, { start, end }) => sum + (start >= from && start < to ? end - start : 0), 0);
  const stretches = visits.map(({ arrive }, at) => {
    const next = visits[at + 1];
    if (next !== undefined) return next.arrive - arrive - held(arrive, next.arrive);
    return cycle - arrive - held(arrive, Infinity) + first.arrive - held(0, first.arrive);
  });
  return { stretches, total: cycle - held(0, Infinity) };
}

/** The arrivals from under `outer` where one holder follows the other without a pause. */
function inTurn(visits: readonly Event[], outer: string, { byLock }: Timeline): Stream {
  const starts = new Map<Event, number>();
  let total = 0;
  for (const hold of byLock.get(outer) ?? []) {
    starts.set(hold, total);
    total += hold.end - hold.start;
  }
  const arrivals = visits.flatMap(({ arrive, around }) => {
    const hold = around.find(({ visit }) => visit.lock === outer);
    return hold === undefined ? [] : [(starts.get(hold) ?? 0) + arrive - hold.start];
  });
  return { stretches: arrivals.map((arrive, at) => (arrivals[at + 1] ?? total + (arrivals[0] ?? 0)) - arrive), total };
}
