import { treeErrorBound } from '../lifecycle/counterTree';
import type { CounterAccuracy } from '../lifecycle/lifeCycle';
import type { MachineProfile } from '../machine/profile';
import { given, product, type Reason, type Source, unknown } from '../util/reason';

/** What a counter counts, where it is known; else counts of whatever it is. */
export type ErrorUnit = 'pages' | 'bytes' | 'counts';

/** How far a cheap read of one counter can be off, in its units and in bytes; `strict` is never exceeded. */
export interface Accuracy {
  readonly batch: number | null;
  readonly unit: ErrorUnit;
  readonly attainableUnits: Reason;
  readonly strictUnits: Reason;
  /** Null where the counter does not count memory. */
  readonly strictBytes: Reason | null;
  readonly attainableBytes: Reason | null;
}

const batchSource: Source = { kind: 'source code', at: 'lib/percpu_counter.c compute_batch_value (6.12): max(32, 2 x online CPUs)' };
const namedBatch: Source = { kind: 'source code', at: 'the batch that the update names; lib/percpu_counter.c percpu_counter_add_batch (6.12)' };
const taskBatch: Source = { kind: 'source code', at: 'mm/memory.c TASK_RSS_EVENTS_THRESH (6.1)' };
const nodeBatch: Source = { kind: 'message', at: '20250331223516.7810-2-sweettea-kernel@dorminy.me' };

/** Default batch of a percpu_counter (lib/percpu_counter.c compute_batch_value, 6.12). */
export function defaultBatch(onlineCpus: number): number {
  return Math.max(32, 2 * onlineCpus);
}

export function accuracyOf(counters: CounterAccuracy, machine: MachineProfile): Accuracy {
  const { attainable, strict } = errorUnits(counters, machine);
  const unitBytes = counters.inPages === true ? machine.pageSize : counters.unitBytes;
  const unit = counters.inPages === true ? 'pages' : counters.unitBytes === 1 ? 'bytes' : 'counts';
  return {
    unit,
    batch: usesDefaultBatch(counters) ? defaultBatch(machine.topology.onlineCpus) : counters.batch,
    attainableUnits: { ...attainable, label: `largest error of a cheap read, in ${unit}` },
    strictUnits: { ...strict, label: `bound that is never exceeded, in ${unit}` },
    strictBytes: inBytes(strict, unitBytes),
    attainableBytes: inBytes(attainable, unitBytes),
  };
}

function usesDefaultBatch({ scheme, batch, batchUnknown }: CounterAccuracy): boolean {
  return scheme === 'percpu' && batch === null && batchUnknown === undefined;
}

function inBytes(units: Reason, unitBytes: number | null): Reason | null {
  if (unitBytes === null) return null;
  return product('in bytes', 'bytes', [units, given('bytes of a unit', 'bytes', unitBytes, { kind: 'source code', at: 'what the counter counts' })]);
}

function errorUnits(counters: CounterAccuracy, machine: MachineProfile): { attainable: Reason; strict: Reason } {
  const { possibleCpus, onlineCpus, nodes } = machine.topology;
  switch (counters.scheme) {
    case 'percpu': {
      if (counters.batchUnknown !== undefined) return both(unknown('error bound', 'count', counters.batchUnknown));
      const batch = counters.batch ?? defaultBatch(onlineCpus);
      const slots = counters.holders ?? onlineCpus;
      const source = counters.batch === null ? batchSource : namedBatch;
      return { attainable: held(batch - 1, slots, source), strict: held(batch, slots, source) };
    }
    case 'hierarchical':
      return both(given('error bound', 'count', treeErrorBound(possibleCpus, counters.batch ?? 32), { kind: 'paper', at: 'percpu_counter_tree v16: every level can hold back its batch' }));
    case 'per-task':
      return both(held(counters.batch ?? 64, counters.holders ?? 1, taskBatch));
    case 'per-node':
      return both(held(counters.batch ?? 32, nodes, nodeBatch));
    case 'atomic':
      return both(given('error bound', 'count', 0, { kind: 'derived', at: 'one shared value' }));
    case 'unbounded':
      return both(unknown('error bound', 'count', 'percpu_counter_add_local never folds: the read can be off by any amount'));
  }
}

function both(bound: Reason): { attainable: Reason; strict: Reason } {
  return { attainable: bound, strict: bound };
}

function held(batch: number, holders: number, source: Source): Reason {
  return product('error bound', 'count', [
    given('held back by each', 'count', batch, source),
    given('holders', 'count', holders, { kind: 'derived', at: 'online CPUs, threads or nodes' }),
  ]);
}
