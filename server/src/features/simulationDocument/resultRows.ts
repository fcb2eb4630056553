import type { SimulationResult } from '../../protocol/simulation';
import { counterError } from '../../protocol/simulationMeasures';

/** One row a point, for CSV: locks as columns of their own. */
export function simulationRows(result: SimulationResult): Record<string, string | number | null>[] {
  const locks = [...new Set(result.points.flatMap((point) => Object.keys(point.locks)))];
  return result.points.map((point) => ({
    scenario: result.scenario,
    kernel: point.kernel,
    machine: point.machine,
    seed: result.seed,
    cpus: point.cpus,
    strategy: point.strategy,
    throughput_per_s: point.throughput_per_s,
    throughput_low: point.throughput_interval.low,
    throughput_high: point.throughput_interval.high,
    band_low: point.throughput_band?.low ?? null,
    band_high: point.throughput_band?.high ?? null,
    gain_percent: point.gain_percent?.mid ?? null,
    latency_p50_ns: point.latency_ns.p50,
    latency_p90_ns: point.latency_ns.p90,
    latency_p99_ns: point.latency_ns.p99,
    latency_p99_9_ns: point.latency_ns.p99_9,
    system_time_share: point.system_time_share,
    waiting_time_share: point.waiting_time_share,
    allocations_per_s: point.allocations_per_s,
    memory_bytes: point.memory_bytes,
    counter_error_bytes: counterError.value(point),
    irqs_off_max_ns: point.irqs_off_max_ns,
    clients: point.clients,
    bottleneck: point.bottleneck,
    ...Object.fromEntries(locks.flatMap((lock) => [
      [`${lock} utilisation`, point.locks[lock]?.utilisation ?? null],
      [`${lock} mean_wait_ns`, point.locks[lock]?.mean_wait_ns ?? null],
    ])),
  }));
}
