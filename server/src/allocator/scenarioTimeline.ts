import { GRANULE } from './chunk';
import { createTimelineRecorder, type OwnerAt, type Timeline, type TimelineRecorder } from './chunkTimeline';
import type { ScenarioRun, StreamStep, Watch } from './scenarioRun';

/** Watches a scenario's run and makes a timeline of it; callers of its steps own the areas. */
export interface RunTimeline {
  readonly watch: (run: ScenarioRun) => Watch;
  timeline(): Timeline;
}

export function watchRun(): RunTimeline {
  let finish = (): Timeline => ({ pageSize: 0, units: 0, owners: [], frames: [] });
  return {
    watch: (run) => {
      const recorder: TimelineRecorder = createTimelineRecorder(run.allocator);
      const owners = newOwners();
      let events = 0;
      recorder.note(0, null, owners.at);
      finish = () => recorder.finish(events, null, owners.at);
      return (_, step) => {
        events += 1;
        owners.note(run, step);
        recorder.note(events, null, owners.at);
      };
    },
    timeline: () => finish(),
  };
}

interface Owners {
  note(run: ScenarioRun, step: StreamStep): void;
  readonly at: OwnerAt;
}

/** Who allocated what lives, by chunk and offset. */
function newOwners(): Owners {
  const byChunk = new Map<string, Map<number, string>>();
  const places = new Map<number, { readonly base: string; readonly offset: number }>();
  return {
    note: (run, step) => {
      if (step.kind === 'free') {
        const place = places.get(step.name);
        if (place !== undefined) byChunk.get(place.base)?.delete(place.offset);
        places.delete(step.name);
        return;
      }
      const area = run.areas.get(step.name);
      if (area === undefined || step.caller === undefined) return;
      const place = { base: area.chunk.base, offset: area.at * GRANULE };
      const inside = byChunk.get(place.base) ?? new Map<number, string>();
      byChunk.set(place.base, inside.set(place.offset, step.caller));
      places.set(step.name, place);
    },
    at: (base, offset) => byChunk.get(base)?.get(offset) ?? null,
  };
}
