import type { ClassTotal, FileProblem, Report, ReportSite, ReportTotals, ReportUnknown } from '../protocol/report';
import { formatKernelVersion } from '../kernel/version';
import { frequencyClasses } from '../resolve/resolvedSite';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { fullFirst } from './hottestLock';
import { unknownSuppressions } from './unknownSuppressions';
import { objectsOf } from './objects';
import { reportSite } from './reportSite';
import { sitesInOrder } from './siteOrder';

const creatingKinds: ReadonlySet<string> = new Set(['alloc', 'init', 'indirect', 'define']);

/** The cost report over a whole tree, ordered by file and place. */
export function reportOf(snapshot: Snapshot): Report {
  const snapshotSites = sitesInOrder(snapshot);
  const sites = snapshotSites.map((site) => reportSite(snapshot, site));
  const { topology, name, calibrated } = snapshot.machine;
  return {
    kernel: formatKernelVersion(snapshot.kernel),
    machine: name,
    calibrated,
    cpus: { possible: topology.possibleCpus, online: topology.onlineCpus },
    totals: totalsOf(sites),
    sites,
    objects: objectsOf(snapshot),
    unknowns: unknownsOf(sites, snapshotSites),
    problems: [...snapshot.problems, ...strangeComments(snapshot)],
  };
}

/**
 * Prices the sites one by one, so that a server can answer others in between; the report over the same snapshot then
 * finds every price remembered.
 */
export function* pricedOneByOne(snapshot: Snapshot): Generator<void> {
  for (const sites of snapshot.sites.values()) {
    for (const site of sites) {
      reportSite(snapshot, site);
      yield;
    }
  }
}

/** A byte is counted at one site: those inside an API's own definition are left to its callers. */
export function countsBytes(site: ReportSite): boolean {
  return creatingKinds.has(site.kind) && site.accounted_by === null;
}

function totalsOf(sites: readonly ReportSite[]): ReportTotals {
  const counted = sites.filter(countsBytes);
  return {
    sites: sites.length,
    files: new Set(sites.map(({ file }) => file)).size,
    footprint: sumOf(counted),
    unknown_sizes: counted.filter(({ footprint }) => footprint === null).length,
    by_class: frequencyClasses.flatMap((name) => classTotal(name, sites)),
    hottest_lock: hottestLock(counted),
  };
}

function classTotal(frequencyClass: string, sites: readonly ReportSite[]): readonly ClassTotal[] {
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

function sumOf(sites: readonly ReportSite[]): number {
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

function strangeComments(snapshot: Snapshot): readonly FileProblem[] {
  return [...snapshot.sites.keys()].flatMap((file) => unknownSuppressions(snapshot, file).map(({ reason }) => ({ file, reason })));
}
