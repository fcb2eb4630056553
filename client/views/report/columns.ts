import type { ReportSite, WireCost, WireInterval } from '../../../server/src/protocol/report';
import { element } from '../dom';
import { bytes, count, cpus, duration, signedShare, trigger } from '../format';
import { t } from '../l10n';
import { intervalBar } from './intervalBar';
import { difference, longestHold, type ComparedSite } from './siteOrder';
import { figures, type ColumnId, type FigureId } from './viewState';

/** Bounds of the time columns over the whole report, for the bars' common axis. */
export interface TimeScale {
  readonly low: number;
  readonly high: number;
}

type Cell = readonly (Node | string)[];

export interface Column {
  readonly id: ColumnId;
  readonly title: string;
  /** What the heading's tooltip says. */
  readonly about: string;
  readonly numeric: boolean;
  cell(row: ComparedSite, scale: TimeScale): Cell;
}

/** The columns; with something to compare with, each figure has two more. `otherName` says what that is. */
export function columnsFor(otherName: string | null): readonly Column[] {
  const shown = [...texts().slice(0, 2), ...figureColumns().slice(0, 1), ...texts().slice(2, 3), ...figureColumns().slice(1), ...texts().slice(3)];
  if (otherName === null) return shown;
  return shown.flatMap((column) => (isFigure(column.id) ? [column, otherColumn(column, otherName), differenceColumn(column, column.id, otherName)] : [column]));
}

function texts(): readonly Column[] {
  return [
    { id: 'site', title: t('Site'), about: t('Function, file and line of the call'), numeric: false, cell: ({ site }) => siteCell(site) },
    { id: 'allocates', title: t('Per CPU'), about: t('Bytes per CPU and the type'), numeric: false, cell: ({ site }) => sizeCell(site) },
    { id: 'trigger', title: t('Trigger'), about: t('What makes the call run, most frequent first'), numeric: false, cell: ({ site }) => triggerCell(site) },
    { id: 'advice', title: t('Advice'), about: t('Strategies worth a look here'), numeric: false, cell: ({ site }) => [site.advice.join(', ')] },
    { id: 'api', title: t('API'), about: t('What is called'), numeric: false, cell: ({ site }) => [site.api] },
  ];
}

function figureColumns(): readonly (Column & { readonly id: FigureId })[] {
  return [
    { id: 'footprint', title: t('Footprint'), about: t('Size rounded up to 4 bytes × possible CPUs'), numeric: true, cell: ({ site }) => footprintCell(site) },
    { id: 'create', title: t('Create'), about: t('Uncontended time to create, low to high'), numeric: true, cell: ({ site }, scale) => costCell(site.create, scale) },
    { id: 'destroy', title: t('Destroy'), about: t('Uncontended time to destroy, low to high'), numeric: true, cell: ({ site }, scale) => costCell(site.destroy, scale) },
    { id: 'locks', title: t('Lock time'), about: t('Longest hold of a global lock'), numeric: true, cell: ({ site }) => lockCell(site) },
    { id: 'scales', title: t('Scales to'), about: t('CPUs that can do it at once before throughput stops growing'), numeric: true, cell: ({ site }) => kneeCell(site) },
  ];
}

function isFigure(id: ColumnId): id is FigureId {
  return (figures as readonly string[]).includes(id);
}

function otherColumn(column: Column, otherName: string): Column {
  return {
    id: `${column.id as FigureId}-other`,
    title: t('{0}, {1}', column.title, otherName),
    about: t('{0} on {1}', column.title, otherName),
    numeric: true,
    cell: ({ other }, scale) => (other === null ? [] : column.cell({ site: other, other: null }, scale)),
  };
}

function differenceColumn(column: Column, id: FigureId, otherName: string): Column {
  return {
    id: `${id}-difference`,
    title: t('{0} Δ', column.title),
    about: t('{0} on {1} less that here, middle of the intervals', column.title, otherName),
    numeric: true,
    cell: (row) => differenceCell(id, row),
  };
}

function differenceCell(id: FigureId, row: ComparedSite): Cell {
  const value = difference(id, row);
  if (value === null) return [];
  if (value === 0) return ['0'];
  const amount = Math.abs(value);
  const text = id === 'footprint' ? bytes(amount) : id === 'scales' ? count(Math.round(amount)) : duration({ low: amount, mid: amount, high: amount });
  const here = baseOf(id, row);
  const share = here === 0 ? '' : ` (${signedShare(value / here)})`;
  return [`${value > 0 ? '+' : '−'}${text}${share}`];
}

