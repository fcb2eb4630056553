import type { Report, ReportSite, WireCost } from '../../server/src/protocol/report';
import { bytes, count, cpus, duration, trigger } from '../views/format';

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
export function reportHtml(report: Report, sites: readonly ReportSite[]): string {
  const title = `Percpu cost on ${report.machine}`;
  const times = report.calibrated ? '' : ' Times are uncalibrated: order of magnitude.';
  const head = `Kernel ${report.kernel}, ${count(report.cpus.possible)} possible CPUs, ${count(report.cpus.online)} online. ${count(sites.length)} of ${count(report.totals.sites)} sites.${times}`;
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
<thead><tr>${headings.map(([text, numeric]) => cell('th', text, numeric)).join('')}</tr></thead>
<tbody>
${sites.map(row).join('\n')}
</tbody>
</table>
</body>
</html>
`;
}

function row(site: ReportSite): string {
  const place = `<code>${escaped(site.function ?? 'file scope')}</code><br><code>${escaped(`${site.file}:${String(site.line)}`)}</code>`;
  const plain = (text: string, numeric = false): string => cell('td', text, numeric);
  const knee = site.contention?.knee_cpus;
  return `<tr><td>${place}</td>${plain(site.api)}${plain(site.type ?? '')}${size(site.size, site)}${size(site.footprint, site)}${plain(site.frequency_class.map(trigger).join(', '))}${time(site.create)}${time(site.destroy)}${plain(knee == null ? '' : cpus(knee), true)}${plain(site.advice.join(', '))}</tr>`;
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
