import { triggerWords } from '../features/classWords';
import type { ClassDifference, DiffReport, DiffSite, ObjectChange, SiteChange } from '../protocol/diff';
import { bytesChange, sizeChange, timeChange, totalTime } from './diffAmounts';
import { signedBytes } from '../features/diff/signedBytes';
import { turnsText } from '../features/diff/turnsText';
import { alignedTable } from './table';

/** Changes of one class beyond this are counted, not listed: a release has thousands. */
const mostListed = 40;

/** The difference for a terminal. */
export function diffText(report: DiffReport): string {
  const blocks = [head(report), totals(report), ...listed(report), calls(report), objects(report), ...report.notes.map((note) => `${note}\n`)];
  return blocks.filter((block) => block !== '').join('\n');
}

function head({ before, after, machine, cpus, changes, moved }: DiffReport): string {
  const configuration = before.kconfig === after.kconfig ? after.kconfig : `${before.kconfig}, and ${after.kconfig}`;
  return [
    `${before.name} → ${after.name}: Linux ${before.kernel === after.kernel ? after.kernel : `${before.kernel} → ${after.kernel}`}, ${machine}: ${cpus.possible} possible CPUs, ${cpus.online} online`,
    `Sizes for ${configuration}. All code of the tree: every architecture and every #if branch.`,
    `${countText(changes)}; ${moved} moved only and ${moved === 1 ? 'is' : 'are'} no change.`,
    '',
  ].join('\n');
}

function countText(changes: readonly SiteChange[]): string {
  const count = (kind: SiteChange['change']): number => changes.filter(({ change }) => change === kind).length;
  if (changes.length === 0) return 'No percpu site was added, removed or changed';
  return `Percpu sites: ${count('added')} added, ${count('removed')} removed, ${count('changed')} changed`;
}

function totals({ totals: classes, calibrated }: DiffReport): string {
  const changed = classes.filter(isChanged);
  if (changed.length === 0) return '';
  const rows = [...changed.map((one) => classRow(one.frequency_class, one)), ...(changed.length > 1 ? [sumRow(classes)] : [])];
  const caveat = calibrated ? '' : ' Uncalibrated: order of magnitude.';
  const table = alignedTable(['trigger', 'added', 'removed', 'changed', 'per CPU', 'all possible CPUs', 'difference', 'create', 'destroy'], rows);
  return `One execution of each site; create and destroy of the sites that changed.${caveat}\n${table}`;
}

export function isChanged({ added, removed, changed, footprint }: ClassDifference): boolean {
  return added + removed + changed > 0 || footprint.before !== footprint.after;
}

function classRow(name: string, one: ClassDifference): string[] {
  const { added, removed, changed, size, footprint, unknown_sizes: unknown } = one;
  const more = (unknown.after ?? 0) - (unknown.before ?? 0);
  const difference = signedBytes((footprint.after ?? 0) - (footprint.before ?? 0));
  return [
    name, String(added), String(removed), String(changed), bytesChange(size), bytesChange(footprint),
    more > 0 ? `${difference} and ${more} unknown` : difference, totalTime(one.create), totalTime(one.destroy),
  ];
}

function sumRow(classes: readonly ClassDifference[]): string[] {
  const total = (key: 'size' | 'footprint', side: 'before' | 'after'): number => classes.reduce((sum, one) => sum + (one[key][side] ?? 0), 0);
  const footprint = { before: total('footprint', 'before'), after: total('footprint', 'after') };
  const size = { before: total('size', 'before'), after: total('size', 'after') };
  return ['total', '', '', '', bytesChange(size), bytesChange(footprint), signedBytes(footprint.after - footprint.before)];
}

function listed({ changes, totals: classes }: DiffReport): string[] {
  return classes.flatMap(({ frequency_class: name }) => {
    const own = changes.filter((change) => classShown(change) === name);
    if (own.length === 0) return [];
    const rows = own.slice(0, mostListed).map(siteRow);
    const rest = own.length - rows.length;
    const more = rest === 0 ? '' : `… and ${rest} more (--format json lists all)\n`;
    return [`${name}: ${triggerWords(name)}\n${alignedTable(['', 'place', 'function', 'call', 'per CPU', 'difference', '', ''], rows)}${more}`];
  });
}

/** Listed once, under the class that the site has now. */
export function classShown({ before, after }: SiteChange): string {
  return (after ?? before)?.frequency_class[0] ?? 'unknown';
}

function siteRow(change: SiteChange): string[] {
  const site = change.after ?? change.before;
  const sign = { added: '+', removed: '-', changed: '~' }[change.change];
  if (site === null) return [];
  return [
    sign, `${site.file}:${site.line}`, site.function ?? 'file scope', callText(change), sizeChange(change), signedBytes(change.footprint_difference),
    [timeChange(change, 'create'), timeChange(change, 'destroy')].filter((text) => text !== '').join(', '), remarks(change),
  ];
}

/** `alloc_percpu(struct x)`, and the call that it was. */
export function callText({ before, after }: SiteChange): string {
  const text = ({ api, first_argument: first }: DiffSite): string => `${api}(${shortened(first ?? '')})`;
  const now = after ?? before;
  if (now === null) return '';
  return before !== null && after !== null && before.api !== after.api ? `${before.api} → ${text(after)}` : text(now);
}

function shortened(text: string): string {
  return text.length > 32 ? `${text.slice(0, 31)}…` : text;
}

/** What changed beside the size, and what a reader must know. */
export function remarks({ aspects, before, after, note }: SiteChange): string {
  const parts = aspects.flatMap((aspect) => {
    switch (aspect) {
      case 'class':
        return [`trigger ${before?.frequency_class[0] ?? ''} → ${after?.frequency_class[0] ?? ''}`];
      case 'gfp':
        return [`gfp ${before?.gfp ?? 'none'} → ${after?.gfp ?? 'none'}`];
      case 'count':
        return [`count ${before?.count ?? 'unknown'} → ${after?.count ?? 'unknown'}`];
      case 'lock':
        return [`locks ${lockText(before)} → ${lockText(after)}`];
      case 'size':
      case 'api':
        return [];
    }
  });
  return [turnsText({ before, after }), ...parts, ...(note === null ? [] : [note])].filter((text) => text !== '').join('; ');
}

function lockText(site: DiffSite | null): string {
  return site === null || site.locks.length === 0 ? 'none' : site.locks.join(', ');
}

function calls({ apis }: DiffReport): string {
  if (apis.length === 0) return '';
  const rows = apis.slice(0, mostListed).map(({ api, before, after, note }) => [api, `${before} → ${after}`, note ?? '']);
  return `Calls\n${alignedTable(['API', 'calls', ''], rows)}`;
}

function objects({ objects: changed }: DiffReport): string {
  if (changed.length === 0) return '';
  const row = ({ name, frequency_class: trigger, areas, size, footprint }: ObjectChange): string[] => [
    name, trigger, areas.before === areas.after ? String(areas.after) : `${areas.before ?? 0} → ${areas.after ?? 0}`, bytesChange(size), bytesChange(footprint),
  ];
  return `Objects\n${alignedTable(['object', 'trigger', 'areas', 'per CPU', 'all possible CPUs'], changed.slice(0, mostListed).map(row))}`;
}
