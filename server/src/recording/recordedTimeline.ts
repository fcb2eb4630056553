import type { Allocator } from '../allocator/allocator';
import { GRANULE } from '../allocator/chunk';
import { createTimelineRecorder, type OwnerAt, type Timeline } from '../allocator/chunkTimeline';
import type { Operation } from './operation';
import { replayTrace, type ReplayOptions } from './replay';
import type { ReplayResult } from './replayResult';

export type TimelineAnswer =
  | { readonly ok: true; readonly timeline: Timeline; readonly result: ReplayResult }
  | { readonly ok: false; readonly error: string };

/** Replays a recording and keeps frames of it, each area with the function of the trace that allocated it. */
export async function recordedTimeline(options: Omit<ReplayOptions, 'watch'>): Promise<TimelineAnswer> {
  let finish = (): Timeline => ({ pageSize: 0, units: 0, owners: [], frames: [] });
  const watch = (allocator: Allocator): ((operation: Operation) => void) => {
    const recorder = createTimelineRecorder(allocator);
    const owners = new Map<string, string>();
    const ownerAt: OwnerAt = (base, offset) => owners.get(`${base}+${offset}`) ?? null;
    let events = 0;
    let last: number | null = null;
    recorder.note(0, null, ownerAt);
    finish = () => recorder.finish(events, last, ownerAt);
    return (operation) => {
      events += 1;
      last = operation.timestamp;
      noteOwner(owners, operation);
      recorder.note(events, operation.timestamp, ownerAt);
    };
  };
  const answer = await replayTrace({ ...options, watch });
  return answer.ok ? { ok: true, timeline: finish(), result: answer.result } : answer;
}

function noteOwner(owners: Map<string, string>, { kind, base, at, request }: Operation): void {
  if (kind === 'free') owners.delete(`${base}+${at * GRANULE}`);
  if (kind !== 'attempt' || request === null || request.failed || request.base === '') return;
  if (request.caller !== '') owners.set(`${request.base}+${request.at * GRANULE}`, request.caller);
}
