import type { SimulateParams } from '../../../server/src/protocol/simulationRequests';
import { loadFields, textOfLoad } from '../siteLoad';
import type { SimulatedPoint, SiteLoad } from '../../../server/src/protocol/simulation';
import { seriesOf } from '../../../server/src/protocol/simulationMeasures';
import { element } from '../dom';
import { duration, rate, share } from '../format';
import type { StoredRun } from '../messages';
import { dataTable } from './chartTable';
import { signed } from './resultTable';
import { t } from '../l10n';

/** What was asked differently of two runs, and how their figures differ at the points that both have. */
export function comparison(one: StoredRun, other: StoredRun): HTMLElement[] {
  const asked = differences(one.plan.params, other.plan.params);
  const rows = commonPoints(one, other).map(([name, a, b]) => [
    String(a.cpus), name, rate(b.throughput_per_s), rate(a.throughput_per_s), `${signed(100 * (a.throughput_per_s / b.throughput_per_s - 1))} %`,
    time(b.latency_ns.p99), time(a.latency_ns.p99), limit(b), limit(a),
  ]);
  const head = [t('CPUs'), t('Line'), t('Throughput beside'), t('here'), t('change'), t('p99 beside'), t('here'), t('Limit beside'), t('here')];
  return [
    element('h2', {}, t('What differs')),
    element('ul', {}, ...(asked.length === 0 ? [t('nothing that was asked')] : asked).map((text) => element('li', {}, text))),
    rows.length === 0 ? element('p', { class: 'muted' }, t('The two results have no point in common: no line at the same CPU count.')) : dataTable(t('Points that both have'), head, rows, 7),
  ];
}

/** Points of lines of one name and count; where each run has one kernel and machine, these may differ. */
function commonPoints(one: StoredRun, other: StoredRun): [string, SimulatedPoint, SimulatedPoint][] {
  const beside = new Map(seriesOf(other.points).flatMap(({ name, points }) => points.map((point) => [`${name}\n${String(point.cpus)}`, point] as const)));
  const pairs = seriesOf(one.points).flatMap(({ name, points }) => points.flatMap((point): [string, SimulatedPoint, SimulatedPoint][] => {
    const same = beside.get(`${name}\n${String(point.cpus)}`);
    return same === undefined ? [] : [[name, point, same]];
  }));
  return pairs.sort(([, a], [, b]) => a.cpus - b.cpus);
}

function time(ns: number): string {
  return duration({ low: ns, mid: ns, high: ns });
}

function limit({ bottleneck, locks }: SimulatedPoint): string {
  return bottleneck === null ? t('no lock') : `${bottleneck} ${share(locks[bottleneck]?.utilisation ?? 1)}`;
}

function differences(here: SimulateParams, beside: SimulateParams): string[] {
  const keys = ['scenario', 'siteId', 'kernels', 'machines', 'cpus', 'strategies', 'seed', 'replications'] as const;
  const plain = keys.filter((key) => text(here[key]) !== text(beside[key])).map((key) => `${words[key]}: ${text(beside[key])} → ${text(here[key])}`);
  const load = loadDifferences(here.load, beside.load);
  const [now, before] = [here.assumptions ?? {}, beside.assumptions ?? {}];
  const ids = [...new Set([...Object.keys(now), ...Object.keys(before)])].filter((id) => now[id] !== before[id]);
  return [...plain, ...load, ...ids.map((id) => `${id}: ${text(before[id])} → ${text(now[id])}`)];
}

const words = {
  scenario: 'scenario', siteId: 'site', kernels: 'kernels', machines: 'machines', cpus: 'CPUs', strategies: 'strategies', seed: 'seed', replications: 'runs a point',
} as const;

function loadDifferences(here: SiteLoad | undefined, beside: SiteLoad | undefined): string[] {
  if (here === undefined || beside === undefined) return [];
  const [now, before] = [textOfLoad(here), textOfLoad(beside)];
  return loadFields.filter(({ id }) => now[id] !== before[id]).map(({ id, label, empty }) => `${label}: ${before[id] || empty} → ${now[id] || empty}`);
}

function text(value: unknown): string {
  if (value === undefined || value === null) return t('as it was');
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}
