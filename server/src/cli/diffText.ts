import { triggerWords } from '../features/classWords';
import { enclosingText } from '../features/siteName';
import type { ClassDifference, DiffReport, ObjectChange, SiteChange } from '../protocol/diff';
import { alikeChanges, type AlikeChanges } from './alikeChanges';
import { bytesChange, sizeChange, timeChange, totalTime } from './diffAmounts';
import { callText, remarks } from './diffSiteText';
import { signedBytes } from '../features/diff/signedBytes';
import { alignedTable } from './table';
import { wrapText } from './wrapText';

/** Changes of one class beyond this are counted, not listed: a release has thousands. */
const mostListed = 40;

/** The difference for a terminal of so many columns; null: as wide as the tables are. */
export function diffText(report: DiffReport, columns: number | null): string {
  const width = columns ?? Infinity;
  const notes = report.notes.map((note) => wrapText(note, width));
  const blocks = [head(report, width), totals(report, width), ...listed(report, width), calls(report, width), objects(report, width), ...notes];
  return blocks.filter((block) => block !== '').join('\n');
}

function head({ before, after, machine, cpus, changes, moved }: DiffReport, width: number): string {
  const configuration = before.kconfig === after.kconfig ? after.kconfig : `${before.kconfig}, and ${after.kconfig}`;
  return [
    `${before.name} → ${after.name}: Linux ${before.kernel === after.kernel ? after.kernel : `${before.kernel} → ${after.kernel}`}, ${machine}: ${cpus.possible} possible CPUs, ${cpus.online} online`,
    `Sizes for ${configuration}. All code of the tree: every architecture and every #if branch; an initialiser in a branch that is not built counts no bytes.`,
    `${countText(changes)}; ${moved} moved only and ${moved === 1 ? 'is' : 'are'} no change.`,
  ].map((line) => wrapText(line, width)).join('');
}

function countText(changes: readonly SiteChange[]): string {
  const count = (kind: SiteChange['change']): number => changes.filter(({ change }) => change === kind).length;
  if (changes.length === 0) return 'No percpu site was added, removed or changed';
  return `Percpu sites: ${count('added')} added, ${count('removed')} removed, ${count('changed')} changed`;
}

/** The first of some tables that is no wider than asked for; of the narrowest the last. */
function fitting(tables: readonly string[], width: number): string {
  return tables.find((table) => fits(table, width)) ?? tables.at(-1) ?? '';
}

function fits(table: string, width: number): boolean {
  return table.split('\n').every((line) => line.length <= width);
}

function totals({ totals: classes, calibrated }: DiffReport, width: number): string {
  const changed = classes.filter(isChanged);
  if (changed.length === 0) return '';
  const rows = [...changed.map((one) => classCells(one.frequency_class, one)), ...(changed.length > 1 ? [sumCells(classes)] : [])];
  const heads = { trigger: 'trigger', added: 'added', removed: 'removed', changed: 'changed', sites: 'sites', size: 'per CPU', all: 'all possible CPUs', difference: 'difference', create: 'create', destroy: 'destroy' };
  const table = (...cells: readonly (keyof ClassCells)[]): string => alignedTable(cells.map((cell) => heads[cell]), rows.map((row) => cells.map((cell) => row[cell])));
  const caveat = calibrated ? '' : ' Uncalibrated: order of magnitude.';
  const tables = [
    table('trigger', 'added', 'removed', 'changed', 'size', 'all', 'difference', 'create', 'destroy'),
    table('trigger', 'sites', 'size', 'all', 'difference'),
    table('trigger', 'sites', 'size', 'difference'),
  ];
  const shown = fitting(tables, width);
  const times = shown === tables[0] ? '; create and destroy of the sites that changed.' : '; times of all together are shown where there is more room.';
  return `${wrapText(`One execution of each site${times}${caveat}`, width)}${shown}`;
}

export function isChanged({ added, removed, changed, footprint }: ClassDifference): boolean {
  return added + removed + changed > 0 || footprint.before !== footprint.after;
}

type ClassCells = Record<'trigger' | 'added' | 'removed' | 'changed' | 'sites' | 'size' | 'all' | 'difference' | 'create' | 'destroy', string>;

function classCells(name: string, one: ClassDifference): ClassCells {
  const { added, removed, changed, size, footprint, unknown_sizes: unknown } = one;
  const more = (unknown.after ?? 0) - (unknown.before ?? 0);
  const difference = signedBytes((footprint.after ?? 0) - (footprint.before ?? 0));
  return {
    trigger: name, added: String(added), removed: String(removed), changed: String(changed), sites: `+${added} -${removed} ~${changed}`,
    size: bytesChange(size), all: bytesChange(footprint), difference: more > 0 ? `${difference} and ${more} unknown` : difference,
    create: totalTime(one.create), destroy: totalTime(one.destroy),
  };
}

