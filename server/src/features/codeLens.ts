import type { ReportSite } from '../protocol/report';
import { add, type Interval, zero } from '../util/interval';
import { formatBytes, formatDurations } from '../util/format';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { isHot, triggerWords } from './classWords';
import { reportSite } from './reportSite';

export interface FunctionLens {
  /** The function's name; editors show the lens above its line. */
  readonly offset: number;
  readonly title: string;
  readonly siteId: string;
}

/** One lens for each function that allocates on a hot path: `percpu: 2 areas, 8 KiB, 3 – 12 µs, every fork and exec on 256 CPUs`. */
export function codeLensesOf(snapshot: Snapshot, file: string): readonly FunctionLens[] {
  const groups = new Map<string, { readonly offset: number; readonly sites: ReportSite[] }>();
  for (const snapshotSite of snapshot.sites.get(file) ?? []) {
    const site = reportSite(snapshot, snapshotSite);
    if (site.function === null || site.in_macro || !isCounted(site)) continue;
    const group = groups.get(site.function);
    if (group === undefined) groups.set(site.function, { offset: lensOffset(snapshot, snapshotSite), sites: [site] });
    else group.sites.push(site);
  }
  return [...groups.values()].map(({ offset, sites }) => ({
    offset,
    title: lensTitle(sites, snapshot.machine.topology.possibleCpus),
    siteId: sites[0]?.id ?? '',
  }));
}

function lensOffset(snapshot: Snapshot, { site: { file, fact } }: SnapshotSite): number {
  const around = snapshot.functions
    .get(file)
    ?.find(({ span }) => span.start <= fact.span.start && fact.span.end <= span.end);
  return around?.nameSpan.start ?? fact.span.start;
}

function isCounted(site: ReportSite): boolean {
  return ['alloc', 'init', 'indirect'].includes(site.kind) && site.frequency_class.some(isHot);
}

function lensTitle(sites: readonly ReportSite[], cpus: number): string {
  const areas = `${sites.length} ${sites.length === 1 ? 'area' : 'areas'}`;
  const unknown = sites.filter((site) => site.footprint === null).length;
  const bytes = formatBytes(sites.reduce((sum, site) => sum + (site.footprint ?? 0), 0));
  const size = unknown === 0 ? bytes : `${bytes} + ${unknown} of unknown size`;
  const trigger = triggerWords(sites[0]?.frequency_class[0] ?? 'unknown');
  return `percpu: ${areas}, ${size}, ${timeOf(sites)}, ${trigger} on ${cpus} CPUs`;
}

/** The lens shows the sum of its sites; where one has no time there is none to show. */
function timeOf(sites: readonly ReportSite[]): string {
  const times = sites.map((site) => site.create?.ns ?? null);
  const known = times.filter((time): time is Interval => time !== null);
  return known.length === times.length ? formatDurations(known.reduce(add, zero)) : 'time unknown';
}
