import type { SiteFact } from '../facts/fileFacts';
import { isVisible, type LinkFacts } from './callGraph';
import type { CallReach } from './reach';
import { isCore } from './treeParts';
import { creates, releasesMemory } from './reachPairs';
import type { SiteReach } from './siteReach';

/** Shorter names are too common as words for a search of a whole tree to pay. */
const shortestName = 8;

/**
 * Names of functions that lead to sites and whose callers may be in files not known yet: those of sites of unknown
 * class, and with `all` those of core code too, which other events may reach as well.
 */
export function openNames(
  files: ReadonlyMap<string, LinkFacts & { readonly sites: readonly SiteFact[] }>,
  reach: SiteReach,
  calls: CallReach,
  all: boolean,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [file, { sites }] of files) {
    for (const name of new Set(sites.filter((site) => isAsked(file, site, reach, all)).map((site) => site.function))) {
      if (name === null) continue;
      for (const end of calls.openEnds(file, name)) {
        if (isVisible(end) && end.name.length >= shortestName) names.add(end.name);
      }
    }
  }
  return names;
}

function isAsked(file: string, site: SiteFact, reach: SiteReach, all: boolean): boolean {
  if (site.function === null || (!creates(site) && !releasesMemory(site))) return false;
  return (all && creates(site) && isCore(file)) || reach(file, site)[0]?.frequencyClass === 'unknown';
}
