import { reportOf } from '../features/report';
import { formatBytes } from '../util/format';
import type { Report } from '../protocol/report';
import { toCsv } from './csv';
import { exitCodes, type Io } from './io';
import { reportJson } from './reportJson';
import { readOptions, rootFolder } from './options';
import { snapshotOf } from './treeSnapshot';

export const reportUsage =
  'report [ROOT] [--cpus N] [--online N] [--machine NAME] [--kernel X.Y] [--kconfig FILE] [--format text|json|csv|markdown]';

/** Prints what every percpu site below a folder costs on the machine. */
export async function reportCommand(args: readonly string[], io: Io, factsEntry: string, processes: number): Promise<number> {
  const options = readOptions(args, ['text', 'json', 'csv', 'markdown']);
  const folder = rootFolder(options);
  const snapshot = await snapshotOf(folder, options, io, factsEntry, processes);
  const report = reportOf(snapshot);
  for (const { file, reason } of report.problems) io.err(`${file}: ${reason}\n`);
  if (report.sites.length === 0) io.err(`no percpu call sites in the .c and .h files below ${folder}\n`);
  io.out(options.format === 'json' ? `${JSON.stringify(reportJson(report, snapshot), null, 1)}\n` : printed(report, options.format));
  return exitCodes.done;
}

function printed(report: Report, format: string): string {
  switch (format) {
    case 'csv':
      return toCsv(report.sites);
    case 'markdown':
      return textReport(report, '| ', ' | ', ' |');
    default:
      return textReport(report, '', '  ', '');
  }
}

function textReport(report: Report, open: string, between: string, close: string): string {
  const { totals } = report;
  const head = `Linux ${report.kernel}, ${report.machine}: ${report.cpus.possible} possible CPUs, ${report.cpus.online} online\n`;
  const row = (cells: readonly string[]): string => `${open}${cells.join(between)}${close}\n`;
  const classes = totals.by_class.map(({ frequency_class: name, sites, footprint, unknown_sizes: unknown }) =>
    row([name.padEnd(14), String(sites).padStart(6), formatBytes(footprint).padStart(11), unknown === 0 ? '' : `${unknown} of unknown size`]),
  );
  const total = row(['total'.padEnd(14), String(totals.sites).padStart(6), formatBytes(totals.footprint).padStart(11), `${totals.unknown_sizes} of unknown size`]);
  const rule = open === '' ? '' : row(['---', '---', '---', '---']);
  return `${head}\n${row(['class'.padEnd(14), ' sites', '  footprint', ''])}${rule}${classes.join('')}${total}`;
}
