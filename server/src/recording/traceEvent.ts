/**
 * One event of a trace as far as the allocator is concerned. The reader fills the same object again for every line.
 * Tracepoints: include/trace/events/percpu.h (6.1, 6.12); probes: docs/replay.md.
 */
export interface TraceEvent {
  kind: EventKind;
  /** In the unit of the trace's clock: seconds, or a count with the `counter` clock. */
  timestamp: number;
  cpu: number;
  /** Thread id; for the idle threads, which all have id 0, one negative number per CPU. */
  task: number;
  /** True in interrupt or softirq context, as far as the line tells. */
  interrupt: boolean;
  /** Chunk's address in hex without prefix, '' where the event has none. */
  base: string;
  /** Byte offset in the chunk. */
  offset: number;
  /** Function that allocated; '' where the line does not say or nobody asked. */
  caller: string;
  /** Bytes, rounded up by the kernel; 0 where the event has none. */
  size: number;
  /** Bytes, at least 4. */
  align: number;
  atomic: boolean;
  reserved: boolean;
  /** Pages for populated and depopulated. */
  start: number;
  end: number;
  /** `empty_only` of a pass over the free chunks. */
  emptyOnly: boolean;
}

export const eventKinds = [
  'alloc', 'alloc-failed', 'free', 'create', 'destroy',
  'probe-fit', 'probe-area', 'probe-area-return', 'probe-free', 'probe-relocate', 'probe-populated', 'probe-depopulated',
  'probe-balance', 'probe-balance-return', 'probe-trim', 'probe-trim-return', 'mark', 'other',
] as const;

export type EventKind = (typeof eventKinds)[number];

/** Event names as our probe definitions give them, and the kernel's tracepoints. */
export const kindByName: ReadonlyMap<string, EventKind> = new Map([
  ['percpu_alloc_percpu', 'alloc'],
  ['percpu_alloc_percpu_fail', 'alloc-failed'],
  ['percpu_free_percpu', 'free'],
  ['percpu_create_chunk', 'create'],
  ['percpu_destroy_chunk', 'destroy'],
  ['find_fit', 'probe-fit'],
  ['alloc_area', 'probe-area'],
  ['alloc_area_ret', 'probe-area-return'],
  ['free_area', 'probe-free'],
  ['relocate', 'probe-relocate'],
  ['populated', 'probe-populated'],
  ['depopulated', 'probe-depopulated'],
  ['balance', 'probe-balance'],
  ['balance_ret', 'probe-balance-return'],
  ['balance_free', 'probe-trim'],
  ['balance_free_ret', 'probe-trim-return'],
  ['tracing_mark_write', 'mark'],
  ['print', 'mark'],
]);

/** The same probes under any other event name, by the function they stand on. */
export const kindByFunction: ReadonlyMap<string, EventKind> = new Map([
  ['pcpu_find_block_fit', 'probe-fit'],
  ['pcpu_alloc_area', 'probe-area'],
  ['pcpu_free_area', 'probe-free'],
  ['pcpu_chunk_relocate', 'probe-relocate'],
  ['pcpu_chunk_populated', 'probe-populated'],
  ['pcpu_chunk_depopulated', 'probe-depopulated'],
  ['pcpu_balance_workfn', 'probe-balance'],
  ['pcpu_balance_free', 'probe-trim'],
]);

export function blankEvent(): TraceEvent {
  return {
    kind: 'other', timestamp: 0, cpu: 0, task: 0, interrupt: false, base: '', offset: 0, caller: '', size: 0,
    align: 0, atomic: false, reserved: false, start: 0, end: 0, emptyOnly: false,
  };
}

/** Probes stand inside the lock, tracepoints of allocations behind it. */
export function isProbe(kind: EventKind): boolean {
  return kind.startsWith('probe-');
}
