import type { Report, ReportSite, WireInterval } from '../../server/src/protocol/report';
import { bytes, duration, trigger } from '../views/format';
import type { ExportedComparison, ExportFormat } from '../views/messages';
import { exportRows, footprintDifference, type ExportRow } from './exportRows';
import { reportHtml } from './reportHtml';
import { reportSarif } from './reportSarif';

/**
 * The report as a file: the sites of `siteIds` in that order, with both sides where something is compared; JSON keeps
 * the whole shape around them.
 */
export function reportText(report: Report, format: ExportFormat, siteIds: readonly string[], compared: ExportedComparison | null): string {
  const rows = exportRows(report, siteIds, compared);
  switch (format) {
    case 'json':
      return `${JSON.stringify({ ...report, sites: rows.filter(({ gone }) => !gone).map(({ site }) => site), ...(compared === null ? {} : { compared }) }, null, 2)}\n`;
    case 'csv':
      return csv(rows, compared);
    case 'markdown':
      return markdown(report, rows, compared);
    case 'sarif':
      return reportSarif(report, rows, compared);
    case 'html':
      return reportHtml(report, rows, compared);
  }
}

const headings = [
  'file', 'line', 'function', 'api', 'type', 'bytes_per_cpu', 'footprint_bytes', 'trigger',
  'create_ns_low', 'create_ns_mid', 'create_ns_high', 'destroy_ns_low', 'destroy_ns_mid', 'destroy_ns_high', 'advice',
];

const comparedHeadings = [
  'compared_with', 'change', 'other_footprint_bytes', 'footprint_difference_bytes',
  'other_create_ns_low', 'other_create_ns_mid', 'other_create_ns_high', 'other_destroy_ns_low', 'other_destroy_ns_mid', 'other_destroy_ns_high',
];

function csv(rows: readonly ExportRow[], compared: ExportedComparison | null): string {
  const all = [
    [...headings, ...(compared === null ? [] : comparedHeadings)],
    ...rows.map((row) => [...fields(row.site), ...(compared === null ? [] : comparedFields(row, compared))]),
  ];
  return all.map((row) => row.map(csvField).join(',')).join('\r\n').concat('\r\n');
}

function fields(site: ReportSite): string[] {
  return [
    site.file, String(site.line), site.function ?? site.variable ?? '', site.api, site.type ?? '', text(site.size), text(site.footprint),
    site.frequency_class.join(' '), ...bounds(site.create?.ns), ...bounds(site.destroy?.ns), site.advice.join(' '),
  ];
}

function comparedFields(row: ExportRow, compared: ExportedComparison): string[] {
  const figures = row.other?.figures ?? null;
  return [
    compared.name, row.other?.change ?? '', text(figures?.footprint ?? null), text(footprintDifference(row, compared)),
    ...bounds(figures?.create?.ns), ...bounds(figures?.destroy?.ns),
  ];
}

function text(value: number | null): string {
  return value === null ? '' : String(value);
}

function bounds(interval: WireInterval | null | undefined): string[] {
  if (interval === null || interval === undefined) return ['', '', ''];
  return [interval.low, interval.mid, interval.high].map((value) => String(Math.round(value)));
}

const number = /^-?\d+(\.\d+)?$/;

/** Quoted where needed; a leading sign or equals would be read as a formula by spreadsheets, unless it is a number's. */
function csvField(value: string): string {
  const safe = /^[=+\-@\t]/.test(value) && !number.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function markdown(report: Report, rows: readonly ExportRow[], compared: ExportedComparison | null): string {
  const against = compared === null ? '' : `, compared with ${otherName(compared)}`;
  const title = `Percpu cost on ${report.machine}: ${String(report.cpus.possible)} possible CPUs, kernel ${report.kernel}${against}`;
  const lines = rows.map((row) => {
    const { site } = row;
    const plain = [
      code(`${site.file}:${String(site.line)}`), code(site.function ?? site.variable ?? ''), code(site.api), size(site.size, site), size(site.footprint, site),
      site.frequency_class.map(trigger).join(', '), time(site.create), time(site.destroy),
    ];
    if (compared === null) return plain;
    const change = compared.kind === 'commit' ? [row.other?.change ?? ''] : [];
    const [there, difference] = [row.other?.figures?.footprint ?? null, footprintDifference(row, compared)];
    return [...plain, ...change, there === null ? '' : bytes(there), difference === null ? '' : `${difference > 0 ? '+' : ''}${bytes(difference)}`.replace('-', '−')];
  });
  const more = compared === null ? [] : [...(compared.kind === 'commit' ? ['change'] : []), `footprint, ${compared.name}`, 'difference'];
  const rules = compared === null ? [] : [...(compared.kind === 'commit' ? ['---'] : []), '--:', '--:'];
  const all = [['site', 'function or variable', 'API', 'per CPU', 'footprint', 'trigger', 'create', 'destroy', ...more], ['---', '---', '---', '--:', '--:', '---', '--:', '--:', ...rules], ...lines];
  const caveat = report.calibrated ? '' : 'Times are uncalibrated: order of magnitude.\n\n';
  return `${title}\n\n${caveat}${all.map((row) => `| ${row.map(markdownCell).join(' | ')} |`).join('\n')}\n`;
}

/** `HEAD`, `laptop-8: 8 possible CPUs`, `kernel 6.1: 256 possible CPUs`. */
export function otherName({ name, kind, cpus }: ExportedComparison): string {
  return kind === 'commit' ? name : `${name.replace(/ at \d+ CPUs$/, '')}: ${String(cpus)} possible CPUs`;
}

/** Source text as code: in running text its underscores and stars would be marks. */
function code(source: string): string {
  return source === '' ? '' : `\`${source.replaceAll('`', "'")}\``;
}

function size(value: number | null, { size_source: source }: ReportSite): string {
  return value !== null ? bytes(value) : source === 'unknown' ? 'unknown' : '';
}

function time(cost: ReportSite['create']): string {
  return cost === null ? '' : cost.ns === null ? 'unknown' : duration(cost.ns);
}

function markdownCell(value: string): string {
  return value.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
