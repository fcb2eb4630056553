import type { ReportSite } from '../protocol/report';
import { add, type Interval, zero } from '../util/interval';
import { formatBytes, formatDurations } from '../util/format';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { isHot, triggerWords } from './classWords';
import { countsBytes } from './report';
import { reportSite } from './reportSite';

export interface FileLens {
  /** What it is about, by a name that outlives edits: a function, or the file. */
  readonly key: string;
  /** Editors show the lens above the line of this place: a function's name, or the file's start. */
  readonly offset: number;
  readonly title: string;
  readonly siteId: string;
}

/**
 * One lens for each function that allocates on a hot path (`percpu: 2 areas, 8 KiB, 3 – 12 µs, every fork and exec on
 * 256 CPUs`), and before them one for the file, which counts every byte once.
 */
export function codeLensesOf(snapshot: Snapshot, file: string): readonly FileLens[] {
  const groups = new Map<string, { readonly offset: number; readonly sites: ReportSite[] }>();
  const all: ReportSite[] = [];
  for (const snapshotSite of snapshot.sites.get(file) ?? []) {
    const site = reportSite(snapshot, snapshotSite);
    all.push(site);
    if (site.function === null || site.in_macro || !isCounted(site)) continue;
    const group = groups.get(site.function);
    if (group === undefined) groups.set(site.function, { offset: lensOffset(snapshot, snapshotSite), sites: [site] });
    else group.sites.push(site);
  }
  const cpus = snapshot.machine.topology.possibleCpus;
  const functions = [...groups].map(([name, { offset, sites }]) => ({ key: `function ${name}`, offset, title: lensTitle(sites, cpus), siteId: sites[0]?.id ?? '' }));
  return functions.length === 0 ? [] : [fileLens(all, cpus), ...functions];
}

function fileLens(sites: readonly ReportSite[], cpus: number): FileLens {
  const counted = sites.filter((site) => isCreating(site) && countsBytes(site));
  return { key: 'file', offset: 0, title: `percpu in this file: ${sizeText(counted)} on ${cpus} possible CPUs, one execution each`, siteId: counted[0]?.id ?? '' };
}

function lensOffset(snapshot: Snapshot, { site: { file, fact } }: SnapshotSite): number {
  const around = snapshot.functions
    .get(file)
    ?.find(({ span }) => span.start <= fact.span.start && fact.span.end <= span.end);
  return around?.nameSpan.start ?? fact.span.start;
}

/** What an API asks for inside with a size that its callers give is no unknown of its own. */
function isCounted(site: ReportSite): boolean {
  return isCreating(site) && site.frequency_class.some(isHot) && !(site.footprint === null && site.accounted_by !== null);
}

function isCreating({ kind }: ReportSite): boolean {
  return ['alloc', 'init', 'indirect'].includes(kind);
}

function lensTitle(sites: readonly ReportSite[], cpus: number): string {
  const trigger = triggerWords(sites[0]?.frequency_class[0] ?? 'unknown');
  return `percpu: ${sizeText(sites)}, ${timeOf(sites)}, ${trigger} on ${cpus} CPUs`;
}

/** `2 areas, 8 KiB + 1 of unknown size`. */
function sizeText(sites: readonly ReportSite[]): string {
  const areas = `${sites.length} ${sites.length === 1 ? 'area' : 'areas'}`;
  const unknown = sites.filter((site) => site.footprint === null).length;
  const bytes = formatBytes(sites.reduce((sum, site) => sum + (site.footprint ?? 0), 0));
  return `${areas}, ${unknown === 0 ? bytes : `${bytes} + ${unknown} of unknown size`}`;
}

/** The lens shows the sum of its sites; where one has no time there is none to show. */
function timeOf(sites: readonly ReportSite[]): string {
  const times = sites.map((site) => site.create?.ns ?? null);
  const known = times.filter((time): time is Interval => time !== null);
  return known.length === times.length ? formatDurations(known.reduce(add, zero)) : 'time unknown';
}
