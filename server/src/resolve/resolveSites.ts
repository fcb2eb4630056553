import type { SiteFact } from '../facts/fileFacts';
import { keeperText } from '../facts/objectMemory';
import type { InitialWalk } from './initialWalk';
import type { SiteObjects } from './objects/siteObjects';
import type { ObjectMemory, ResolvedSite } from './resolvedSite';
import { createsMemory, isHeld, siteDetails, type DetailSource, type SiteDetails } from './siteDetails';
import type { SiteReach } from './siteReach';
import type { Wrapper } from './wrappers';

export interface Resolution extends DetailSource {
  readonly reachOf: SiteReach;
  readonly objectsOf: SiteObjects;
  readonly walkOf: (file: string, site: SiteFact) => InitialWalk | null;
  /** Where the object's own memory is from; null where the file does not say. */
  readonly objectMemoryOf: (file: string, site: SiteFact) => ObjectMemory | null;
  /** The site that accounts for the bytes of a call inside an API's own definition, as `file:line`. */
  readonly accountedBy: (file: string, site: SiteFact) => string | null;
  /** What is known of a site already; absent: nothing. */
  readonly known?: KnownDetails | undefined;
}

export type KnownDetails = (file: string, site: SiteFact, wrapper: Wrapper | undefined) => KnownSite | undefined;

/** `walk` is absent where only details are known. */
export type KnownSite = SiteDetails & Partial<Pick<ResolvedSite, 'walk'>>;

export function resolveSite(file: string, fact: SiteFact, resolution: Resolution): ResolvedSite {
  const wrapper = resolution.wrapperOf(file, fact.api);
  const known = resolution.known?.(file, fact, wrapper);
  return {
    file,
    fact,
    ...(known ?? siteDetails(file, fact, wrapper, resolution)),
    reach: resolution.reachOf(file, fact),
    accountedBy: createsMemory(fact) ? resolution.accountedBy(file, fact) : null,
    via: wrapper?.via ?? [],
    objects: resolution.objectsOf(file, fact),
    objectMemory: isHeld(fact) ? resolution.objectMemoryOf(file, fact) : null,
    walk: known?.walk === undefined ? resolution.walkOf(file, fact) : known.walk,
    keeper: keeperText(fact),
  };
}
