import type { TimelineSpan } from '../protocol/simulation';
import { activities, type TimelineHook } from './engineState';

const names: Readonly<Record<number, TimelineSpan['activity']>> = {
  [activities.USER]: 'user',
  [activities.KERNEL]: 'kernel',
  [activities.WAITING]: 'waiting',
  [activities.HOLDING]: 'holding',
  [activities.SLEEPING]: 'sleeping',
};

interface Lane {
  readonly spans: TimelineSpan[];
  /** Locks held, outermost first. */
  readonly held: number[];
  activity: number;
  lock: number;
  under: readonly number[];
  since: number;
}

/** Turns the engine's changes of activity into spans, one lane a client. */
export interface TimelineRecorder {
  readonly hook: TimelineHook;
  /** Forgets what was recorded so far; locks held stay held. */
  readonly restart: (time: number) => void;
  /** The lanes up to `time`. */
  readonly lanes: (time: number) => TimelineSpan[][];
}

export function timelineRecorder(clients: number): TimelineRecorder {
  const lanes = Array.from({ length: clients }, (): Lane => ({ spans: [], held: [], activity: activities.USER, lock: -1, under: [], since: 0 }));
  return {
    hook: (client, time, activity, lock) => {
      const lane = lanes[client];
      if (lane !== undefined) note(lane, time, activity, lock);
    },
    restart: (time) => lanes.forEach((lane) => {
      lane.spans.length = 0;
      lane.since = Math.max(lane.since, time);
    }),
    lanes: (time) => lanes.map((lane) => {
      close(lane, time);
      return lane.spans.flatMap((span) => (span.from_ns >= time ? [] : [{ ...span, to_ns: Math.min(span.to_ns, time) }]));
    }),
  };
}

function note(lane: Lane, time: number, activity: number, lock: number): void {
  if (activity === activities.HOLDING) lane.held.push(lock);
  if (activity === activities.RELEASED) lane.held.splice(lane.held.lastIndexOf(lock), 1);
  const outer = lane.held.at(-1) ?? -1;
  const inKernel = activity === activities.RELEASED || activity === activities.KERNEL;
  if (inKernel) change(lane, time, outer < 0 ? activities.KERNEL : activities.HOLDING, outer);
  else change(lane, time, activity, lock);
}

function change(lane: Lane, time: number, activity: number, lock: number): void {
  if (activity === lane.activity && lock === lane.lock) return;
  close(lane, time);
  lane.activity = activity;
  lane.lock = lock;
  lane.under = lane.held.filter((held) => held !== lock);
}

function close(lane: Lane, time: number): void {
  if (time <= lane.since) return;
  lane.spans.push({ from_ns: lane.since, to_ns: time, activity: names[lane.activity] ?? 'kernel', lock: lane.lock, under: lane.under });
  lane.since = time;
}
