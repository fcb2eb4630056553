import type { SiteFact } from '../facts/fileFacts';
import type { Api } from '../kernel/api';
import type { ResolvedSite, ResolvedSize } from './resolvedSite';
import type { SiteReach } from './siteReach';

/** Bytes and alignment of what a site allocates per CPU, for its arguments in its file. */
export type SizeOf = (file: string, site: SiteFact) => ResolvedSize;

export interface Resolution {
  readonly apiOf: (name: string) => Api | undefined;
  readonly sizeOf: SizeOf;
  readonly reachOf: SiteReach;
  /** Number of elements where a `count` argument is no literal; null when unknown. */
  readonly countOf: (file: string, site: SiteFact) => number | null;
  /** The site that accounts for the bytes of a call inside an API's own definition, as `file:line`. */
  readonly accountedBy: (site: SiteFact) => string | null;
}

/** Kinds that create percpu memory, and so have a size, a create cost and a footprint. */
const creating: ReadonlySet<string> = new Set(['alloc', 'init', 'indirect', 'define']);

export function createsMemory(site: SiteFact): boolean {
  return creating.has(site.kind);
}

export function resolveSite(file: string, fact: SiteFact, resolution: Resolution): ResolvedSite {
  const api = resolution.apiOf(fact.api);
  const gfp = gfpOf(fact, api);
  return {
    file,
    fact,
    type: argument(fact, api?.roles.type),
    size: createsMemory(fact) ? resolution.sizeOf(file, fact) : noSize(fact),
    count: createsMemory(fact) ? resolution.countOf(file, fact) : null,
    gfp,
    atomic: gfp !== null && /\bGFP_(ATOMIC|NOWAIT)\b/.test(gfp),
    reach: resolution.reachOf(file, fact),
    accountedBy: createsMemory(fact) ? resolution.accountedBy(fact) : null,
    via: [],
  };
}

function noSize(fact: SiteFact): ResolvedSize {
  return { size: null, align: null, source: 'unknown', reason: `${fact.api} allocates nothing` };
}

/** GFP_KERNEL is what the forms without a gfp argument pass on (include/linux/percpu.h). */
function gfpOf(fact: SiteFact, api: Api | undefined): string | null {
  if (api?.roles.gfp !== undefined) return argument(fact, api.roles.gfp);
  return fact.kind === 'alloc' ? 'GFP_KERNEL' : null;
}

function argument(fact: SiteFact, index: number | undefined): string | null {
  return index === undefined ? null : (fact.arguments[index] ?? null);
}

/**
 * Finds for each call inside an API's own definition the call of that API that is counted instead:
 * `alloc_percpu` in `mm_alloc_cid()` allocates the very bytes that the call of `mm_alloc_cid` stands for.
 */
export function accounting(
  files: ReadonlyMap<string, { readonly sites: readonly SiteFact[] }>,
): (site: SiteFact) => string | null {
  const firstCall = new Map<string, string>();
  for (const [file, facts] of files) {
    for (const site of facts.sites) {
      if (createsMemory(site) && site.family !== 'static' && !firstCall.has(site.api)) {
        firstCall.set(site.api, `${file}:${site.line}`);
      }
    }
  }
  return (site) => {
    if (site.function === null || site.function === site.api) return null;
    return firstCall.get(site.function) ?? null;
  };
}
