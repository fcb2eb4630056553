import { isHot } from '../features/classWords';
import { costOfShape, shapeOf } from '../features/prices';
import { countsBytes, totalsOf, type CountedSite } from '../features/report';
import { footprintOf } from '../features/reportSite';
import { sitesInOrder } from '../features/siteOrder';
import { formatKernelVersion } from '../kernel/version';
import type { ReportTotals, WireCost } from '../protocol/report';
import { formatBytes, formatDurations } from '../util/format';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { alignedTable, markdownTable } from './table';

/** A site as it is counted; its price is made for the few that are listed. */
interface Counted extends CountedSite {
  readonly at: SnapshotSite;
}

/** The report as text or Markdown: bytes by trigger, and what is created often with its price. */
export function* reportText(snapshot: Snapshot, format: 'text' | 'markdown'): Generator<void, string> {
  const { machine: { topology, name, calibrated } } = snapshot;
  const counted = sitesInOrder(snapshot).map((at) => countedSite(at, topology.possibleCpus));
  const totals = totalsOf(counted, null);
  const head = `Linux ${formatKernelVersion(snapshot.kernel)}, ${name}: ${topology.possibleCpus} possible CPUs, ${topology.onlineCpus} online\nVersion: ${snapshot.kernelOrigin}. Sizes for ${snapshot.kconfigOrigin}. All code of the tree: every architecture and every #if branch; an initialiser in a branch that is not built counts no bytes.\n`;
  const classes = totals.by_class.map(({ frequency_class: trigger, sites, footprint, unknown_sizes: unknown }) => [
    trigger,
    String(sites),
    formatBytes(footprint),
    unknownText(unknown),
  ]);
  const total = ['total', String(totals.sites), formatBytes(totals.footprint), unknownText(totals.unknown_sizes)];
  const table = format === 'markdown' ? markdownTable : alignedTable;
  const byClass = table(['trigger', 'sites', 'footprint', ''], [...classes, total]);
  const frequent = counted.filter((site) => countsBytes(site) && site.frequency_class.some(isHot));
  if (frequent.length === 0) return `${head}\n${byClass}`;
  const caveat = calibrated ? '' : 'Times are uncalibrated: order of magnitude.\n';
  const rows: string[][] = [];
  for (const site of frequent.sort(byTrigger(totals))) {
    rows.push(frequentRow(site, snapshot));
    yield;
  }
  return `${head}\n${byClass}\nCreated more often than mounts, one execution each. ${caveat}\n${table(frequentHead, rows)}`;
}

function countedSite(at: SnapshotSite, possibleCpus: number): Counted {
  const { site } = at;
  return {
    at,
    kind: site.fact.kind,
    file: site.file,
    footprint: footprintOf(site, possibleCpus),
    accounted_by: site.accountedBy,
    frequency_class: site.reach.map(({ frequencyClass }) => frequencyClass),
  };
}

const frequentHead = ['trigger', 'place', 'allocates', 'per CPU', 'footprint', 'create', 'destroy'];

function byTrigger(totals: ReportTotals): (a: CountedSite, b: CountedSite) => number {
  const rank = (site: CountedSite): number => totals.by_class.findIndex((one) => one.frequency_class === site.frequency_class[0]);
  return (a, b) => rank(a) - rank(b) || (b.footprint ?? 0) - (a.footprint ?? 0);
}

function frequentRow({ at: { site }, footprint, frequency_class: classes }: Counted, snapshot: Snapshot): string[] {
  const { type, size: { size }, fact } = site;
  const shape = shapeOf(site, snapshot.kernel);
  const cost = shape === null ? null : costOfShape(shape, snapshot);
  return [
    classes[0] ?? 'unknown',
    `${site.file}:${fact.line}`,
    type ?? fact.api,
    size === null ? 'unknown' : formatBytes(size),
    footprint === null ? 'unknown' : formatBytes(footprint),
    costText(cost?.create ?? null),
    costText(cost?.destroy ?? null),
  ];
}

function costText(cost: WireCost | null): string {
  return cost?.ns == null ? 'unknown' : formatDurations(cost.ns);
}

function unknownText(count: number): string {
  return count === 0 ? '' : `${count} of unknown size`;
}
