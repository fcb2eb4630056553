import type { ReportSite, WireCost, WireLock } from '../../../server/src/protocol/report';
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

/** A site, and the same on what it is compared with. */
export interface ComparedSite {
  readonly site: ReportSite;
  readonly other: ReportSite | null;
}

type Key = number | string | null;

/** The middle of each figure that has a number; null where it is unknown or there is none. */
const figure: Readonly<Record<FigureId, (site: ReportSite) => number | null>> = {
  footprint: (site) => site.footprint,
  create: (site) => middle(site.create),
  destroy: (site) => middle(site.destroy),
  locks: (site) => longestHold(site.locks),
  scales: (site) => site.contention?.knee_cpus?.mid ?? null,
};

/** What a figure is on the other side less what it is here; null where either is unknown. */
export function difference(id: FigureId, { site, other }: ComparedSite): number | null {
  const [here, there] = [figure[id](site), other === null ? null : figure[id](other)];
  return here === null || there === null ? null : there - here;
}

function keyOf(column: ColumnId, compared: ComparedSite): Key {
  const { site, other } = compared;
  const [id, side] = column.split('-') as [ColumnId, 'other' | 'difference' | undefined];
  switch (id) {
    case 'site':
      return `${site.file}:${String(site.line).padStart(7, '0')}`;
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
      return side === 'other' ? (other === null ? null : figure[id as FigureId](other)) : figure[id as FigureId](site);
  }
}

function middle(cost: WireCost | null): number | null {
  return cost?.ns?.mid ?? null;
}

/** The longest hold of a global lock, ns. */
export function longestHold(locks: Readonly<Record<string, WireLock>>): number | null {
  let longest: number | null = null;
  for (const lock of Object.values(locks)) if (lock.hold_ns !== null && (longest === null || lock.hold_ns.mid > longest)) longest = lock.hold_ns.mid;
  return longest;
}

/** Sorted copy; unknown values come last in both directions, ties go by footprint, then by place. */
export function sortSites<Entry extends ComparedSite>(entries: readonly Entry[], sort: { readonly column: ColumnId; readonly descending: boolean }): Entry[] {
  const direction = sort.descending ? -1 : 1;
  return entries
    .map((entry) => ({ entry, key: keyOf(sort.column, entry) }))
    .sort((a, b) => compareKeys(a.key, b.key, direction) || largerFirst(a.entry.site, b.entry.site) || byPlace(a.entry.site, b.entry.site))
    .map(({ entry }) => entry);
}

function byPlace(a: ReportSite, b: ReportSite): number {
  if (a.file === b.file) return a.line - b.line;
  return a.file < b.file ? -1 : 1;
}

function largerFirst(a: ReportSite, b: ReportSite): number {
  return (b.footprint ?? -1) - (a.footprint ?? -1);
}

function compareKeys(a: Key, b: Key, direction: 1 | -1): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (a === b) return 0;
  return (a < b ? -1 : 1) * direction;
}
