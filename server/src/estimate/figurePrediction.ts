import { type KernelVersion, parseKernelVersion } from '../kernel/version';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import { machineByName } from '../machine/builtIn';
import { machineFrom } from '../machine/description';
import type { MachineProfile } from '../machine/profile';
import { scenarioFactories } from '../scenario/catalogue';
import type { ScenarioFactory } from '../scenario/factory';
import { exactly, type Interval, scale } from '../util/interval';
import { accuracyOf } from '../pricing/accuracy';
import { type Operation, operationOf, spread, throughputOf } from './operation';
import { packedBytes } from './packing';
import type { PublishedFigure } from './validationRow';

export type Prediction =
  | { readonly predicted: Interval; readonly reason: string }
  | { readonly predicted: null; readonly reason: string };

interface Case {
  readonly scenario: ScenarioFactory;
  readonly machine: MachineProfile;
  readonly kernel: KernelVersion;
  readonly clients: number;
  readonly assumptions: Readonly<Record<string, number>>;
}

/** What the model says of the case of a published figure; null with the reason where it says nothing. */
export function predict(row: PublishedFigure): Prediction {
  const where = caseOf(row);
  if (typeof where === 'string') return { predicted: null, reason: where };
  const before = sideOf(where, row.before);
  if (typeof before === 'string') return { predicted: null, reason: before };
  const after = row.after === null ? null : sideOf(where, row.after);
  if (typeof after === 'string') return { predicted: null, reason: after };
  return measured(row, where, before, after);
}

function caseOf(row: PublishedFigure): Case | string {
  const scenario = scenarioFactories.get(row.scenario);
  if (scenario === undefined) return `scenario "${row.scenario}" is not modelled; modelled are ${[...scenarioFactories.keys()].join(', ')}`;
  const machine = typeof row.machine === 'string' ? machineByName(row.machine) : machineFrom('described in the row', row.machine);
  if (machine === undefined) return `no machine "${typeof row.machine === 'string' ? row.machine : ''}"`;
  const kernel = parseKernelVersion(row.kernel);
  if (kernel === undefined) return `"${row.kernel}" is not a kernel version`;
  return { scenario, machine, kernel, clients: Math.max(1, Math.min(row.clients, machine.topology.onlineCpus)), assumptions: row.assumptions ?? {} };
}

/** `kernel:X.Y` among the strategies moves the case to another kernel. */
function sideOf(where: Case, ids: readonly string[]): Operation | string {
  const named = ids.find((id) => id.startsWith('kernel:'));
  const kernel = named === undefined ? where.kernel : parseKernelVersion(named.slice('kernel:'.length));
  if (kernel === undefined) return `"${named ?? ''}" is not a kernel version`;
  const strategies = ids.filter((id) => id !== named && id !== 'baseline');
  const operation = operationOf({ ...where, kernel, strategies });
  if (operation === null) return 'a step has no known price';
  return operation.refused.length === 0 ? operation : operation.refused.join('; ');
}

function measured(row: PublishedFigure, where: Case, before: Operation, after: Operation | null): Prediction {
  const answer = (predicted: Interval, reason: string): Prediction => ({ predicted, reason });
  const on = `${row.scenario} by ${String(where.clients)} on ${where.machine.name}, Linux ${row.kernel}`;
  switch (row.metric) {
    case 'ops_per_s':
      return answer(throughputOf(after ?? before), on);
    case 'allocs_per_s':
      return answer(scale(throughputOf(after ?? before), (after ?? before).allocations), on);
    case 'ns':
      return answer(percpuNs(before, after), `percpu time of one operation, ${on}`);
    case 'bytes':
      return answer(bytes(before, after, where.machine), `percpu memory of one operation, ${on}`);
    case 'error_bytes':
      return errorBytes(after ?? before, where.machine);
    default:
      return after === null ? { predicted: null, reason: `${row.metric} needs "after"` } : answer(change(row.metric, before, after), on);
  }
}

function percpuNs(before: Operation, after: Operation | null): Interval {
  return spread(before.percpuNs.map((ns, at) => ns - (after?.percpuNs[at] ?? 0)));
}

function bytes(before: Operation, after: Operation | null, machine: MachineProfile): Interval {
  const of = (operation: Operation): Interval => packedBytes(operation.lifeCycles.flatMap(({ areas }) => areas), machine.topology.possibleCpus);
  const all = of(before);
  if (after === null) return all;
  const left = of(after);
  return spread([all.low - left.low, all.mid - left.mid, all.high - left.high]);
}

function errorBytes(operation: Operation, machine: MachineProfile): Prediction {
  const counters = operation.lifeCycles.map((one: LifeCycle) => one.counters).find((one) => one !== null);
  const bound = counters === undefined ? null : accuracyOf(counters, machine).strictBytes;
  if (bound === null) return { predicted: null, reason: 'the operation has no counter of memory' };
  return bound.value === null
    ? { predicted: null, reason: bound.note ?? 'no bound' }
    : { predicted: exactly(bound.value.mid), reason: `strict bound of a cheap read on ${String(machine.topology.onlineCpus)} online CPUs` };
}

function change(metric: 'gain_percent' | 'system_time_percent', before: Operation, after: Operation): Interval {
  const values = (operation: Operation): readonly number[] =>
    metric === 'gain_percent' ? operation.solutions.map(({ throughput }) => throughput) : operation.kernelNs;
  const old = values(before);
  return spread(values(after).map((value, at) => 100 * (value / (old[at] ?? NaN) - 1)));
}

