import type { SimulatedPoint } from '../../../server/src/protocol/simulation';
import { seriesOf } from '../../../server/src/protocol/simulationMeasures';
import type { StoredRun } from '../messages';
import { bytes, count, duration, rate, share } from '../format';
import { dataTable } from './chartTable';
import { t } from '../l10n';

const headings = [t('CPUs'), t('Strategy'), t('Throughput'), t('low – high'), t('against baseline'), 'p50', 'p99', t('Busiest lock'), t('Spinning'), t('In the kernel'), t('Memory'), t('Interrupts off, at most'), t('Allocations')];

/** All figures of the charts and those that none draws, a row per CPU count and line. */
export function resultTable(run: StoredRun): HTMLElement {
  const rows = seriesOf(run.points)
    .flatMap(({ name, points }) => points.map((point) => ({ name, point })))
    .sort((a, b) => a.point.cpus - b.point.cpus)
    .map(({ name, point }) => rowOf(name, point, baselineOf(point, run.points)));
  const node = dataTable(t('All figures'), headings, rows);
  node.id = 'results';
  return node;
}

function baselineOf({ cpus, kernel, machine }: SimulatedPoint, points: readonly SimulatedPoint[]): SimulatedPoint | undefined {
  return points.find((one) => one.strategy === 'baseline' && one.cpus === cpus && one.kernel === kernel && one.machine === machine);
}

function rowOf(name: string, point: SimulatedPoint, baseline: SimulatedPoint | undefined): string[] {
  const band = point.throughput_band ?? point.throughput_interval;
  return [
    count(point.cpus),
    name,
    rate(point.throughput_per_s),
    `${rate(band.low)} – ${rate(band.high)}`,
    gain(point, baseline),
    time(point.latency_ns.p50),
    time(point.latency_ns.p99),
    busiest(point),
    share(point.waiting_time_share),
    share(point.system_time_share),
    bytes(point.memory_bytes),
    time(point.irqs_off_max_ns),
    rate(point.allocations_per_s),
  ];
}

function time(ns: number): string {
  return duration({ low: ns, mid: ns, high: ns });
}

/** At the same draws of constants where those were run, else between the two means. */
function gain(point: SimulatedPoint, baseline: SimulatedPoint | undefined): string {
  if (point.strategy === 'baseline') return '';
  if (point.gain_percent !== null) return `${signed(point.gain_percent.low)} to ${signed(point.gain_percent.high)} %`;
  if (baseline === undefined || baseline.throughput_per_s === 0) return '';
  return `${signed(100 * (point.throughput_per_s / baseline.throughput_per_s - 1))} %`;
}

export function signed(percent: number): string {
  const whole = Math.round(percent);
  return whole > 0 ? `+${String(whole)}` : String(whole);
}

function busiest(point: SimulatedPoint): string {
  const [first] = Object.entries(point.locks).sort(([, a], [, b]) => b.utilisation - a.utilisation);
  return first === undefined ? 'none' : `${first[0]} ${share(first[1].utilisation)}`;
}
