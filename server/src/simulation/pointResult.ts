import type { LockLoad, SimulatedPoint } from '../protocol/simulation';
import { counterErrors } from './counterError';
import { mergeLatencies, percentile } from './latencyHistogram';
import { objectBytes, pinnedBytes } from './liveMemory';
import { middle } from './machineLevels';
import type { Plan } from './plan';
import { allocationsPerOperation, modelOf, type Point } from './pointRun';
import type { Measure } from './replication';
import { type Estimate, estimate, significant } from './statistics';

/** Held at least so much of the time, a lock limits. */
const limitingUtilisation = 0.9;

export interface PointRuns {
  /** Replications with every constant in the middle of its interval. */
  readonly replications: readonly Measure[];
  /** Throughput of the runs with drawn constants, one a draw. */
  readonly draws: readonly number[];
}

/** The answer for one point; `baseline` are the same point's runs without a strategy, where there are some. */
export function pointResult(plan: Plan, point: Point, runs: PointRuns, baseline: PointRuns | null): SimulatedPoint {
  const { replications } = runs;
  const throughput = estimate(replications.map(({ throughputPerS }) => throughputPerS));
  const system = estimate(replications.map(({ systemShare }) => systemShare));
  const locks = lockLoads(plan, point, replications);
  const latencies = mergeLatencies(replications.map((run) => run.latencies));
  const at = (share: number): number => significant(percentile(latencies, share), 3);
  const seconds = replications.reduce((sum, { windowNs }) => sum + windowNs, 0) / 1e9;
  return {
    cpus: point.cpus,
    strategy: point.strategy,
    kernel: plan.request.kernel,
    machine: plan.machine.name,
    throughput_per_s: significant(throughput.mean),
    latency_ns: { p50: at(0.5), p90: at(0.9), p99: at(0.99), p99_9: at(0.999) },
    locks: Object.fromEntries(locks),
    system_time_share: significant(system.mean),
    memory_bytes: Math.round(memory(point, replications)),
    throughput_interval: bounds(throughput),
    throughput_band: runs.draws.length === 0 ? null : { low: significant(Math.min(...runs.draws), 3), high: significant(Math.max(...runs.draws), 3) },
    gain_percent: baseline === null ? null : gain(runs, baseline),
    system_time_interval: bounds(system),
    waiting_time_share: significant(mean(replications, ({ spinShare }) => spinShare)),
    allocations_per_s: significant(allocations(plan, point, throughput.mean)),
    irqs_off_max_ns: significant(Math.max(...replications.map(({ irqsOffMaxNs }) => irqsOffMaxNs)), 3),
    clients: point.clients,
    bottleneck: point.clients > 1 ? bottleneck(locks) : null,
    counter_error: counterErrors(point),
    populated_pages_per_s: {
      worker: significant(sum(replications, ({ populatedByWorker }) => populatedByWorker) / seconds, 3),
      tasks: significant(sum(replications, ({ populatedByTask }) => populatedByTask) / seconds, 3),
    },
  };
}

function lockLoads(plan: Plan, point: Point, replications: readonly Measure[]): [string, LockLoad][] {
  const { lockNames } = modelOf(plan, point, middle, 0);
  return lockNames.map((name, lock) => [
    name,
    {
      utilisation: significant(mean(replications, ({ locks }) => locks[lock]?.utilisation ?? 0)),
      mean_wait_ns: significant(mean(replications, ({ locks }) => locks[lock]?.meanWaitNs ?? 0), 3),
    },
  ]);
}

function bottleneck(locks: readonly (readonly [string, LockLoad])[]): string | null {
  const hottest = locks.reduce<readonly [string, LockLoad] | null>(
    (found, lock) => (found === null || lock[1].utilisation > found[1].utilisation ? lock : found),
    null,
  );
  return hottest !== null && hottest[1].utilisation >= limitingUtilisation ? hottest[0] : null;
}

/** Percent more operations than the baseline: middle by the replications, low and high by the draws. */
function gain(runs: PointRuns, baseline: PointRuns): SimulatedPoint['gain_percent'] {
  const mid = percent(mean(runs.replications, ({ throughputPerS }) => throughputPerS), mean(baseline.replications, ({ throughputPerS }) => throughputPerS));
  const drawn = runs.draws.map((value, draw) => percent(value, baseline.draws[draw] ?? value));
  if (drawn.length === 0) return null;
  return { low: significant(Math.min(mid, ...drawn), 3), mid: significant(mid, 3), high: significant(Math.max(mid, ...drawn), 3) };
}

function percent(value: number, before: number): number {
  return (value / before - 1) * 100;
}

function memory(point: Point, replications: readonly Measure[]): number {
  let object = 0;
  return point.parts.reduce((total, { scenario }, part) => {
    const mine = scenario.objects.reduce((bytes, { kept }, index) => {
      const lifeCycle = point.lifeCycles[part]?.[index];
      const live = kept ?? mean(replications, (run) => run.live[object + index] ?? 0);
      return lifeCycle === undefined ? bytes : bytes + live * objectBytes(lifeCycle, point.machine) + pinnedBytes(lifeCycle, point.machine);
    }, 0);
    object += scenario.objects.length;
    return total + mine;
  }, 0);
}

/** Clients of all parts do about the same number of operations only where there is one part; with several, by their share. */
function allocations(plan: Plan, point: Point, throughput: number): number {
  const perOperation = allocationsPerOperation(plan, point, middle);
  const weighted = point.parts.reduce((total, { clients }, part) => total + clients * (perOperation[part] ?? 0), 0);
  return (throughput * weighted) / point.clients;
}

function bounds({ low, high }: Estimate): { low: number; high: number } {
  return { low: significant(low), high: significant(high) };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function mean<T>(items: readonly T[], value: (item: T) => number): number {
  return sum(items, value) / items.length;
}
