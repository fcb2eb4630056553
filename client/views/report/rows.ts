import type { ReportObject } from '../../../server/src/protocol/report';
import { trigger } from '../format';
import { t } from '../l10n';
import type { ListedSite } from '../messages';
import type { EntryChange } from './commitDifference';
import { filterSites } from './siteFilter';
import { classRank, sortSites, type ComparedSite } from './siteOrder';
import type { GroupBy, ViewState } from './viewState';

/** A site by its place in the list; `change`: how it differs from the commit compared with. */
export interface Entry {
  readonly index: number;
  readonly site: ListedSite;
  readonly change?: EntryChange;
}

export type Row =
  | ({ readonly kind: 'site'; readonly id: string } & Entry)
  | { readonly kind: 'group'; readonly id: string; readonly group: Group; readonly collapsed: boolean };

export interface Group {
  readonly name: string;
  readonly sites: number;
  /** Bytes of the sites that account for their own and whose size is known, at the possible CPUs of the report. */
  readonly footprint: number;
  readonly unknownSizes: number;
  /** Bytes that came since the commit compared with, at the possible CPUs of the report. */
  readonly growth: number;
}

/** The rows of the table for this state: filtered, sorted, and grouped with a heading row per group. */
export function buildRows(entries: readonly Entry[], objects: readonly ReportObject[], state: ViewState, compared: (entry: Entry) => ComparedSite): Row[] {
  const shown = sortSites(filterSites(entries, state), state.sort, compared);
  if (state.group === 'none') return shown.map(siteRow);
  const groups = groupsOf(shown, state.group, objects);
  return sortedGroups(groups, state.group).flatMap(({ name, members, sum }) => {
    const id = `group:${name}`;
    const collapsed = state.collapsed.includes(id);
    const heading: Row = { kind: 'group', id, group: sum, collapsed };
    return collapsed ? [heading] : [heading, ...members.map(siteRow)];
  });
}

function siteRow(entry: Entry): Row {
  return { kind: 'site', id: entry.site.id, ...entry };
}

function nameFor(group: Exclude<GroupBy, 'none'>, objects: readonly ReportObject[]): (site: ListedSite) => string {
  switch (group) {
    case 'directory':
      return (site) => directoryOf(site.file);
    case 'class':
      return (site) => trigger(site.frequency_class[0] ?? 'unknown');
    case 'api':
      return (site) => site.api;
    case 'type':
      return (site) => site.type ?? t('no type named at the call');
    case 'object': {
      const owner = new Map(objects.flatMap((object) => object.sites.map((id) => [id, object.name] as const)));
      return (site) => owner.get(site.id) ?? noObject();
    }
  }
}

/** Sites that are created on their own: the last of the groups, however large. */
function noObject(): string {
  return t('of no known object');
}

/** The subsystem: two levels of directory, as the kernel's tree is cut (`net/sched`, `drivers/net`). */
export function directoryOf(file: string): string {
  const parts = file.split('/').slice(0, -1);
  return parts.length === 0 ? './' : `${parts.slice(0, 2).join('/')}/`;
}

interface Members {
  readonly name: string;
  readonly members: readonly Entry[];
  readonly sum: Group;
}

function groupsOf(entries: readonly Entry[], by: Exclude<GroupBy, 'none'>, objects: readonly ReportObject[]): Members[] {
  const name = nameFor(by, objects);
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = name(entry.site);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [entry]);
    else members.push(entry);
  }
  return [...groups].map(([key, members]) => ({ name: key, members, sum: summary(key, members) }));
}

function sortedGroups(groups: Members[], by: GroupBy): Members[] {
  const last = noObject();
  const rank = ({ name, members }: Members): number => (by === 'class' ? classRank(members[0]?.site.frequency_class[0]) : by === 'object' && name === last ? 1 : 0);
  return groups.sort((a, b) => rank(a) - rank(b) || b.sum.footprint - a.sum.footprint || a.name.localeCompare(b.name));
}

/** Sites, bytes and unknown sizes of a group, each byte counted once. */
export function summary(name: string, entries: readonly Entry[]): Group {
  const there = entries.filter(({ change }) => change?.change.change !== 'removed').map(({ site }) => site);
  const own = there.filter((site) => site.accounted_by === null);
  return {
    name,
    sites: there.length,
    footprint: own.reduce((total, site) => total + (site.footprint ?? 0), 0),
    unknownSizes: own.filter((site) => site.footprint === null && site.size_source === 'unknown').length,
    growth: entries.reduce((total, { change }) => total + (change?.growth ?? 0), 0),
  };
}

/** Footprint by subsystem of the sites that the search and the chips leave, largest first. */
export function footprintByDirectory(entries: readonly Entry[], state: ViewState): Group[] {
  return groupsOf(filterSites(entries, state), 'directory', []).map(({ sum }) => sum).sort((a, b) => b.footprint - a.footprint);
}
