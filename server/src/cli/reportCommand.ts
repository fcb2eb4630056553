import { isHot } from '../features/classWords';
import { sarifLog } from '../features/sarif';
import { countsBytes, reportOf } from '../features/report';
import type { Report, ReportSite, WireCost } from '../protocol/report';
import { formatBytes, formatDurations } from '../util/format';
import { allFindings } from './checkCommand';
import { toCsv } from '../util/csv';
import { inventoryCommand } from './inventoryCommand';
import { exitCodes, UsageError, type Io } from './io';
import { reportJson } from './reportJson';
import type { Snapshot } from '../workspace/snapshot';
import { alignedTable, markdownTable } from './table';
import { readOptions, rootFolder } from './options';
import { snapshotOf } from './treeSnapshot';

export const reportUsage =
  'report [ROOT] [--cpus N] [--online N] [--machine NAME] [--kernel X.Y] [--kconfig FILE] [--profile FILE | --no-profile] [--objects [--modules NAME,…] [--against ROOT]] [--format text|json|csv|markdown|sarif]';

/** Prints what every percpu site below a folder costs on the machine. */
export async function reportCommand(args: readonly string[], io: Io, factsEntry: string, processes: number): Promise<number> {
  const options = readOptions(args, ['text', 'json', 'csv', 'markdown', 'sarif']);
  if (options.objects) return inventoryCommand(options, io, factsEntry, processes);
  if (options.against !== null || options.modules.length > 0) throw new UsageError('--against and --modules go with --objects');
  const folder = rootFolder(options);
  const snapshot = await snapshotOf(folder, options, io, factsEntry, processes);
  if (options.format === 'sarif') {
    io.out(`${JSON.stringify(sarifLog(allFindings(snapshot), snapshot.root ?? ''), null, 1)}\n`);
    return exitCodes.done;
  }
  const report = reportOf(snapshot);
  for (const { file, reason } of report.problems) io.err(`${file}: ${reason}\n`);
  if (report.sites.length === 0) io.err(`no percpu call sites in the .c and .h files below ${folder}\n`);
  io.out(options.format === 'json' ? `${JSON.stringify(reportJson(report, snapshot), null, 1)}\n` : printed(report, snapshot, options.format));
  return exitCodes.done;
}

function printed(report: Report, snapshot: Snapshot, format: string): string {
  if (format === 'csv') return toCsv(report.sites);
  const { totals, cpus } = report;
  const head = `Linux ${report.kernel}, ${report.machine}: ${cpus.possible} possible CPUs, ${cpus.online} online\nVersion: ${snapshot.kernelOrigin}. Sizes for ${snapshot.kconfigOrigin}. All code of the tree: every architecture and every #if branch.\n`;
  const classes = totals.by_class.map(({ frequency_class: name, sites, footprint, unknown_sizes: unknown }) => [
    name,
    String(sites),
    formatBytes(footprint),
    unknownText(unknown),
  ]);
  const total = ['total', String(totals.sites), formatBytes(totals.footprint), unknownText(totals.unknown_sizes)];
  const table = format === 'markdown' ? markdownTable : alignedTable;
  const byClass = table(['trigger', 'sites', 'footprint', ''], [...classes, total]);
  const frequent = report.sites.filter((site) => countsBytes(site) && site.frequency_class.some(isHot));
  if (frequent.length === 0) return `${head}\n${byClass}`;
  const caveat = report.calibrated ? '' : 'Times are uncalibrated: order of magnitude.\n';
  const rows = [...frequent].sort(byTrigger(report)).map(frequentRow);
  return `${head}\n${byClass}\nCreated more often than mounts, one execution each. ${caveat}\n${table(frequentHead, rows)}`;
}

const frequentHead = ['trigger', 'place', 'allocates', 'per CPU', 'footprint', 'create', 'destroy'];

function byTrigger({ totals }: Report): (a: ReportSite, b: ReportSite) => number {
  const rank = (site: ReportSite): number => totals.by_class.findIndex((one) => one.frequency_class === site.frequency_class[0]);
  return (a, b) => rank(a) - rank(b) || (b.footprint ?? 0) - (a.footprint ?? 0);
}

function frequentRow(site: ReportSite): string[] {
  return [
    site.frequency_class[0] ?? 'unknown',
    `${site.file}:${site.line}`,
    site.type ?? site.api,
    site.size === null ? 'unknown' : formatBytes(site.size),
    site.footprint === null ? 'unknown' : formatBytes(site.footprint),
    costText(site.create),
    costText(site.destroy),
  ];
}

function costText(cost: WireCost | null): string {
  return cost?.ns == null ? 'unknown' : formatDurations(cost.ns);
}

function unknownText(count: number): string {
  return count === 0 ? '' : `${count} of unknown size`;
}
