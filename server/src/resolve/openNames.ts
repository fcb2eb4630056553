import type { SiteFact } from '../facts/fileFacts';
import { isVisible, type LinkFacts } from './callGraph';
import type { CallReach } from './reach';
import { creates, releasesMemory } from './reachPairs';
import { initAnnotations } from './reachRoots';
import type { Reach } from './resolvedSite';
import type { SiteReach } from './siteReach';

/** Shorter names are too common as words for a search of a whole tree to pay. */
const shortestName = 8;

/**
 * Names of functions that lead to sites and whose callers may be in files not known yet: those of sites of unknown
 * class or of set-up code, and with `all` those of all that creates memory, which other events may reach as well.
 */
export function openNames(
  files: ReadonlyMap<string, LinkFacts & { readonly sites: readonly SiteFact[] }>,
  reach: SiteReach,
  calls: CallReach,
  isApi: (name: string) => boolean,
  all: boolean,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [file, { sites }] of files) {
    for (const name of new Set(sites.filter((site) => isAsked(file, site, reach, all)).map((site) => site.function))) {
      // Whoever calls an API is a site itself.
      if (name === null || isApi(name)) continue;
      for (const end of calls.openEnds(file, name)) {
        if (isVisible(end) && end.name.length >= shortestName) names.add(end.name);
      }
    }
  }
  return names;
}

function isAsked(file: string, site: SiteFact, reach: SiteReach, all: boolean): boolean {
  if (site.function === null || (!creates(site) && !releasesMemory(site))) return false;
  return (all && creates(site)) || isOpen(reach(file, site));
}

/** Not known, or known by an `__init` alone: whether that is boot or a module's load its callers say. */
function isOpen(reach: readonly Reach[]): boolean {
  return reach[0]?.frequencyClass === 'unknown' || (reach.length > 0 && reach.every(({ chain: [root = ''] }) => initAnnotations.has(root)));
}
