import type { WirePrice } from '../../../server/src/protocol/report';
import { element } from '../dom';
import { bytes, trigger } from '../format';
import { t } from '../l10n';
import type { ListedSite } from '../messages';
import { changeMark } from './changeMark';
import { comparedName } from './comparison';
import { differenceText, figureText, type FigureText } from './figureText';
import type { Entry } from './rows';
import { siteName } from './siteName';
import type { ComparedSite } from './siteOrder';
import { figures, type ColumnId, type ComparedWith, type FigureId } from './viewState';

/** Bounds of the time columns over the whole report, for the bars' common axis. */
export interface TimeScale {
  readonly low: number;
  readonly high: number;
}

type Cell = readonly (Node | string)[];

interface Heading {
  readonly id: ColumnId;
  readonly title: string;
  /** What the heading's tooltip says. */
  readonly about: string;
  /** Pixels at least; columns share what is left. */
  readonly width: number;
}

/** What a column says of a site, and never changes with the machine. */
export interface TextColumn extends Heading {
  readonly kind: 'text';
  cell(entry: Pick<Entry, 'site' | 'change'>): Cell;
}

/** A figure: its cells are kept and say something else when the machine changes. */
export interface FigureColumn extends Heading {
  readonly kind: 'figure';
  figure(row: ComparedSite, assumption: string): FigureText;
}

export type Column = TextColumn | FigureColumn;

/** The columns; with something to compare with, each figure has two more, with a commit how each site differs as well. */
export function columnsFor(compared: ComparedWith | null): readonly Column[] {
  const isCommit = compared?.kind === 'commit';
  const [site, allocates, cause, ...more] = texts(isCommit ? besideCommit : alone);
  const [footprint, ...others] = figures.map((id) => figureColumns(id, compared));
  return [site, isCommit ? changeColumn(compared.ref) : [], allocates, footprint ?? [], cause, ...others, ...more].flat().filter((column) => column !== undefined);
}

/** Pixels of the columns before the first figure: with how a site changed in between, its figures and their difference should still be in view. */
interface LeadingWidths {
  readonly site: number;
  readonly allocates: number;
}

const alone: LeadingWidths = { site: 350, allocates: 172 };
const besideCommit: LeadingWidths = { site: 220, allocates: 106 };

function texts(widths: LeadingWidths): readonly TextColumn[] {
  return [
    { kind: 'text', id: 'site', width: widths.site, title: t('Site'), about: t('Function, file and line of the call'), cell: siteCell },
    { kind: 'text', id: 'allocates', width: widths.allocates, title: t('Per CPU'), about: t('Bytes per CPU and the type'), cell: sizeCell },
    { kind: 'text', id: 'trigger', width: 136, title: t('Trigger'), about: t('What makes the call run, most frequent first'), cell: triggerCell },
    { kind: 'text', id: 'advice', width: 130, title: t('Advice'), about: t('Strategies worth a look here'), cell: ({ site }) => [site.advice.join(', ')] },
    { kind: 'text', id: 'api', width: 180, title: t('API'), about: t('What is called'), cell: ({ site }) => [site.api] },
  ];
}

const figureHeadings = (): Readonly<Record<FigureId, Omit<Heading, 'id'>>> => ({
  footprint: { width: 92, title: t('Footprint'), about: t('Size rounded up to 4 bytes × possible CPUs') },
  create: { width: 134, title: t('Create'), about: t('Uncontended time to create, low to high') },
  destroy: { width: 134, title: t('Destroy'), about: t('Uncontended time to destroy, low to high') },
  locks: { width: 104, title: t('Lock time'), about: t('Longest hold of a global lock') },
  scales: { width: 108, title: t('Scales to'), about: t('CPUs that can do it at once before throughput stops growing') },
});

function figureColumns(id: FigureId, compared: ComparedWith | null): readonly FigureColumn[] {
  const { title, about, width } = figureHeadings()[id];
  const own: FigureColumn = { kind: 'figure', id, title, about, width, figure: ({ site, here }, assumption) => figureText(id, site, here, assumption) };
  if (compared === null) return [own];
  const name = comparedName(compared);
  const difference = compared.kind === 'commit' ? t('{0} here less that in {1}, middle of the intervals', title, name) : t('{0} on {1} less that here, middle of the intervals', title, name);
  const other: FigureColumn = {
    kind: 'figure', id: `${id}-other`, width: Math.max(width, 112), title: t('{0}, {1}', title, name), about: compared.kind === 'commit' ? t('{0} in {1}', title, name) : t('{0} on {1}', title, name),
    figure: (row, assumption) => figureText(id, row.site, row.other, assumption),
  };
  const change: FigureColumn = { kind: 'figure', id: `${id}-difference`, width: 150, title: t('{0} Δ', title), about: difference, figure: (row) => differenceText(id, row) };
  return compared.kind === 'commit' ? [own, change, other] : [own, other, change];
}

function changeColumn(ref: string): TextColumn {
  return { kind: 'text', id: 'change', width: 132, title: t('Change'), about: t('How the site differs from {0}', ref), cell: ({ change }) => (change === undefined ? [] : [changeMark(change.change)]) };
}

function siteCell({ site }: { readonly site: ListedSite }): Cell {
  const where = element('span', { class: 'where' }, `${site.file}:${String(site.line)}`);
  const name = element('span', { class: 'function' }, siteName(site));
  return [element('span', { title: t('{0} in {1}', siteName(site), `${site.file}:${String(site.line)}`) }, name, where)];
}

function sizeCell({ site }: { readonly site: ListedSite }): Cell {
  const type = site.type ?? (site.count === null || site.count === 1 ? '' : `×${String(site.count)}`);
  const label = element('span', { class: 'muted' }, type);
  if (site.size !== null) return [`${bytes(site.size)} `, label];
  if (site.size_source !== 'unknown') return [label];
  return [element('span', { class: 'unknown', title: t('unknown because {0}', site.size_reason) }, '? B'), ' ', label];
}

function triggerCell({ site }: { readonly site: ListedSite }): Cell {
  const [first = 'unknown', ...others] = site.frequency_class;
  const more = others.length === 0 ? '' : ` +${String(others.length)}`;
  return [element('span', { title: site.frequency_class.map(trigger).join(', ') }, `${trigger(first)}${more}`)];
}

/** Bounds over all create and destroy times; one decade where there are none. */
export function timeScale(prices: Iterable<WirePrice>): TimeScale {
  let low = Infinity;
  let high = 0;
  for (const { create, destroy } of prices) {
    for (const cost of [create, destroy]) {
      if (cost === null || cost.ns === null || cost.ns.low <= 0) continue;
      low = Math.min(low, cost.ns.low);
      high = Math.max(high, cost.ns.high);
    }
  }
  return high === 0 ? { low: 1, high: 10 } : { low, high };
}
