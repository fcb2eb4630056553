/** What of a simulated point is drawn and tabled, the same in the panel and in documents. */
import type { Bounds, SimulatedPoint } from './simulation';

export type MeasureUnit = '1/s' | 'ns' | 'ratio' | 'bytes';

export interface Measure {
  readonly id: string;
  readonly title: string;
  /** What stands at the axis. */
  readonly axis: string;
  readonly unit: MeasureUnit;
  value(point: SimulatedPoint): number | null;
  band(point: SimulatedPoint): Bounds | null;
}

const noBand = (): null => null;

export const throughput: Measure = {
  id: 'throughput', title: 'Throughput', axis: 'operations per second', unit: '1/s',
  value: (point) => point.throughput_per_s,
  band: (point) => point.throughput_band ?? point.throughput_interval,
};

const latencyMeasure = (id: keyof SimulatedPoint['latency_ns'], name: string): Measure => ({
  id: `latency-${id}`, title: `Latency of an operation, ${name}`, axis: 'time in the kernel', unit: 'ns',
  value: (point) => point.latency_ns[id], band: noBand,
});

/** Half of the operations, nine in ten, … are no slower. */
export const latencies: readonly Measure[] = [
  latencyMeasure('p50', 'p50'), latencyMeasure('p90', 'p90'), latencyMeasure('p99', 'p99'), latencyMeasure('p99_9', 'p99.9'),
];

export const waiting: Measure = {
  id: 'waiting', title: 'Busy CPU time spent spinning for locks', axis: 'share of busy time', unit: 'ratio',
  value: (point) => point.waiting_time_share, band: noBand,
};

export const system: Measure = {
  id: 'system', title: 'Busy CPU time in the kernel', axis: 'share of busy time', unit: 'ratio',
  value: (point) => point.system_time_share, band: (point) => point.system_time_interval,
};

export const memory: Measure = {
  id: 'memory', title: 'Percpu memory of what lives and what is pinned', axis: 'memory', unit: 'bytes',
  value: (point) => point.memory_bytes, band: noBand,
};

export const counterError: Measure = {
  id: 'counter-error', title: 'A cheap read of a counter is off by up to', axis: 'bytes', unit: 'bytes',
  value: (point) => point.counter_error.find(({ bytes }) => bytes !== null)?.bytes ?? null, band: noBand,
};

/** Lock `name` held. */
export function utilisation(name: string): Measure {
  return {
    id: `lock ${name}`, title: `${name} held`, axis: 'share of the time', unit: 'ratio',
    value: (point) => point.locks[name]?.utilisation ?? null, band: noBand,
  };
}

export const measures: readonly Measure[] = [throughput, ...latencies, waiting, system, memory, counterError];

/** One line of a chart: a strategy on a kernel on a machine. */
export interface Series {
  readonly strategy: string;
  readonly kernel: string;
  readonly machine: string;
  /** `grouping`, with the kernel or machine where several are side by side. */
  readonly name: string;
  /** By CPUs. */
  readonly points: readonly SimulatedPoint[];
}

/** The lines of a result in the order of its points. */
export function seriesOf(points: readonly SimulatedPoint[]): readonly Series[] {
  const groups = new Map<string, SimulatedPoint[]>();
  for (const point of points) {
    const key = `${point.kernel}\n${point.machine}\n${point.strategy}`;
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  const several = (of: (point: SimulatedPoint) => string): boolean => new Set(points.map(of)).size > 1;
  const [kernels, machines] = [several(({ kernel }) => kernel), several(({ machine }) => machine)];
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { strategy, kernel, machine } = first;
    const name = [strategy, ...(kernels ? [`Linux ${kernel}`] : []), ...(machines ? [machine] : [])].join(', ');
    return [{ strategy, kernel, machine, name, points: [...group].sort((a, b) => a.cpus - b.cpus) }];
  });
}

export function lockNames(points: readonly SimulatedPoint[]): readonly string[] {
  return [...new Set(points.flatMap(({ locks }) => Object.keys(locks)))];
}
