import type { Area, LifeCycle } from '../lifecycle/lifeCycle';
import type { ResolvedSite } from '../resolve/resolvedSite';
import { allocatedAreas } from './rewriting';

/** Areas that one function allocates for one object, in requests that may sleep, and keeps the pointers of. */
export interface AreaGroup {
  readonly function: string | null;
  readonly areas: readonly Area[];
}

const ownHolders: ReadonlySet<Area['holder']> = new Set([undefined, 'caller', 'percpu_counter', 'mm_cid']);

/** Areas whose pointer the object keeps itself, so that they could move into one. */
export function groupableAreas(lifeCycle: LifeCycle): readonly Area[] {
  return allocatedAreas(lifeCycle).filter(({ atomic, holder, origin }) => !atomic && ownHolders.has(holder) && (origin?.inside ?? null) === null);
}

/**
 * Groups of two or more: what different functions allocate lives and dies apart (network namespaces run a list of
 * them), and so do members of different objects.
 */
export function areaGroups(lifeCycle: LifeCycle, sites: readonly ResolvedSite[]): readonly AreaGroup[] {
  const byPlace = new Map(sites.map((site) => [`${site.file}:${String(site.fact.line)}`, site]));
  const groups = new Map<string, Area[]>();
  for (const area of groupableAreas(lifeCycle)) {
    const key = `${area.origin?.function ?? ''} ${ownerOf(area, byPlace)}`;
    groups.set(key, [...(groups.get(key) ?? []), area]);
  }
  return [...groups.values()].filter((areas) => areas.length > 1).map((areas) => ({ function: areas[0]?.origin?.function ?? null, areas }));
}

/** The variable that the members hang on: `sbi` of `sbi->s_dirs_counter`. */
function ownerOf({ origin }: Area, byPlace: ReadonlyMap<string, ResolvedSite>): string {
  const site = origin === undefined ? undefined : byPlace.get(origin.site);
  return /^\(*([A-Za-z_]\w*)/.exec(site?.keeper ?? '')?.[1] ?? '';
}

/** The sites that allocate these areas. */
export function sitesOf(areas: readonly Area[], sites: readonly ResolvedSite[]): readonly ResolvedSite[] {
  const places = new Set(areas.map(({ origin }) => origin?.site));
  return sites.filter(({ file, fact }) => places.has(`${file}:${String(fact.line)}`));
}
