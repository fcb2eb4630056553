import type { SimulatedPoint, SimulationResult } from '../protocol/simulation';

/** One row a point, for CSV: locks as columns of their own. */
export function simulationRows(result: SimulationResult): Record<string, string | number | null>[] {
  const locks = [...new Set(result.points.flatMap((point) => Object.keys(point.locks)))];
  return result.points.map((point) => ({
    scenario: result.scenario,
    kernel: result.kernel,
    machine: result.machine,
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
    latency_p99_ns: point.latency_ns.p99,
    system_time_share: point.system_time_share,
    waiting_time_share: point.waiting_time_share,
    allocations_per_s: point.allocations_per_s,
    memory_bytes: point.memory_bytes,
    bottleneck: point.bottleneck,
    ...Object.fromEntries(locks.flatMap((lock) => [
      [`${lock} utilisation`, point.locks[lock]?.utilisation ?? null],
      [`${lock} mean_wait_ns`, point.locks[lock]?.mean_wait_ns ?? null],
    ])),
  }));
}

/** For people: what limits, a table of the points, what it rests on. */
export function simulationText(result: SimulationResult): string {
  const head = `${result.scenario}, Linux ${result.kernel}, ${result.machine}, seed ${String(result.seed)}`;
  const assumptions = result.assumptions.map(({ id, label, unit, low, mid, high, changed }) => {
    const value = changed === null ? spread(low, mid, high) : `${String(changed)} (set)`;
    return `  ${id}: ${label}: ${value}${unit === 'ns' ? ' ns' : ''}`;
  });
  return [
    head, '', ...result.summary, '', textTable(result.points.map(tableRow)),
    'Assumptions', ...assumptions, '', 'Notes', ...result.notes.map((note) => `  ${note}`), '',
  ].join('\n');
}

function tableRow(point: SimulatedPoint): Record<string, string> {
  const { throughput_band: band, gain_percent: gain } = point;
  return {
    CPUs: String(point.cpus),
    strategy: point.strategy,
    'per second': String(point.throughput_per_s),
    'with constants drawn': band === null ? '' : `${String(band.low)}…${String(band.high)}`,
    'gain %': gain === null ? '' : spread(gain.low, gain.mid, gain.high),
    'p50 us': String(Number((point.latency_ns.p50 / 1000).toPrecision(3))),
    'p99 us': String(Number((point.latency_ns.p99 / 1000).toPrecision(3))),
    'system %': String(Math.round(point.system_time_share * 100)),
    'waiting %': String(Math.round(point.waiting_time_share * 100)),
    'MiB percpu': (point.memory_bytes / 1048576).toPrecision(3),
    limit: point.bottleneck ?? '-',
  };
}

function spread(low: number, mid: number, high: number): string {
  return low === high ? String(mid) : `${String(mid)} (${String(low)}…${String(high)})`;
}

/** Columns as wide as their widest entry, two spaces between. */
export function textTable(rows: readonly object[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const columns = Object.keys(first);
  const cells = rows.map((row) => columns.map((column) => cellText((row as Readonly<Record<string, unknown>>)[column])));
  const widths = columns.map((column, index) => Math.max(column.length, ...cells.map((line) => line[index]?.length ?? 0)));
  const lines = [columns, ...cells].map((line) => line.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ').trimEnd());
  return `${lines.join('\n')}\n`;
}

function cellText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
