import type { SimulatedPoint } from '../../../server/src/protocol/simulation';
import { element } from '../dom';
import { bytes, count, duration, rate, share } from '../format';
import { bandOf, byStrategy, titleOf, type RunState } from './runState';

const headings = ['CPUs', 'Strategy', 'Throughput', 'low – high', 'against baseline', 'Latency p50', 'p99', 'Busiest lock', 'System time', 'Memory'];

/** All figures of the chart and those it does not draw, a row per CPU count and strategy. */
export function resultTable(state: RunState): HTMLElement {
  const strategies = byStrategy(state);
  const baseline = new Map((strategies.get('baseline') ?? []).map((point) => [point.cpus, point.throughput_per_s]));
  const rows = [...strategies]
    .flatMap(([strategy, points]) => points.map((point) => ({ strategy, point })))
    .sort((a, b) => a.point.cpus - b.point.cpus)
    .map(({ strategy, point }) => row(strategy, titleOf(state.plan, strategy), point, baseline.get(point.cpus)));
  const head = element('tr', {}, ...headings.map((text, index) => element('th', { scope: 'col', class: index === 1 ? '' : 'numeric' }, text)));
  return element('table', { class: 'results', id: 'results', 'aria-label': 'Simulated figures' }, element('thead', {}, head), element('tbody', {}, ...rows));
}

function row(strategy: string, title: string, point: SimulatedPoint, baseline: number | undefined): HTMLElement {
  const { latency_ns: latency } = point;
  const band = bandOf(point);
  const cells = [
    rate(point.throughput_per_s),
    `${rate(band.low)} – ${rate(band.high)}`,
    gain(point, baseline),
    duration({ low: latency.p50, mid: latency.p50, high: latency.p50 }),
    duration({ low: latency.p99, mid: latency.p99, high: latency.p99 }),
    busiest(point),
    share(point.system_time_share),
    bytes(point.memory_bytes),
  ];
  return element(
    'tr',
    {},
    element('th', { scope: 'row', class: 'numeric' }, count(point.cpus)),
    element('td', { title }, strategy),
    ...cells.map((text) => element('td', { class: 'numeric' }, text)),
  );
}

/** At the same draws of constants where those were run, else between the two means. */
function gain(point: SimulatedPoint, baseline: number | undefined): string {
  if (point.strategy === 'baseline') return '';
  if (point.gain_percent !== null) return `${signed(point.gain_percent.low)} to ${signed(point.gain_percent.high)} %`;
  if (baseline === undefined || baseline === 0) return '';
  return `${signed(100 * (point.throughput_per_s / baseline - 1))} %`;
}

function signed(percent: number): string {
  const whole = Math.round(percent);
  return whole > 0 ? `+${String(whole)}` : String(whole);
}

function busiest(point: SimulatedPoint): string {
  const [first] = Object.entries(point.locks).sort(([, a], [, b]) => b.utilisation - a.utilisation);
  return first === undefined ? 'none' : `${first[0]} ${share(first[1].utilisation)}`;
}