function sumCells(classes: readonly ClassDifference[]): ClassCells {
  const total = (key: 'size' | 'footprint', side: 'before' | 'after'): number => classes.reduce((sum, one) => sum + (one[key][side] ?? 0), 0);
  const footprint = { before: total('footprint', 'before'), after: total('footprint', 'after') };
  const size = { before: total('size', 'before'), after: total('size', 'after') };
  const none = { added: '', removed: '', changed: '', sites: '', create: '', destroy: '' };
  return { ...none, trigger: 'total', size: bytesChange(size), all: bytesChange(footprint), difference: signedBytes(footprint.after - footprint.before) };
}

function listed({ changes, totals: classes }: DiffReport, width: number): string[] {
  return classes.flatMap(({ frequency_class: name }) => {
    const own = alikeChanges(changes.filter((change) => classShown(change) === name));
    if (own.length === 0) return [];
    const shown = own.slice(0, mostListed);
    const rest = own.slice(mostListed).reduce((sum, { count }) => sum + count, 0);
    const more = rest === 0 ? '' : `… and ${rest} more (--format json lists all)\n`;
    const table = alignedTable(['', 'place', 'function', 'call', 'per CPU', 'difference', '', ''], shown.map(siteRow));
    return [`${wrapText(`${name}: ${triggerWords(name)}`, width)}${fits(table, width) ? table : shown.map((each) => siteLines(each, width)).join('')}${more}`];
  });
}

/** Listed once, under the class that the site has now. */
export function classShown({ before, after }: SiteChange): string {
  return (after ?? before)?.frequency_class[0] ?? 'unknown';
}

const signs = { added: '+', removed: '-', changed: '~' };

function siteRow({ first, count, difference }: AlikeChanges): string[] {
  const site = first.after ?? first.before;
  if (site === null) return [];
  const [place, around] = count === 1 ? [`${site.file}:${site.line}`, enclosingText(site)] : [`${count} places`, ''];
  return [
    signs[first.change], place, around, count === 1 ? callText(first) : site.api, each(sizeChange(first), count), signedBytes(difference),
    each([timeChange(first, 'create'), timeChange(first, 'destroy')].filter((text) => text !== '').join(', '), count), remarks(first),
  ];
}

function each(text: string, count: number): string {
  return count === 1 || text === '' ? text : `${text} each`;
}

/** The row of a table that is too wide, as a paragraph. */
function siteLines(alike: AlikeChanges, width: number): string {
  const [sign = '', place = '', around = '', call = '', size = '', difference = '', times = '', remark = ''] = siteRow(alike);
  const facts = [place, size === '' ? '' : `${size} per CPU`, difference === '±0' ? '' : difference, times, remark].filter((text) => text !== '').join(', ');
  return `${wrapText(`${around === '' ? '' : `${around}: `}${call}`, width, `${sign} `)}${wrapText(facts, width, '    ')}`;
}

function calls({ apis }: DiffReport, width: number): string {
  if (apis.length === 0) return '';
  const shown = apis.slice(0, mostListed);
  const table = alignedTable(['API', 'calls', ''], shown.map(({ api, before, after, note }) => [api, `${before} → ${after}`, note ?? '']));
  const lines = shown.map(({ api, before, after, note }) => wrapText(`${api} ${before} → ${after}${note === null ? '' : `: ${note}`}`, width, '- '));
  return `Calls\n${fits(table, width) ? table : lines.join('')}`;
}

function objects({ objects: changed }: DiffReport, width: number): string {
  if (changed.length === 0) return '';
  const rows = changed.slice(0, mostListed).map(({ name, frequency_class: trigger, areas, size, footprint }: ObjectChange) => [
    name, trigger, areas.before === areas.after ? String(areas.after) : `${areas.before ?? 0} → ${areas.after ?? 0}`, bytesChange(size), bytesChange(footprint),
  ]);
  const table = alignedTable(['object', 'trigger', 'areas', 'per CPU', 'all possible CPUs'], rows);
  const lines = rows.map(([name = '', trigger = '', areas = '', size = '', all = '']) => wrapText(`${name} (${trigger}): ${areas} areas, ${size} per CPU, ${all} on all CPUs`, width, '- '));
  return `Objects\n${fits(table, width) ? table : lines.join('')}`;
}
