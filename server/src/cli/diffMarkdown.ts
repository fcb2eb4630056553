import type { ClassDifference, DiffReport, SiteChange } from '../protocol/diff';
import { bytesChange, sizeChange, timeChange } from './diffAmounts';
import { signedBytes } from '../features/diff/signedBytes';
import { alikeChanges, type AlikeChanges } from './alikeChanges';
import { remarks } from './diffSiteText';
import { isChanged } from './diffText';
import { wrapText } from './wrapText';

/** Mails are read and quoted at this width. */
const widest = 72;
/** A cover letter says what matters most. */
const mostClasses = 8;
const mostSites = 6;

/** The difference for a cover letter: one short table and the sites that matter most, ASCII, no line over 72 columns. */
export function diffMarkdown(report: DiffReport): string {
  const { before, after, machine, cpus, changes, calibrated } = report;
  const title = wrapText(`percpu memory, ${before.name} to ${after.name}, at ${cpus.possible} possible CPUs (${machine}):`, widest);
  const changed = report.totals.filter(isChanged);
  if (changed.length === 0) return `${title}\n${wrapText('No percpu site was added, removed or changed.', widest)}`;
  const sites = [...alikeChanges(changes)].sort(byDifference).slice(0, mostSites);
  const rest = sites.reduce((sum, { count }) => sum - count, changes.length);
  const caveat = calibrated ? '' : 'Times are uncalibrated: order of magnitude.';
  const more = rest === 0 ? '' : `${rest} more ${rest === 1 ? 'site' : 'sites'} changed.`;
  const closing = [more, caveat].filter((text) => text !== '').join(' ');
  const list = sites.map((alike) => wrapText(siteText(alike), widest, '- ')).join('');
  const limits = report.broken_limits.map(({ reason }) => wrapText(`Over the limit: ${reason}`, widest, '- ')).join('');
  return [title, table(changed), list, limits, closing === '' ? '' : wrapText(closing, widest)].filter((block) => block !== '').join('\n');
}

/** Sums on all CPUs are left to their difference where the lines would be too wide. */
function table(changed: readonly ClassDifference[]): string {
  const shown = [...changed].sort((a, b) => weight(b) - weight(a)).slice(0, mostClasses);
  const rows = changed.filter((one) => shown.includes(one)).map((one) => [
    one.frequency_class, `+${one.added} -${one.removed} ~${one.changed}`, ascii(bytesChange(one.size)), ascii(bytesChange(one.footprint)),
    ascii(signedBytes((one.footprint.after ?? 0) - (one.footprint.before ?? 0))),
  ]);
  const whole = padded(['trigger', 'sites', 'per CPU', 'all CPUs', 'diff'], rows);
  if (whole.indexOf('\n') <= widest) return whole;
  return padded(['trigger', 'sites', 'per CPU', 'all CPUs, diff'], rows.map(([name = '', sites = '', size = '', , difference = '']) => [name, sites, size, difference]));
}

/** Frequent triggers are shown whatever their size. */
function weight({ footprint, frequency_class: name }: ClassDifference): number {
  const frequent = ['fork-exec', 'thread', 'socket', 'route', 'tc', 'netns', 'cgroup', 'mount'].includes(name);
  return Math.abs((footprint.after ?? 0) - (footprint.before ?? 0)) + (frequent ? 1e15 : 0);
}

function padded(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string => `|${row.map((cell, column) => ` ${cell.padEnd(widths[column] ?? 0)} `).join('|')}|\n`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|\n`;
  return `${line(head)}${rule}${rows.map(line).join('')}`;
}

function byDifference(a: AlikeChanges, b: AlikeChanges): number {
  return rank(a.first) - rank(b.first);
}

/** The order of the report is by class and size; what changes no bytes comes after what does. */
function rank({ footprint_difference: difference }: SiteChange): number {
  return difference === 0 ? 1 : 0;
}

function siteText({ first: change, count, difference }: AlikeChanges): string {
  const site = change.after ?? change.before;
  if (site === null) return '';
  const verb = { added: 'adds', removed: 'removes', changed: 'changes' }[change.change];
  const trigger = site.frequency_class[0] ?? 'unknown';
  const who = count === 1 ? `\`${site.function ?? site.variable ?? site.file}\` ${verb} \`${site.api}\` (${site.file}:${site.line}, ${trigger})` : `\`${site.api}\` changes for ${count} callers (${trigger})`;
  const each = count === 1 ? '' : ' each';
  const facts = [
    sizeChange(change) === '' ? '' : `${sizeChange(change)} per CPU${each}`, signedBytes(difference), timeChange(change, 'create'), timeChange(change, 'destroy'), remarks(change),
  ].filter((text) => text !== '' && text !== '±0');
  return ascii(`${who}${facts.length === 0 ? '' : ': '}${facts.join(', ')}`);
}

/** Mails stay readable in any terminal. */
function ascii(text: string): string {
  return text.replaceAll(' → ', ' -> ').replaceAll(' – ', '-').replaceAll('µs', 'us').replaceAll('±0', '0').replaceAll('…', '...');
}
