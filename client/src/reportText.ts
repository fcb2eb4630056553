import type { Report, ReportSite, WireInterval } from '../../server/src/protocol/report';
import type { ExportFormat } from '../views/messages';
import { reportHtml } from './reportHtml';
import { reportSarif } from './reportSarif';

/** The report as a file: the sites of `siteIds` in that order; JSON keeps the whole shape around them. */
export function reportText(report: Report, format: ExportFormat, siteIds: readonly string[]): string {
  const byId = new Map(report.sites.map((site) => [site.id, site]));
  const sites = siteIds.flatMap((id) => byId.get(id) ?? []);
  switch (format) {
    case 'json':
      return `${JSON.stringify({ ...report, sites }, null, 2)}\n`;
    case 'csv':
      return [headings, ...sites.map(fields)].map((row) => row.map(csvField).join(',')).join('\r\n').concat('\r\n');
    case 'markdown':
      return markdown(report, sites);
    case 'sarif':
      return reportSarif(report, sites);
    case 'html':
      return reportHtml(report, sites);
  }
}

const headings = [
  'file', 'line', 'function', 'api', 'type', 'bytes_per_cpu', 'footprint_bytes', 'trigger',
  'create_ns_low', 'create_ns_mid', 'create_ns_high', 'destroy_ns_low', 'destroy_ns_mid', 'destroy_ns_high', 'advice',
];

function fields(site: ReportSite): string[] {
  return [
    site.file, String(site.line), site.function ?? '', site.api, site.type ?? '', text(site.size), text(site.footprint),
    site.frequency_class.join(' '), ...bounds(site.create?.ns), ...bounds(site.destroy?.ns), site.advice.join(' '),
  ];
}

function text(value: number | null): string {
  return value === null ? '' : String(value);
}

function bounds(interval: WireInterval | null | undefined): string[] {
  if (interval === null || interval === undefined) return ['', '', ''];
  return [interval.low, interval.mid, interval.high].map((value) => String(Math.round(value)));
}

/** Quoted where needed; a leading sign or equals would be read as a formula by spreadsheets. */
function csvField(value: string): string {
  const safe = /^[=+\-@\t]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function markdown(report: Report, sites: readonly ReportSite[]): string {
  const title = `Percpu cost on ${report.machine}: ${String(report.cpus.possible)} possible CPUs, kernel ${report.kernel}`;
  const rows = sites.map((site) => [
    `${site.file}:${String(site.line)}`, site.function ?? '', site.api, text(site.size), text(site.footprint), site.frequency_class[0] ?? '',
  ]);
  const all = [['site', 'function', 'API', 'bytes per CPU', 'footprint, bytes', 'trigger'], ['---', '---', '---', '--:', '--:', '---'], ...rows];
  return `${title}\n\n${all.map((row) => `| ${row.map(markdownCell).join(' | ')} |`).join('\n')}\n`;
}

function markdownCell(value: string): string {
  return value.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
