import type { SimulatedPoint } from '../protocol/simulation';
import type { Point } from './pointRun';

/** What limits and where, in sentences: the largest machine first, then where the baseline stops growing. */
export function summarise(first: Point, points: readonly SimulatedPoint[]): string[] {
  const most = Math.max(...points.map(({ cpus }) => cpus));
  const operation = first.parts.map(({ scenario }) => scenario.operation).join(' and ');
  const largest = points.filter(({ cpus }) => cpus === most);
  const others = largest.filter(({ strategy }) => strategy !== 'baseline');
  return [
    ...largest.filter(({ strategy }) => strategy === 'baseline').map((point) => limitSentence(point, operation)),
    ...others.map((point) => gainSentence(point, operation)),
    ...peakSentence(points.filter(({ strategy }) => strategy === 'baseline')),
  ];
}

function limitSentence(point: SimulatedPoint, operation: string): string {
  const rate = `${rounded(point.throughput_per_s)} ${operation} a second`;
  const at = `At ${String(point.cpus)} CPUs`;
  if (point.bottleneck === null) return `${at} no lock limits${busiest(point)}: ${rate}.`;
  const { utilisation } = point.locks[point.bottleneck] ?? { utilisation: 1 };
  return `${at} ${point.bottleneck} is held ${String(Math.round(utilisation * 100))} % of the time and limits to ${rate}; ${String(Math.round(point.waiting_time_share * 100))} % of the busy CPU time is spent waiting.`;
}

/** The lock that is nearest to limiting, where it is held half of the time. */
function busiest(point: SimulatedPoint): string {
  const [hottest] = Object.entries(point.locks).sort(([, a], [, b]) => b.utilisation - a.utilisation);
  if (hottest === undefined || hottest[1].utilisation < 0.5) return '';
  return ` yet (${hottest[0]} is held ${String(Math.round(hottest[1].utilisation * 100))} % of the time)`;
}

function gainSentence(point: SimulatedPoint, operation: string): string {
  const limit = point.bottleneck === null ? `no lock limits${busiest(point)}` : `${point.bottleneck} limits`;
  const { gain_percent: gain } = point;
  const change = gain === null
    ? `${rounded(point.throughput_per_s)} ${operation} a second`
    : `${signed(gain.low)} to ${signed(gain.high)} %`;
  return `With ${point.strategy}: ${change}, ${limit}.`;
}

/** Where the baseline reached 95 % of its best. */
function peakSentence(baseline: readonly SimulatedPoint[]): string[] {
  if (baseline.length < 3) return [];
  const best = Math.max(...baseline.map((point) => point.throughput_per_s));
  const knee = baseline.find((point) => point.throughput_per_s >= 0.95 * best);
  const last = baseline.at(-1);
  if (knee === undefined || last === undefined || knee.cpus === last.cpus) return [];
  const lost = 1 - last.throughput_per_s / best;
  const after = lost > 0.05 ? `; at ${String(last.cpus)} CPUs it is ${String(Math.round(lost * 100))} % below its best` : '';
  return [`The baseline stops growing at about ${String(knee.cpus)} CPUs${after}.`];
}

function signed(percent: number): string {
  const value = Math.round(percent);
  return value > 0 ? `+${String(value)}` : String(value);
}

function rounded(rate: number): string {
  return String(Number(rate.toPrecision(3)));
}
