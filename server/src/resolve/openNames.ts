import type { SiteFact } from '../facts/fileFacts';
import { isVisible } from './callGraph';
import type { CallReach } from './reach';
import { creates, releasesMemory } from './reachPairs';
import { initAnnotations } from './reachRoots';
import type { Reach } from './resolvedSite';
import type { SiteFiles, SiteReach } from './siteReach';

/** Shorter names are too common as words for a search of a whole tree to pay. */
const shortestName = 8;

/** What leads to the sites of one function, and whose callers may be in files not known yet. */
export interface Opened {
  readonly names: readonly string[];
  /** Nothing that tells enough leads to one of them yet. */
  readonly isUnknown: boolean;
}

/** By the file and name of the function. */
export type OpenNames = ReadonlyMap<string, Opened>;

export interface OpenReach {
  readonly reach: SiteReach;
  readonly calls: Pick<CallReach, 'openEnds'>;
  readonly isApi: (name: string) => boolean;
}

/**
 * Names whose callers are looked for: those that lead to sites of unknown class or of set-up code, and with `all` to all
 * that creates memory, which other events may reach as well. Of those inside an API's own code none: whoever calls an API is a site itself.
 */
export function openNames(files: SiteFiles, open: OpenReach, all: boolean): OpenNames {
  const names = new Map<string, Opened>();
  for (const [file, { sites }] of files) {
    for (const name of new Set(sites.flatMap((site) => site.function ?? []))) {
      const opened = openedAt(file, name, sites, open, all);
      if (opened !== null) names.set(functionKey(file, name), opened);
    }
  }
  return names;
}

export function functionKey(file: string, name: string): string {
  return `${file}\0${name}`;
}

/** The same of one function, in the order in which they are found; null where none are. */
export function openedAt(file: string, name: string, sites: readonly SiteFact[], { reach, calls, isApi }: OpenReach, all: boolean): Opened | null {
  const own = isApi(name) ? [] : sites.filter((site) => site.function === name && (creates(site) || releasesMemory(site)));
  const isUnknown = own.some((site) => isOpen(reach(file, site)));
  if (!isUnknown && !(all && own.some(creates))) return null;
  const names = [...new Set(calls.openEnds(file, name).filter((end) => isVisible(end) && end.name.length >= shortestName).map((end) => end.name))];
  return names.length === 0 ? null : { names, isUnknown };
}

/** Not known, or known by an `__init` alone: whether that is boot or a module's load its callers say. */
function isOpen(reach: readonly Reach[]): boolean {
  return reach[0]?.frequencyClass === 'unknown' || (reach.length > 0 && reach.every(({ chain: [root = ''] }) => initAnnotations.has(root)));
}
