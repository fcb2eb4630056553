import { treeErrorBound } from '../lifecycle/counterTree';
import type { CounterAccuracy } from '../lifecycle/lifeCycle';
import type { MachineProfile } from '../machine/profile';
import { given, product, type Reason, unknown } from '../util/reason';

/** How far a cheap read of one counter can be off, in its units and in bytes; `strict` is never exceeded. */
export interface Accuracy {
  readonly batch: number | null;
  readonly attainableUnits: Reason;
  readonly strictUnits: Reason;
  /** Null where the counter does not count memory. */
  readonly strictBytes: Reason | null;
  readonly attainableBytes: Reason | null;
}

const batchSource = { kind: 'source code', at: 'lib/percpu_counter.c compute_batch_value (6.12): max(32, 2 x online CPUs)' } as const;

/** Default batch of a percpu_counter (lib/percpu_counter.c compute_batch_value, 6.12). */
export function defaultBatch(onlineCpus: number): number {
  return Math.max(32, 2 * onlineCpus);
}

export function accuracyOf(counters: CounterAccuracy, machine: MachineProfile): Accuracy {
  const { attainable, strict } = errorUnits(counters, machine);
  const unitBytes = counters.inPages === true ? machine.pageSize : counters.unitBytes;
  return {
    batch: counters.scheme === 'percpu' ? (counters.batch ?? defaultBatch(machine.topology.onlineCpus)) : counters.batch,
    attainableUnits: attainable,
    strictUnits: strict,
    strictBytes: inBytes(strict, unitBytes),
    attainableBytes: inBytes(attainable, unitBytes),
  };
}

function inBytes(units: Reason, unitBytes: number | null): Reason | null {
  if (unitBytes === null) return null;
  return product('in bytes', 'bytes', [units, given('bytes of a unit', 'bytes', unitBytes, { kind: 'source code', at: 'what the counter counts' })]);
}

function errorUnits(counters: CounterAccuracy, machine: MachineProfile): { attainable: Reason; strict: Reason } {
  const { possibleCpus, onlineCpus, nodes } = machine.topology;
  switch (counters.scheme) {
    case 'percpu': {
      const batch = counters.batch ?? defaultBatch(onlineCpus);
      const slots = counters.holders ?? onlineCpus;
      return { attainable: held(batch - 1, slots), strict: held(batch, slots) };
    }
    case 'hierarchical':
      return both(given('error bound', 'count', treeErrorBound(possibleCpus, counters.batch ?? 32), { kind: 'paper', at: 'percpu_counter_tree v16: every level can hold back its batch' }));
    case 'per-task':
      return both(held(counters.batch ?? 64, counters.holders ?? 1));
    case 'per-node':
      return both(held(counters.batch ?? 32, nodes));
    case 'atomic':
      return both(given('error bound', 'count', 0, { kind: 'derived', at: 'one shared value' }));
    case 'unbounded':
      return both(unknown('error bound', 'count', 'percpu_counter_add_local never folds: the read can be off by any amount'));
  }
}

function both(bound: Reason): { attainable: Reason; strict: Reason } {
  return { attainable: bound, strict: bound };
}

function held(batch: number, holders: number): Reason {
  return product('error bound', 'count', [
    given('held back by each', 'count', batch, batchSource),
    given('holders', 'count', holders, { kind: 'derived', at: 'online CPUs, threads or nodes' }),
  ]);
}
