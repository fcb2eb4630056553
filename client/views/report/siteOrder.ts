import type { ReportSite, WireCost, WireLock } from '../../../server/src/protocol/report';
import type { ColumnId } from './viewState';

/** Most frequent first, as the analysis orders them. */
export const classOrder: readonly string[] = [
  'fork-exec', 'thread', 'socket', 'route', 'tc', 'netns', 'cgroup', 'mount', 'bpf-prog', 'bpf-map', 'netdev', 'disk',
  'user-request', 'cpu-hotplug', 'device-probe', 'module-load', 'boot', 'unknown',
];

export function classRank(frequencyClass: string | undefined): number {
  const rank = classOrder.indexOf(frequencyClass ?? 'unknown');
  return rank === -1 ? classOrder.length : rank;
}

type Key = number | string | null;

const keys: Readonly<Record<ColumnId, (site: ReportSite) => Key>> = {
  site: (site) => `${site.file}:${String(site.line).padStart(7, '0')}`,
  api: (site) => site.api,
  allocates: (site) => site.size,
  footprint: (site) => site.footprint,
  trigger: (site) => classRank(site.frequency_class[0]),
  create: (site) => middle(site.create),
  destroy: (site) => middle(site.destroy),
  locks: (site) => longestHold(site.locks),
  scales: (site) => site.contention?.knee_cpus?.mid ?? null,
  advice: (site) => (site.advice.length === 0 ? null : -site.advice.length),
};

function middle(cost: WireCost | null): number | null {
  return cost?.ns?.mid ?? null;
}

/** The longest hold of a global lock, ns. */
export function longestHold(locks: Readonly<Record<string, WireLock>>): number | null {
  const holds = Object.values(locks).flatMap((lock) => (lock.hold_ns === null ? [] : [lock.hold_ns.mid]));
  return holds.length === 0 ? null : Math.max(...holds);
}

/** Sorted copy; unknown values come last in both directions, ties go by footprint, then by place. */
export function sortSites(sites: readonly ReportSite[], sort: { readonly column: ColumnId; readonly descending: boolean }): ReportSite[] {
  const key = keys[sort.column];
  const direction = sort.descending ? -1 : 1;
  return sites
    .map((site) => ({ site, key: key(site) }))
    .sort((a, b) => compareKeys(a.key, b.key, direction) || largerFirst(a.site, b.site) || byPlace(a.site, b.site))
    .map(({ site }) => site);
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
