import type { ClassDifference, DiffReport, SiteChange } from '../protocol/diff';
import { bytesChange, sizeChange, timeChange } from './diffAmounts';
import { signedBytes } from '../features/diff/signedBytes';
import { isChanged, remarks } from './diffText';

/** Mails are read and quoted at this width. */
const widest = 72;
/** A cover letter says what matters most. */
const mostClasses = 8;
const mostSites = 6;

/** The difference for a cover letter: one short table and the sites that matter most, ASCII, no line over 72 columns. */
export function diffMarkdown(report: DiffReport): string {
  const { before, after, machine, cpus, changes, calibrated } = report;
  const title = wrapped(`percpu memory, ${before.name} to ${after.name}, at ${cpus.possible} possible CPUs (${machine}):`, '');
  const changed = report.totals.filter(isChanged);
  if (changed.length === 0) return `${title}\n${wrapped('No percpu site was added, removed or changed.', '')}`;
  const sites = [...changes].sort(byDifference).slice(0, mostSites);
  const rest = changes.length - sites.length;
  const caveat = calibrated ? '' : 'Times are uncalibrated: order of magnitude.';
  const more = rest === 0 ? '' : `${rest} more ${rest === 1 ? 'site' : 'sites'} changed.`;
  const closing = [more, caveat].filter((text) => text !== '').join(' ');
  const list = sites.map((change) => wrapped(siteText(change), '- ')).join('');
  const limits = report.broken_limits.map(({ reason }) => wrapped(`Over the limit: ${reason}`, '- ')).join('');
  return [title, table(changed), list, limits, closing === '' ? '' : wrapped(closing, '')].filter((block) => block !== '').join('\n');
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
  return padded(['trigger', 'sites', 'per CPU', 'all CPUs'], rows.map(([name = '', sites = '', size = '', , difference = '']) => [name, sites, size, difference]));
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

function byDifference(a: SiteChange, b: SiteChange): number {
  return rank(a) - rank(b);
}

/** The order of the report is by class and size; what changes no bytes comes after what does. */
function rank({ footprint_difference: difference }: SiteChange): number {
  return difference === 0 ? 1 : 0;
}

function siteText(change: SiteChange): string {
  const site = change.after ?? change.before;
  if (site === null) return '';
  const verb = { added: 'adds', removed: 'removes', changed: 'changes' }[change.change];
  const facts = [
    sizeChange(change) === '' ? '' : `${sizeChange(change)} per CPU`, signedBytes(change.footprint_difference), timeChange(change, 'create'), timeChange(change, 'destroy'), remarks(change),
  ].filter((text) => text !== '' && text !== '±0');
  return ascii(`\`${site.function ?? site.file}\` ${verb} \`${site.api}\` (${site.file}:${site.line}, ${site.frequency_class[0] ?? 'unknown'}): ${facts.join(', ')}`);
}

/** Mails stay readable in any terminal. */
function ascii(text: string): string {
  return text.replaceAll(' → ', ' -> ').replaceAll(' – ', '-').replaceAll('µs', 'us').replaceAll('±', '+-').replaceAll('…', '...');
}

/** Lines of at most 72 columns, the first with its bullet; a word that is longer is broken where a path can be. */
function wrapped(text: string, bullet: string): string {
  const indent = ' '.repeat(bullet.length);
  const lines: string[] = [];
  let line = bullet;
  let isEmpty = true;
  for (const word of text.split(' ').flatMap((one) => pieces(one, widest - bullet.length))) {
    if (!isEmpty && line.length + 1 + word.length > widest) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += `${isEmpty ? '' : ' '}${word}`;
    isEmpty = false;
  }
  return [...lines, line].map((one) => `${one.trimEnd()}\n`).join('');
}

function pieces(word: string, most: number): string[] {
  if (word.length <= most) return [word];
  const cut = word.lastIndexOf('/', most - 1);
  const at = cut > 0 ? cut + 1 : most;
  return [word.slice(0, at), ...pieces(word.slice(at), most)];
}
