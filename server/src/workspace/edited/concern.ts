import type { SiteFact } from '../../facts/fileFacts';
import type { Api } from '../../kernel/api';
import { functionKey } from '../../resolve/openNames';
import { creates, holderOf, pairing, releasesMemory, type Pairing, type PlacedSite } from '../../resolve/reachPairs';
import type { ResolvedSite } from '../../resolve/resolvedSite';
import type { SiteFiles } from '../../resolve/siteReach';

/** What an edit can concern. */
export interface Concern {
  /** Whether what leads to a site or what it belongs to may be otherwise. */
  readonly isConcerned: (file: string, site: SiteFact) => boolean;
  /** What it was, or another of its function: the same leads to it; undefined where that may be otherwise. */
  readonly leadsAlike: (file: string, site: SiteFact) => ResolvedSite | undefined;
  /** The same of a release, where what it releases may be made by another API. */
  readonly endsAlike: (file: string, site: SiteFact) => ResolvedSite | undefined;
  /** Sites that a function has in addition, where callers of it are looked for by the others as they were; null where that may be otherwise. */
  readonly addedTo: (file: string, name: string) => readonly SiteFact[] | null;
  /** Functions that something leads to otherwise, as `functionKey`. */
  readonly below: ReadonlySet<string>;
}

export interface ConcernOptions {
  readonly before: ReadonlyMap<string, readonly ResolvedSite[]>;
  readonly now: SiteFiles;
  /** Files that may have other sites than they had. */
  readonly moved: readonly string[];
  /** The site that one was; undefined for one that was not. */
  readonly wasOf: (site: SiteFact) => ResolvedSite | undefined;
  readonly below: ReadonlySet<string>;
  /** Functions with other sites, as `functionKey`. */
  readonly withSites: readonly string[];
  readonly apiOf: (name: string) => Api | undefined;
  readonly isApi: (name: string) => boolean;
}

/** Sites in some functions, and those that are paired with one of these, or with others than before. */
export function concernOf({ before, now, moved, wasOf, below, withSites, apiOf, isApi }: ConcernOptions): Concern {
  const functions = new Set([...below, ...withSites]);
  const factsBefore = (file: string): readonly SiteFact[] => before.get(file)?.map(({ fact }) => fact) ?? [];
  const factsNow = (file: string): readonly SiteFact[] => now.get(file)?.sites ?? [];
  const holderNamed = (site: SiteFact): string | null => holderOf(site, apiOf(site.api))?.name ?? null;
  const ended = (site: SiteFact): string => endOf(site, apiOf);
  const endedBy = (site: SiteFact): string => `${ended(site)} ${site.api}`;
  const pairs = pairing(now, apiOf);
  const othersBy = (said: (site: SiteFact) => string): ReadonlySet<string> =>
    new Set(moved.flatMap((file) => differing(endsByHolder(factsBefore(file), holderNamed, said), endsByHolder(factsNow(file), holderNamed, said))));
  const [otherEnds, otherApis] = [othersBy(ended), othersBy(endedBy)];
  const heldIn = (some: ReadonlySet<string>): ReadonlySet<string | null> => new Set([...now].flatMap(([file, { sites }]) => sites.filter((site) => isIn(some, { file, site })).map(holderNamed)));
  const [held, heldBelow] = [heldIn(functions), heldIn(below)];
  const isPairedIn = (some: ReadonlySet<string>, file: string, site: SiteFact, others: ReadonlySet<string>): boolean => {
    const holder = holderNamed(site);
    return holder !== null && (others.has(holder) || (held.has(holder) && alliesOf(pairs, file, site).some((ally) => isIn(some, ally))));
  };
  const alike = (file: string, site: SiteFact, others: ReadonlySet<string>): ResolvedSite | undefined => {
    if (site.function === null || isIn(below, { file, site }) || isPairedIn(below, file, site, others)) return undefined;
    return wasOf(site) ?? before.get(file)?.find(({ fact }) => fact.function === site.function && ended(fact) === ended(site));
  };
  const isInside = (site: SiteFact): boolean => site.function !== null && isApi(site.function) && !creates(site);
  return {
    below,
    isConcerned: (file, site) => wasOf(site) === undefined || isIn(functions, { file, site }) || isPairedIn(functions, file, site, otherApis),
    leadsAlike: (file, site) => (isInside(site) ? undefined : alike(file, site, creates(site) ? otherEnds : otherApis)),
    endsAlike: (file, site) => (isInside(site) ? undefined : alike(file, site, otherEnds)),
    addedTo: (file, name) => {
      const endsIn = (sites: readonly SiteFact[]): SiteFact[] =>
        sites.filter((site) => site.function === name && (creates(site) || releasesMemory(site)) && apiOf(site.api) !== undefined);
      const left = endsIn(factsNow(file));
      for (const was of endsIn(factsBefore(file))) {
        const at = left.findIndex((site) => ended(site) === ended(was));
        const [site] = at === -1 ? [] : left.splice(at, 1);
        // Among fewer files it may be paired with another of its name.
        if (site === undefined || heldBelow.has(holderNamed(site) ?? '') || alike(file, site, otherEnds) === undefined) return null;
      }
      return left;
    },
  };
}

function isIn(functions: ReadonlySet<string>, { file, site: { function: name } }: PlacedSite): boolean {
  return name !== null && functions.has(functionKey(file, name));
}

/** What pairs a site with others: sites of which that is the same are paired alike, whatever else they say. */
function endOf(site: SiteFact, apiOf: (name: string) => Api | undefined): string {
  const holder = holderOf(site, apiOf(site.api));
  return [site.kind, site.family, ...(holder === null ? [] : [holder.name, holder.isMember])].join(' ');
}

/** What a file's sites make and release by the name of what holds it, in their order. */
function endsByHolder(sites: readonly SiteFact[], holderNamed: (site: SiteFact) => string | null, said: (site: SiteFact) => string): ReadonlyMap<string, string> {
  const ends = new Map<string, string>();
  for (const site of sites) {
    const holder = creates(site) || releasesMemory(site) ? holderNamed(site) : null;
    if (holder !== null) ends.set(holder, `${ends.get(holder) ?? ''}${site.function ?? ''} ${said(site)}\n`);
  }
  return ends;
}

function differing(were: ReadonlyMap<string, string>, are: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...were.keys(), ...are.keys()])].filter((name) => were.get(name) !== are.get(name));
}

/** Partners, and partners of these: a release has the classes of what it releases, which may have those of another release. */
function alliesOf(pairs: Pairing, file: string, site: SiteFact): readonly PlacedSite[] {
  const partners = partnersOf(pairs, file, site);
  return [...partners, ...partners.flatMap((partner) => partnersOf(pairs, partner.file, partner.site))];
}

function partnersOf(pairs: Pairing, file: string, site: SiteFact): readonly PlacedSite[] {
  return [...pairs.creationsOf(file, site), ...pairs.releasesOf(file, site)];
}
