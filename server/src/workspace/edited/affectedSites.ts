import type { SiteFact } from '../../facts/fileFacts';
import type { Api } from '../../kernel/api';
import type { CallReach, MarkedNames } from '../../resolve/reach';
import type { ResolvedSite } from '../../resolve/resolvedSite';
import { functionKey } from '../../resolve/openNames';
import { pairing, type Pairing, type PlacedSite } from '../../resolve/reachPairs';
import { runsItsArgument } from '../../resolve/reachRoots';
import type { SiteFiles } from '../../resolve/siteReach';

/** A name as it is written in a file. */
export interface WrittenName {
  readonly file: string;
  readonly name: string;
}

/** More functions than this are not followed: then a tree is linked anew. */
const mostFunctions = 4_000;

/**
 * Functions that one of the given leads to by calls, with those themselves, as `functionKey`; null where there are too many.
 * `called`: names whose callers were ever asked for, since calls of others lead to no site.
 */
export function functionsBelow(
  from: readonly WrittenName[], { factsOf }: Pick<MarkedNames, 'factsOf'>, { definitionsOf }: Pick<CallReach, 'definitionsOf'>, called: ReadonlySet<string>,
): ReadonlySet<string> | null {
  const below = new Set<string>();
  const queue: WrittenName[] = [];
  const reach = ({ file, name }: WrittenName): void => {
    for (const definition of definitionsOf(name, file)) {
      const key = functionKey(definition.file, definition.name);
      if (below.has(key)) continue;
      below.add(key);
      queue.push(definition);
    }
  };
  from.forEach(reach);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (below.size > mostFunctions) return null;
    const { file, name } = next;
    const { calls = [], mentions = [] } = factsOf(file) ?? {};
    for (const { caller, callees } of calls) if (caller === name) for (const callee of callees) if (called.has(callee)) reach({ file, name: callee });
    for (const { caller, callee, name: handed } of mentions) if (caller === name && callee !== null && runsItsArgument.test(callee) && called.has(handed)) reach({ file, name: handed });
  }
  return below;
}

export interface Sides {
  readonly before: SiteFiles;
  readonly now: SiteFiles;
  /** The site that one was; undefined for one that was not. */
  readonly wasOf: (site: SiteFact) => ResolvedSite | undefined;
}

/** Sites in some functions, and those that are paired with one of these, or with others than before. */
export function sitesConcerned({ before, now, wasOf }: Sides, functions: ReadonlySet<string>, apiOf: (name: string) => Api | undefined): (file: string, site: SiteFact) => boolean {
  const isIn = ({ file, site: { function: name } }: PlacedSite): boolean => name !== null && functions.has(functionKey(file, name));
  const [pairsBefore, pairsNow] = [pairing(before, apiOf), pairing(now, apiOf)];
  const known = new Map<SiteFact, boolean>();
  const isConcerned = (file: string, site: SiteFact): boolean => {
    const was = wasOf(site);
    if (was === undefined || isIn({ file, site })) return true;
    const [then, partners] = [alliesOf(pairsBefore, file, was.fact), alliesOf(pairsNow, file, site)];
    return [...then, ...partners].some(isIn) || then.map(identityOf).join() !== partners.map(identityOf).join();
  };
  return (file, site) => {
    const value = known.get(site) ?? isConcerned(file, site);
    known.set(site, value);
    return value;
  };
}

/** Partners, and partners of these: a release has the classes of what it releases, which may have those of another release. */
function alliesOf(pairs: Pairing, file: string, site: SiteFact): readonly PlacedSite[] {
  const partners = partnersOf(pairs, file, site);
  return [...partners, ...partners.flatMap((partner) => partnersOf(pairs, partner.file, partner.site))];
}

function partnersOf(pairs: Pairing, file: string, site: SiteFact): readonly PlacedSite[] {
  return [...pairs.creationsOf(file, site), ...pairs.releasesOf(file, site)];
}

function identityOf({ file, site: { function: name, api } }: PlacedSite): string {
  return `${file} ${name ?? ''} ${api}`;
}
