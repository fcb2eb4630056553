import type { ClassTotal, FileProblem, Report, ReportSite, ReportTotals, ReportUnknown } from '../protocol/report';
import { formatKernelVersion } from '../kernel/version';
import { frequencyClasses } from '../resolve/resolvedSite';
import { atOnce } from '../util/turns';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { fullFirst } from './hottestLock';
import { unknownSuppressions } from './unknownSuppressions';
import { objectsInTurns } from './objects';
import { reportSite } from './reportSite';
import { sitesInOrder } from './siteOrder';

const creatingKinds: ReadonlySet<string> = new Set(['alloc', 'init', 'indirect', 'define']);

/** The cost report over a whole tree, ordered by file and place. */
export function reportOf(snapshot: Snapshot): Report {
  return atOnce(reportInTurns(snapshot));
}

/** The same made bit by bit, so that a server can answer others in between. */
export function* reportInTurns(snapshot: Snapshot): Generator<void, Report> {
  const snapshotSites = sitesInOrder(snapshot);
  const sites: ReportSite[] = [];
  for (const site of snapshotSites) {
    sites.push(reportSite(snapshot, site));
    yield;
  }
  const objects = yield* objectsInTurns(snapshot);
  const { topology, name, calibrated } = snapshot.machine;
  return {
    kernel: formatKernelVersion(snapshot.kernel),
    machine: name,
    calibrated,
    cpus: { possible: topology.possibleCpus, online: topology.onlineCpus },
    totals: totalsOf(sites, hottestLock(sites.filter(countsBytes))),
    sites,
    objects,
    unknowns: unknownsOf(sites, snapshotSites),
    problems: problemsOf(snapshot),
  };
}

/** A byte is counted at one site: those inside an API's own definition are left to its callers. */
export function countsBytes(site: CountedSite): boolean {
  return creatingKinds.has(site.kind) && site.accounted_by === null;
}

/** What totals are summed from. */
export type CountedSite = Pick<ReportSite, 'kind' | 'file' | 'footprint' | 'accounted_by' | 'frequency_class'>;

export function totalsOf(sites: readonly CountedSite[], hottest: ReportTotals['hottest_lock']): ReportTotals {
  const counted = sites.filter(countsBytes);
  return {
    sites: sites.length,
    files: new Set(sites.map(({ file }) => file)).size,
    footprint: sumOf(counted),
    unknown_sizes: counted.filter(({ footprint }) => footprint === null).length,
    by_class: frequencyClasses.flatMap((name) => classTotal(name, sites)),
    hottest_lock: hottest,
  };
}

function classTotal(frequencyClass: string, sites: readonly CountedSite[]): readonly ClassTotal[] {
  const own = sites.filter((site) => site.frequency_class[0] === frequencyClass);
  if (own.length === 0) return [];
  const counted = own.filter(countsBytes);
  return [
    {
      frequency_class: frequencyClass,
      sites: own.length,
      footprint: sumOf(counted),
      unknown_sizes: counted.filter(({ footprint }) => footprint === null).length,
    },
  ];
}

function sumOf(sites: readonly CountedSite[]): number {
  return sites.reduce((sum, { footprint }) => sum + (footprint ?? 0), 0);
}

function hottestLock(sites: readonly ReportSite[]): ReportTotals['hottest_lock'] {
  return fullFirst(sites.map(({ contention, frequency_class: classes }) => ({
    classes, knee: contention?.knee_cpus ?? null, bottleneck: contention?.bottleneck ?? null, assumption: contention?.assumption ?? '',
  })));
}

function unknownsOf(sites: readonly ReportSite[], settled: readonly SnapshotSite[]): readonly ReportUnknown[] {
  return sites.flatMap((site, index) => {
    if (settled[index]?.settled === false) return [{ site: site.id, what: 'size' as const, reason: 'still being resolved' }];
    const unknowns: ReportUnknown[] = [];
    if (countsBytes(site) && site.size === null) unknowns.push({ site: site.id, what: 'size', reason: site.size_reason });
    if (creatingKinds.has(site.kind) && site.frequency_class[0] === 'unknown') {
      unknowns.push({ site: site.id, what: 'class', reason: 'no chain of calls to a known root was found' });
    }
    return unknowns;
  });
}

/** Files that could not be read or understood, and comments that name nothing that there is. */
export function problemsOf(snapshot: Snapshot): readonly FileProblem[] {
  const strange = [...snapshot.sites.keys()].flatMap((file) => unknownSuppressions(snapshot, file).map(({ reason }) => ({ file, reason })));
  return [...snapshot.problems, ...strange];
}
