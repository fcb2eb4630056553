import type { SiteFact } from '../facts/fileFacts';
import { keeperText } from '../facts/objectMemory';
import type { ResolvedSite } from '../resolve/resolvedSite';
import { siteIdentities } from './siteIdentity';
import type { SnapshotSite } from './snapshot';

/** Sites of a document as edited, each with what was last known of it until the analysis has caught up. */
export function provisionalSites(
  file: string,
  facts: readonly SiteFact[],
  known: readonly SnapshotSite[],
): readonly SnapshotSite[] {
  const byId = new Map(known.map((site) => [site.id, site]));
  return siteIdentities(file, facts).map((id, index) => {
    const fact = facts[index];
    if (fact === undefined) throw new Error('one identity a site');
    const earlier = byId.get(id);
    if (earlier === undefined) return { id, site: unresolved(file, fact), settled: false };
    const same = sameArguments(earlier.site.fact, fact);
    return { id, site: { ...earlier.site, fact }, settled: earlier.settled && same };
  });
}

export function settledSites(file: string, sites: readonly ResolvedSite[]): readonly SnapshotSite[] {
  const ids = siteIdentities(file, sites.map((site) => site.fact));
  return sites.map((site, index) => ({ id: ids[index] ?? '', site, settled: true }));
}

function sameArguments(a: SiteFact, b: SiteFact): boolean {
  return a.arguments.length === b.arguments.length && a.arguments.every((text, index) => text === b.arguments[index]);
}

function unresolved(file: string, fact: SiteFact): ResolvedSite {
  return {
    file,
    fact,
    type: null,
    size: { size: null, align: null, source: 'unknown', reason: 'still being resolved' },
    count: null,
    turns: fact.loop === null ? 1 : null,
    batch: null,
    gfp: null,
    atomic: false,
    reach: [{ frequencyClass: 'unknown', chain: [] }],
    accountedBy: null,
    via: [],
    objects: [],
    walk: null,
    keeper: keeperText(fact),
    member: null,
    objectMemory: null,
  };
}
