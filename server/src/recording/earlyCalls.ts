import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { GRANULE } from '../allocator/chunk';
import { baseName } from './stateFile';
import { blankEvent, type TraceEvent } from './traceEvent';

/**
 * Calls of the allocator taken with breakpoints, before ftrace can see them: a JSON object with a list `events` of
 * `{ev: "alloc", size_arg, align_arg, reserved, gfp, base_addr, off}` and `{ev: "free", base_addr, off}`.
 */
interface RecordedCall {
  readonly ev?: unknown;
  readonly size_arg?: unknown;
  readonly align_arg?: unknown;
  readonly reserved?: unknown;
  readonly gfp?: unknown;
  readonly base_addr?: unknown;
  readonly off?: unknown;
}

/** A request may sleep when it has this bit. Kernel: ___GFP_DIRECT_RECLAIM (6.1, 6.12). */
const DIRECT_RECLAIM = 0x400;

/** The calls of such a file as events, numbered from 1; null when it is none. Throws what the file system throws. */
export function readEarlyCalls(path: string): TraceEvent[] | null {
  const bytes = readFileSync(path);
  const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes).toString() : bytes.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { events } = (value ?? {}) as { readonly events?: unknown };
  if (!Array.isArray(events)) return null;
  return events.map((call, index) => eventOf(call as RecordedCall, index + 1));
}

function eventOf(call: RecordedCall, number: number): TraceEvent {
  const size = Number(call.size_arg ?? 0);
  return {
    ...blankEvent(),
    kind: call.ev === 'alloc' ? 'alloc' : call.ev === 'free' ? 'free' : 'other',
    timestamp: number,
    task: -1,
    base: baseName(String(call.base_addr)),
    offset: Number(call.off),
    size: Math.ceil(size / GRANULE) * GRANULE,
    align: Math.max(Number(call.align_arg ?? GRANULE), GRANULE),
    atomic: (Number(call.gfp ?? DIRECT_RECLAIM) & DIRECT_RECLAIM) === 0,
    reserved: Boolean(call.reserved),
  };
}
