import type { WireCost, WireLock } from '../../../server/src/protocol/report';
import type { ListedSite } from '../messages';
import type { Figures } from './evaluation';
import type { Entry } from './rows';
import type { ColumnId, FigureId } from './viewState';

/** Most frequent first, as the analysis orders them. */
export const classOrder: readonly string[] = [
  'fork-exec', 'thread', 'socket', 'route', 'tc', 'netns', 'cgroup', 'mount', 'bpf-prog', 'bpf-map', 'netdev', 'disk',
  'user-request', 'cpu-hotplug', 'device-probe', 'module-load', 'boot', 'unknown',
];

export function classRank(frequencyClass: string | undefined): number {
  const rank = classOrder.indexOf(frequencyClass ?? 'unknown');
  return rank === -1 ? classOrder.length : rank;
}

/** A listed site with its figures, and with those on what it is compared with; null where it is not there. */
export interface ComparedSite extends Pick<Entry, 'site' | 'change'> {
  readonly here: Figures | null;
  readonly other: Figures | null;
  /** The other side is what was before: a difference is what came since, and what is not there is none. */
  readonly since: boolean;
}

type Key = number | string | null;

/** The middle of each figure that has a number; null where it is unknown or there is none. */
const figure: Readonly<Record<FigureId, (figures: Figures) => number | null>> = {
  footprint: ({ footprint }) => footprint,
  create: ({ price }) => middle(price?.create),
  destroy: ({ price }) => middle(price?.destroy),
  locks: ({ price }) => (price === null ? null : longestHold(price.locks)),
  scales: ({ price }) => price?.knee_cpus?.mid ?? null,
};

export function figureOf(id: FigureId, figures: Figures | null): number | null {
  return figures === null ? null : figure[id](figures);
}

/** From which value to which a difference is; null where one is unknown. */
export function sides(id: FigureId, { here, other, since }: ComparedSite): readonly [from: number | null, to: number | null] {
  if (!since) return [figureOf(id, here), figureOf(id, other)];
  const valueOf = (figures: Figures | null): number | null => (figures === null && id !== 'scales' ? 0 : figureOf(id, figures));
  return [valueOf(other), valueOf(here)];
}

/** What a figure is on the other side less what it is here, or what came since; null where either is unknown. */
export function difference(id: FigureId, row: ComparedSite): number | null {
  const [from, to] = sides(id, row);
  return from === null || to === null ? null : to - from;
}

const changeOrder = ['added', 'changed', 'removed'] as const;

function keyOf(column: ColumnId, compared: ComparedSite): Key {
  const { site, change, here, other } = compared;
  const [id, side] = column.split('-') as [ColumnId, 'other' | 'difference' | undefined];
  switch (id) {
    case 'site':
      return `${site.file}:${String(site.line).padStart(7, '0')}`;
    case 'change':
      return change === undefined ? null : changeOrder.indexOf(change.change.change);
    case 'api':
      return site.api;
    case 'allocates':
      return site.size;
    case 'trigger':
      return classRank(site.frequency_class[0]);
    case 'advice':
      return site.advice.length === 0 ? null : -site.advice.length;
    default:
      if (side === 'difference') return difference(id as FigureId, compared);
      return figureOf(id as FigureId, side === 'other' ? other : here);
  }
}

/** Whether the order by a column may change when prices do: bytes go with the CPUs, all alike. */
export function followsPrices(column: ColumnId): boolean {
  return /^(create|destroy|locks|scales)/.test(column) || column.includes('-');
}

function middle(cost: WireCost | null | undefined): number | null {
  return cost?.ns?.mid ?? null;
}

/** The longest hold of a global lock, ns. */
export function longestHold(locks: Readonly<Record<string, WireLock>>): number | null {
  let longest: number | null = null;
  for (const lock of Object.values(locks)) if (lock.hold_ns !== null && (longest === null || lock.hold_ns.mid > longest)) longest = lock.hold_ns.mid;
  return longest;
}

/** Sorted copy; unknown values come last in both directions, ties go by footprint, then by place. */
export function sortSites<Listed extends Pick<Entry, 'site' | 'change'>>(
  entries: readonly Listed[],
  sort: { readonly column: ColumnId; readonly descending: boolean },
  compared: (entry: Listed) => ComparedSite,
): Listed[] {
  const direction = sort.descending ? -1 : 1;
  return entries
    .map((entry) => ({ entry, key: keyOf(sort.column, compared(entry)) }))
    .sort((a, b) => compareKeys(a.key, b.key, direction) || largerFirst(a.entry.site, b.entry.site) || byPlace(a.entry.site, b.entry.site))
    .map(({ entry }) => entry);
}

function byPlace(a: ListedSite, b: ListedSite): number {
  if (a.file === b.file) return a.line - b.line;
  return a.file < b.file ? -1 : 1;
}

function largerFirst(a: ListedSite, b: ListedSite): number {
  return (b.footprint ?? -1) - (a.footprint ?? -1);
}

function compareKeys(a: Key, b: Key, direction: 1 | -1): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (a === b) return 0;
  return (a < b ? -1 : 1) * direction;
}
