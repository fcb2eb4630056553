/** What is read off a timeline, the same in the panel and in documents. */
import type { Timeline, TimelineSpan } from './simulation';

/** A stretch of one lane as wide as it is drawn. */
export interface Run {
  /** Columns, the end not included. */
  readonly from: number;
  readonly to: number;
  readonly activity: TimelineSpan['activity'];
  readonly lock: number;
  /** The outermost further lock held meanwhile; -1 where none. */
  readonly under: number;
}

/** A lane between two times in `columns` columns, each drawn as what took most of it; columns alike are one run. */
export function runsOf(lane: readonly TimelineSpan[], fromNs: number, toNs: number, columns: number): readonly Run[] {
  const width = (toNs - fromNs) / columns;
  const runs: Run[] = [];
  let index = firstAfter(lane, fromNs);
  for (let column = 0; column < columns; column += 1) {
    const start = fromNs + column * width;
    const end = start + width;
    while (index < lane.length && (lane[index]?.to_ns ?? 0) <= start) index += 1;
    const most = longestWithin(lane, index, start, end);
    if (most === null) continue;
    const last = runs.at(-1);
    const under = most.under[0] ?? -1;
    if (last?.to === column && last.activity === most.activity && last.lock === most.lock && last.under === under) runs[runs.length - 1] = { ...last, to: column + 1 };
    else runs.push({ from: column, to: column + 1, activity: most.activity, lock: most.lock, under });
  }
  return runs;
}

/** The first span that ends after `time`, by halving. */
function firstAfter(lane: readonly TimelineSpan[], time: number): number {
  let low = 0;
  let high = lane.length;
  while (low < high) {
    const half = (low + high) >> 1;
    if ((lane[half]?.to_ns ?? 0) > time) high = half;
    else low = half + 1;
  }
  return low;
}

function longestWithin(lane: readonly TimelineSpan[], from: number, start: number, end: number): TimelineSpan | null {
  let most: TimelineSpan | null = null;
  let longest = 0;
  for (let index = from; index < lane.length; index += 1) {
    const span = lane[index];
    if (span === undefined || span.from_ns >= end) break;
    const share = Math.min(span.to_ns, end) - Math.max(span.from_ns, start);
    if (share <= longest) continue;
    longest = share;
    most = span;
  }
  return most;
}

/** What one lane was doing at a time; null outside the record. */
export function spanAt(lane: readonly TimelineSpan[], time: number): TimelineSpan | null {
  const span = lane[firstAfter(lane, time)];
  return span !== undefined && span.from_ns <= time ? span : null;
}

/** What became of one lock in the time shown. */
export interface LockRecord {
  readonly lock: string;
  readonly heldShare: number;
  readonly waits: number;
  readonly meanWaitNs: number;
  readonly longestWaitNs: number;
  /** CPUs that waited at once, at most: the length of the convoy. */
  readonly mostWaiting: number;
}

export function lockRecords({ locks, lanes, from_ns: from, to_ns: to }: Timeline): readonly LockRecord[] {
  return locks.map((lock, index) => {
    const waits = lanes.flatMap((lane) => lane.filter((span) => span.lock === index && span.activity === 'waiting'));
    const held = lanes.flatMap((lane) => lane.filter((span) => (span.lock === index && span.activity === 'holding') || span.under.includes(index)));
    const length = (list: readonly TimelineSpan[]): number => list.reduce((sum, span) => sum + span.to_ns - span.from_ns, 0);
    return {
      lock,
      heldShare: to > from ? Math.min(1, length(held) / (to - from)) : 0,
      waits: waits.length,
      meanWaitNs: waits.length === 0 ? 0 : length(waits) / waits.length,
      longestWaitNs: waits.reduce((most, span) => Math.max(most, span.to_ns - span.from_ns), 0),
      mostWaiting: mostAtOnce(waits),
    };
  });
}

function mostAtOnce(spans: readonly TimelineSpan[]): number {
  const changes = spans.flatMap((span) => [[span.from_ns, 1] as const, [span.to_ns, -1] as const]);
  changes.sort(([a, up], [b, down]) => a - b || up - down);
  let now = 0;
  return changes.reduce((most, [, change]) => Math.max(most, (now += change)), 0);
}
