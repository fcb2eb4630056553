import type { Area, LifeCycle } from '../lifecycle/lifeCycle';
import type { Membership } from '../resolve/objects/membership';
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
  const together = [...groups.values()].map((areas) => withoutAlternatives(areas, byPlace));
  return together.filter((areas) => areas.length > 1).map((areas) => ({ function: areas[0]?.origin?.function ?? null, areas }));
}

/** Of areas that end up in the same place, or that branches exclude from each other, an object has one. */
function withoutAlternatives(areas: readonly Area[], byPlace: ReadonlyMap<string, ResolvedSite>): readonly Area[] {
  const siteOf = ({ origin }: Area): ResolvedSite | undefined => (origin === undefined ? undefined : byPlace.get(origin.site));
  return areas.filter((area, index) => !areas.slice(0, index).some((earlier) => isAlternative(siteOf(earlier), siteOf(area))));
}

function isAlternative(a: ResolvedSite | undefined, b: ResolvedSite | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b && (samePlace(a, b) || branchesApart(a, b));
}

/** No object of a kind that they share gets both: its variant has one of them, or a condition on the way rules out the other. */
function branchesApart(a: ResolvedSite, b: ResolvedSite): boolean {
  const ways = createdBy(a).flatMap((one) => createdBy(b).filter(({ kind }) => kind === one.kind).map((other) => [one, other] as const));
  return ways.length > 0 && ways.every(([one, other]) => !mayMeet(one, a, other, b) || one.when.some((when) => other.when.some((than) => excludes(when, than))));
}

function createdBy({ objects }: ResolvedSite): readonly Membership[] {
  return objects.filter(({ phase, excluded }) => phase === 'create' && excluded === null);
}

/** A membership without a variant is of every one, but where the site tells variants apart: there it is of the others. */
function mayMeet(one: Membership, a: ResolvedSite, other: Membership, b: ResolvedSite): boolean {
  if (one.variant === other.variant) return true;
  return (one.variant === null && !tellsVariants(a, one.kind)) || (other.variant === null && !tellsVariants(b, one.kind));
}

function tellsVariants(site: ResolvedSite, kind: Membership['kind']): boolean {
  return createdBy(site).some((one) => one.kind === kind && one.variant !== null);
}

function excludes(one: string, other: string): boolean {
  if (one === `!(${other})` || other === `!(${one})`) return true;
  const [, subject, value] = equality.exec(one) ?? [];
  const [, otherSubject, otherValue] = equality.exec(other) ?? [];
  return subject !== undefined && subject === otherSubject && value !== otherValue;
}

/** As a `case` is told: `event == NETDEV_REGISTER`. */
const equality = /^((?:->|[^=!<>&|?])+) == ([A-Z_][A-Z0-9_]*|\d+)$/;

function samePlace(a: ResolvedSite, b: ResolvedSite): boolean {
  if (a.keeper !== null && a.keeper === b.keeper) return true;
  if (a.member === null || b.member === null || a.member.structure !== b.member.structure) return false;
  return a.member.offset < b.member.offset + b.member.size && b.member.offset < a.member.offset + a.member.size;
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
