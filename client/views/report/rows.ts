import type { ReportObject, ReportSite } from '../../../server/src/protocol/report';
import { trigger } from '../format';
import { filterSites } from './siteFilter';
import { classRank, sortSites } from './siteOrder';
import type { GroupBy, ViewState } from './viewState';

export type Row =
  | { readonly kind: 'site'; readonly id: string; readonly site: ReportSite }
  | { readonly kind: 'group'; readonly id: string; readonly group: Group; readonly collapsed: boolean };

export interface Group {
  readonly name: string;
  readonly sites: number;
  /** Bytes of the sites that account for their own and whose size is known. */
  readonly footprint: number;
  readonly unknownSizes: number;
}

/** The rows of the table for this state: filtered, sorted, and grouped with a heading row per group. */
export function buildRows(sites: readonly ReportSite[], objects: readonly ReportObject[], state: ViewState): Row[] {
  const shown = sortSites(filterSites(sites, state), state.sort);
  if (state.group === 'none') return shown.map(siteRow);
  const groups = grouped(shown, nameFor(state.group, objects));
  return sortedGroups(groups, state.group).flatMap(([name, members]) => {
    const id = `group:${name}`;
    const collapsed = state.collapsed.includes(id);
    const heading: Row = { kind: 'group', id, group: summary(name, members), collapsed };
    return collapsed ? [heading] : [heading, ...members.map(siteRow)];
  });
}

function siteRow(site: ReportSite): Row {
  return { kind: 'site', id: site.id, site };
}

function nameFor(group: Exclude<GroupBy, 'none'>, objects: readonly ReportObject[]): (site: ReportSite) => string {
  switch (group) {
    case 'directory':
      return (site) => directoryOf(site.file);
    case 'class':
      return (site) => trigger(site.frequency_class[0] ?? 'unknown');
    case 'api':
      return (site) => site.api;
    case 'type':
      return (site) => site.type ?? 'no type named at the call';
    case 'object': {
      const owner = new Map(objects.flatMap((object) => object.sites.map((id) => [id, object.name] as const)));
      return (site) => owner.get(site.id) ?? 'no object known';
    }
  }
}

/** The subsystem: two levels of directory, as the kernel's tree is cut (`net/sched`, `drivers/net`). */
export function directoryOf(file: string): string {
  const parts = file.split('/').slice(0, -1);
  return parts.length === 0 ? './' : `${parts.slice(0, 2).join('/')}/`;
}

function grouped(sites: readonly ReportSite[], name: (site: ReportSite) => string): Map<string, ReportSite[]> {
  const groups = new Map<string, ReportSite[]>();
  for (const site of sites) {
    const key = name(site);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [site]);
    else members.push(site);
  }
  return groups;
}

function sortedGroups(groups: Map<string, ReportSite[]>, by: GroupBy): [string, ReportSite[]][] {
  const entries = [...groups];
  if (by === 'class') return entries.sort(([, a], [, b]) => classRank(a[0]?.frequency_class[0]) - classRank(b[0]?.frequency_class[0]));
  return entries.sort(([nameA, a], [nameB, b]) => summary('', b).footprint - summary('', a).footprint || nameA.localeCompare(nameB));
}

function summary(name: string, sites: readonly ReportSite[]): Group {
  const own = sites.filter((site) => site.accounted_by === null);
  return {
    name,
    sites: sites.length,
    footprint: own.reduce((total, site) => total + (site.footprint ?? 0), 0),
    unknownSizes: own.filter((site) => site.footprint === null && site.size_source === 'unknown').length,
  };
}
