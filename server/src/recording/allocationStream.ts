import { GRANULE } from '../allocator/chunk';
import type { StreamStep } from '../allocator/scenarioRun';
import { liveAreas } from '../allocator/whatIf';
import { newLineParser } from './lineParser';
import type { ReplayOptions } from './replay';
import { allocatorFrom, readStateFile } from './stateFile';
import { blankEvent, type TraceEvent } from './traceEvent';
import { textBlocks } from './traceText';

/** A recording as a stream that can be run on another machine: what was live at the start, then what happened. */
export interface AllocationStream {
  readonly start: readonly StreamStep[];
  readonly steps: readonly StreamStep[];
}

export type StreamAnswer =
  | { readonly ok: true; readonly stream: AllocationStream }
  | { readonly ok: false; readonly error: string };

/** Reads the tracepoints of a trace as steps, in their order. The whole stream is held in memory. */
export async function readStream(options: Pick<ReplayOptions, 'trace' | 'state' | 'from' | 'to'>): Promise<StreamAnswer> {
  const state = readStateFile(options.state);
  if (!state.ok) return { ok: false, error: `${options.state}: ${state.error}` };
  const names = newNames();
  const start = liveAreas(allocatorFrom(state.state), names.allocated);
  const steps: StreamStep[] = [];
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = options;
  const parser = newLineParser(true);
  const event = blankEvent();
  try {
    for await (const bytes of textBlocks(options.trace)) {
      for (let at = 0; at < bytes.length; ) {
        const newline = bytes.indexOf(10, at);
        const end = newline === -1 ? bytes.length : newline;
        if (parser.parse(bytes, at, end, event) && event.timestamp > from && event.timestamp < to) addStep(steps, event, names);
        at = end + 1;
      }
    }
  } catch (error) {
    return { ok: false, error: `${options.trace}: ${error instanceof Error ? error.message : String(error)}` };
  }
  return { ok: true, stream: { start, steps } };
}

/** Names for areas: each allocation a new one, a free that of what was last allocated at its place. */
interface Names {
  readonly allocated: (base: string, offset: number) => number;
  readonly freed: (base: string, offset: number) => number | null;
}

function newNames(): Names {
  const byPlace = new Map<string, number>();
  let next = 0;
  return {
    allocated: (base, offset) => {
      next += 1;
      byPlace.set(`${base}+${offset}`, next);
      return next;
    },
    freed: (base, offset) => {
      const place = `${base}+${offset}`;
      const name = byPlace.get(place) ?? null;
      byPlace.delete(place);
      return name;
    },
  };
}

function addStep(steps: StreamStep[], event: TraceEvent, names: Names): void {
  if (event.kind === 'alloc') {
    const { size, atomic, reserved, base, offset, caller } = event;
    steps.push({ kind: 'alloc', name: names.allocated(base, offset), ...(caller === '' ? {} : { caller }), size, align: Math.max(event.align, GRANULE), atomic, reserved });
  } else if (event.kind === 'free') {
    const name = names.freed(event.base, event.offset);
    if (name !== null) steps.push({ kind: 'free', name });
  }
}