function baseOf(id: FigureId, { site }: ComparedSite): number {
  return -(difference(id, { site, other: nothing(site) }) ?? 0);
}

/** The same site with every figure at 0: a difference to it is the figure itself. */
function nothing(site: ReportSite): ReportSite {
  const none: WireInterval = { low: 0, mid: 0, high: 0 };
  const locks = Object.fromEntries(Object.entries(site.locks).map(([name, lock]) => [name, { ...lock, hold_ns: none }]));
  const contention = site.contention === null ? null : { ...site.contention, knee_cpus: none };
  return { ...site, footprint: 0, create: { ns: none }, destroy: { ns: none }, locks, contention };
}

function siteCell(site: ReportSite): Cell {
  const where = element('span', { class: 'where' }, `${site.file}:${String(site.line)}`);
  const name = element('span', { class: 'function' }, site.function ?? t('file scope'));
  return [element('span', { title: t('{0} in {1}', site.function ?? t('file scope'), `${site.file}:${String(site.line)}`) }, name, where)];
}

function sizeCell(site: ReportSite): Cell {
  const type = site.type ?? (site.count === null || site.count === 1 ? '' : `×${String(site.count)}`);
  const label = element('span', { class: 'muted' }, type);
  if (site.size !== null) return [`${bytes(site.size)} `, label];
  if (site.size_source !== 'unknown') return [label];
  return [unknownMark('? B', site.size_reason), ' ', label];
}

function footprintCell(site: ReportSite): Cell {
  if (site.footprint === null) return site.size_source === 'unknown' ? [unknownMark(t('unknown'), site.size_reason)] : [];
  if (site.accounted_by !== null) return [element('span', { class: 'muted', title: t('counted at {0}', site.accounted_by) }, bytes(site.footprint))];
  return [element('span', { title: t('{0} bytes', String(site.footprint)) }, bytes(site.footprint))];
}

function triggerCell(site: ReportSite): Cell {
  const [first = 'unknown', ...others] = site.frequency_class;
  const more = others.length === 0 ? '' : ` +${String(others.length)}`;
  return [element('span', { title: site.frequency_class.map(trigger).join(', ') }, `${trigger(first)}${more}`)];
}

function costCell(cost: WireCost | null, scale: TimeScale): Cell {
  if (cost === null) return [];
  if (cost.ns === null) return [unknownMark(t('unknown'), cost.reason ?? t('it is not modelled'))];
  return [intervalBar(cost.ns, scale), element('span', { class: 'time' }, duration(cost.ns))];
}

function lockCell(site: ReportSite): Cell {
  const longest = longestHold(site.locks);
  const found = Object.entries(site.locks).find(([, lock]) => lock.hold_ns?.mid === longest);
  if (found === undefined || found[1].hold_ns === null) return [];
  const [name, lock] = found;
  const title = lock.irqs_off ? t('{0}, interrupts off', name) : name;
  return [element('span', { class: 'time', title }, duration(found[1].hold_ns))];
}

function kneeCell(site: ReportSite): Cell {
  const knee = site.contention?.knee_cpus;
  if (knee === null || knee === undefined) return [];
  return [element('span', { class: 'time', title: `${site.contention?.bottleneck ?? t('no lock')}: ${site.contention?.assumption ?? ''}` }, cpus(knee))];
}

function unknownMark(text: string, reason: string): HTMLElement {
  return element('span', { class: 'unknown', title: t('unknown because {0}', reason) }, text);
}

/** Bounds over all create and destroy times; one decade where there are none. */
export function timeScale(sites: Iterable<ReportSite>): TimeScale {
  let low = Infinity;
  let high = 0;
  for (const { create, destroy } of sites) {
    for (const cost of [create, destroy]) {
      if (cost === null || cost.ns === null || cost.ns.low <= 0) continue;
      low = Math.min(low, cost.ns.low);
      high = Math.max(high, cost.ns.high);
    }
  }
  return high === 0 ? { low: 1, high: 10 } : { low, high };
}
