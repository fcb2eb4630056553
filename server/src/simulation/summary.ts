import type { SimulatedPoint } from '../protocol/simulation';
import { formatDuration, formatShare } from '../util/format';

/** What limits and where, in sentences: the largest machine first, then where strategies pay and the baseline stops growing. */
export function summarise(operation: string, points: readonly SimulatedPoint[]): string[] {
  const variants = variantsOf(points);
  const named = variants.length > 1;
  return [
    ...variants.flatMap((variant) => variantSentences(variant, operation, named)),
    ...comparison(variants, operation),
  ];
}

/** A kernel on a machine. */
interface Variant {
  readonly name: string;
  readonly points: readonly SimulatedPoint[];
}

function variantsOf(points: readonly SimulatedPoint[]): readonly Variant[] {
  const variants = new Map<string, SimulatedPoint[]>();
  for (const point of points) {
    const name = `Linux ${point.kernel} on ${point.machine}`;
    variants.set(name, [...(variants.get(name) ?? []), point]);
  }
  return [...variants].map(([name, own]) => ({ name, points: own }));
}

function variantSentences({ name, points }: Variant, operation: string, named: boolean): readonly string[] {
  const largest = atMost(points);
  const baseline = points.filter(({ strategy }) => strategy === 'baseline');
  const others = largest.filter(({ strategy }) => strategy !== 'baseline');
  const sentences = [
    ...largest.filter(({ strategy }) => strategy === 'baseline').map((point) => limitSentence(point, operation)),
    ...others.map((point) => gainSentence(point, points, operation)),
    ...peakSentence(baseline),
  ];
  return named ? sentences.map((sentence) => `${name}: ${sentence}`) : sentences;
}

function atMost(points: readonly SimulatedPoint[]): readonly SimulatedPoint[] {
  const most = Math.max(...points.map(({ cpus }) => cpus));
  return points.filter(({ cpus }) => cpus === most);
}

function limitSentence(point: SimulatedPoint, operation: string): string {
  const rate = `${rounded(point.throughput_per_s)} ${operation} a second`;
  const at = `At ${cpusText(point.cpus)}`;
  if (point.bottleneck === null) return `${at} no lock limits${busiest(point)}: ${rate}.`;
  const { utilisation, mean_wait_ns: wait } = point.locks[point.bottleneck] ?? { utilisation: 1, mean_wait_ns: 0 };
  return `${at} ${point.bottleneck} is held ${formatShare(utilisation)} of the time and limits to ${rate}; whoever asks for it waits ${formatDuration(wait)} on average, and ${formatShare(point.waiting_time_share)} of the busy CPU time is spent spinning.`;
}

/** The lock that is nearest to limiting, where it is held half of the time. */
function busiest(point: SimulatedPoint): string {
  const [hottest] = Object.entries(point.locks).sort(([, a], [, b]) => b.utilisation - a.utilisation);
  if (hottest === undefined || hottest[1].utilisation < 0.5) return '';
  return ` yet (${hottest[0]} is held ${formatShare(hottest[1].utilisation)} of the time)`;
}

function gainSentence(point: SimulatedPoint, all: readonly SimulatedPoint[], operation: string): string {
  const limit = point.bottleneck === null ? `no lock limits${busiest(point)}` : `${point.bottleneck} limits`;
  const { gain_percent: gain } = point;
  const change = gain === null
    ? `${rounded(point.throughput_per_s)} ${operation} a second`
    : `${signed(gain.low)} to ${signed(gain.high)} %`;
  return `With ${point.strategy}: ${change}, ${limit}${paysFrom(point, all)}.`;
}

/** The count of the sweep from which on every drawn constant leaves a gain. */
function paysFrom({ strategy }: SimulatedPoint, all: readonly SimulatedPoint[]): string {
  const mine = all.filter((point) => point.strategy === strategy && point.gain_percent !== null);
  if (mine.length < 2) return '';
  const lastWithout = mine.findLastIndex(({ gain_percent: gain }) => (gain?.low ?? 0) <= 0);
  const first = mine[lastWithout + 1];
  if (first === undefined) return '; at no CPU count of the sweep is the gain beyond what is unknown';
  return lastWithout < 0 ? '; it gains at every CPU count of the sweep' : `; it gains from ${cpusText(first.cpus)} on, whatever the constants in their intervals`;
}

/** Where the baseline reached 95 % of its best. */
function peakSentence(baseline: readonly SimulatedPoint[]): string[] {
  if (baseline.length < 3) return [];
  const best = Math.max(...baseline.map((point) => point.throughput_per_s));
  const knee = baseline.find((point) => point.throughput_per_s >= 0.95 * best);
  const last = baseline.at(-1);
  if (knee === undefined || last === undefined || knee.cpus === last.cpus) return [];
  const lost = 1 - last.throughput_per_s / best;
  const after = lost > 0.05 ? `; at ${cpusText(last.cpus)} it is ${formatShare(lost)} below its best` : '';
  return [`The baseline stops growing at about ${cpusText(knee.cpus)}${after}.`];
}

/** The first kernel and machine against the others at the largest count, as the kernel is. */
function comparison(variants: readonly Variant[], operation: string): readonly string[] {
  const [first, ...others] = variants.map(({ name, points }) => ({ name, point: atMost(points).find(({ strategy }) => strategy === 'baseline') }));
  if (first?.point === undefined) return [];
  const { throughput_per_s: base, cpus } = first.point;
  return others.flatMap(({ name, point }) =>
    point === undefined ? [] : [`At ${cpusText(cpus)} ${name} does ${compared(point.throughput_per_s / base, operation)} ${first.name}.`],
  );
}

function compared(ratio: number, operation: string): string {
  const change = Math.round(100 * (ratio - 1));
  if (change === 0) return `as many ${operation} a second, within 1 %, as`;
  return `${String(Math.abs(change))} % ${change > 0 ? 'more' : 'fewer'} ${operation} a second than`;
}

function cpusText(cpus: number): string {
  return cpus === 1 ? '1 CPU' : `${String(cpus)} CPUs`;
}

function signed(percent: number): string {
  const value = Math.round(percent);
  return value > 0 ? `+${String(value)}` : String(value);
}

function rounded(rate: number): string {
  return Number(rate.toPrecision(3)).toLocaleString('en-US');
}
