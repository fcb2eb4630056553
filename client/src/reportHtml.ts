import type { Report, ReportSite, WireCost } from '../../server/src/protocol/report';
import type { ExportedComparison } from '../views/messages';
import { bytes, count, cpus, duration, trigger } from '../views/format';
import { footprintDifference, type ExportRow } from './exportRows';

const style = `
:root { color-scheme: light dark; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 3px 10px 3px 0; border-bottom: 1px solid #8884; vertical-align: top; }
th { position: sticky; top: 0; background: Canvas; }
.numeric { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font-size: 0.95em; overflow-wrap: anywhere; }
.unknown { font-style: italic; }
`;

const headings: readonly (readonly [string, boolean])[] = [
  ['Site', false], ['API', false], ['Type', false], ['Per CPU', true], ['Footprint', true], ['Trigger', false], ['Create', true], ['Destroy', true], ['Scales to', true], ['Advice', false],
];

/** The sites as one HTML file that needs nothing else: no script, no font, no link to fetch. Source text is escaped. */
export function reportHtml(report: Report, rows: readonly ExportRow[], compared: ExportedComparison | null): string {
  const title = `Percpu cost on ${report.machine}`;
  const listed = rows.filter(({ gone }) => !gone).length;
  const times = report.calibrated ? '' : ' Times are uncalibrated: order of magnitude.';
  const head = `Kernel ${report.kernel}, ${count(report.cpus.possible)} possible CPUs, ${count(report.cpus.online)} online. ${count(listed)} of ${count(report.totals.sites)} sites.${against(compared)}${times}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${escaped(head)}</p>
<table>
<thead><tr>${[...headings, ...comparedHeadings(compared)].map(([text, numeric]) => cell('th', text, numeric)).join('')}</tr></thead>
<tbody>
${rows.map((row) => htmlRow(row, compared)).join('\n')}
</tbody>
</table>
</body>
</html>
`;
}

function against(compared: ExportedComparison | null): string {
  if (compared === null) return '';
  return compared.kind === 'commit' ? ` Compared with ${compared.name}: differences are what came since.` : ` Compared with ${compared.name}: differences are those there less those here.`;
}

function comparedHeadings(compared: ExportedComparison | null): typeof headings {
  if (compared === null) return [];
  const { name, kind } = compared;
  return [...(kind === 'commit' ? [['Change', false] as const] : []), [`Footprint, ${name}`, true], ['Footprint Δ', true], [`Create, ${name}`, true], [`Destroy, ${name}`, true]];
}

function comparedCells(row: ExportRow, compared: ExportedComparison): string {
  const figures = row.other?.figures ?? null;
  const difference = footprintDifference(row, compared);
  const signed = difference === null ? '' : `${difference > 0 ? '+' : difference < 0 ? '−' : ''}${bytes(Math.abs(difference))}`;
  const change = compared.kind === 'commit' ? cell('td', row.other?.change ?? '', false) : '';
  return `${change}${cell('td', figures?.footprint == null ? '' : bytes(figures.footprint), true)}${cell('td', signed, true)}${time(figures?.create ?? null)}${time(figures?.destroy ?? null)}`;
}

function htmlRow(row: ExportRow, compared: ExportedComparison | null): string {
  const { site } = row;
  const place = `<code>${escaped(site.function ?? site.variable ?? 'file scope')}</code><br><code>${escaped(`${site.file}:${String(site.line)}`)}</code>`;
  const plain = (text: string, numeric = false): string => cell('td', text, numeric);
  const knee = site.contention?.knee_cpus;
  return `<tr><td>${place}</td>${plain(site.api)}${plain(site.type ?? '')}${size(site.size, site)}${size(site.footprint, site)}${plain(site.frequency_class.map(trigger).join(', '))}${time(site.create)}${time(site.destroy)}${plain(knee == null ? '' : cpus(knee), true)}${plain(site.advice.join(', '))}${compared === null ? '' : comparedCells(row, compared)}</tr>`;
}

function size(value: number | null, site: ReportSite): string {
  if (value !== null) return cell('td', bytes(value), true);
  return site.size_source === 'unknown' ? unknown(site.size_reason) : cell('td', '', true);
}

function time(cost: WireCost | null): string {
  if (cost === null) return cell('td', '', true);
  return cost.ns === null ? unknown(cost.reason ?? 'it is not modelled') : cell('td', duration(cost.ns), true);
}

function unknown(reason: string): string {
  return `<td class="unknown">${escaped(`unknown because ${reason}`)}</td>`;
}

function cell(name: 'th' | 'td', text: string, numeric: boolean): string {
  return `<${name}${numeric ? ' class="numeric"' : ''}>${escaped(text)}</${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
