import type { Api, ApiFamily } from './api';
import { counterApis } from './catalogueCounter';
import { dynamicApis } from './catalogueDynamic';
import { indirectApis, wrapperApis } from './catalogueIndirect';
import { staticApis } from './catalogueStatic';
import { atLeast, compareKernelVersions, type KernelVersion } from './version';

/** All entries, of all versions; a name whose behaviour changed has an entry for each. */
export const allApis: readonly Api[] = [...dynamicApis, ...counterApis, ...staticApis, ...indirectApis, ...wrapperApis];

/** The APIs that an analysis knows, one entry a name. */
export interface Catalogue {
  readonly byName: ReadonlyMap<string, Api>;
  /** Differs when any entry differs: part of the key of whatever is cached by it. */
  readonly identity: string;
}

/**
 * The catalogue for a kernel; the newest one where the version is not known. A name is known whatever the version,
 * since distributions backport: where no entry covers the version, the nearest one stands in. `extra` are the
 * user's own entries, for wrappers outside the tree; they win over ours of the same name.
 */
export function catalogueFor(version: KernelVersion | null, extra: readonly Api[] = []): Catalogue {
  const byName = new Map<string, Api>();
  for (const api of allApis) {
    const known = byName.get(api.name);
    if (known === undefined || fitsBetter(api, known, version)) byName.set(api.name, api);
  }
  for (const api of extra) byName.set(api.name, api);
  return { byName, identity: digest(JSON.stringify([...byName.values()])) };
}

/** What a driver has the core allocate with its devices, and where their names are (net/core/dev.c netdev_do_alloc_pcpu_stats, since 6.7). */
const askingNames: readonly string[] = ['pcpu_stat_type', 'rtnl_link_ops'];

/** A file that mentions none of these has nothing to do with percpu memory. */
export function mentionedNames({ byName }: Catalogue): readonly string[] {
  return [...byName.keys(), ...askingNames];
}

/** The entries of some families; null: all. */
export function catalogueOfFamilies(catalogue: Catalogue, families: readonly ApiFamily[] | null): Catalogue {
  if (families === null) return catalogue;
  return {
    byName: new Map([...catalogue.byName].filter(([, api]) => families.includes(api.family))),
    identity: `${catalogue.identity} ${[...families].sort().join(' ')}`,
  };
}

/** True where the entry holds for that kernel. */
export function holdsIn(api: Api, version: KernelVersion): boolean {
  return (api.since === undefined || atLeast(version, api.since)) && (api.until === undefined || !atLeast(version, api.until));
}

function fitsBetter(api: Api, known: Api, version: KernelVersion | null): boolean {
  if (version === null) return later(api, known);
  const holds = holdsIn(api, version);
  return holds === holdsIn(known, version) ? later(api, known) : holds;
}

function later(api: Api, known: Api): boolean {
  if (api.since === undefined || known.since === undefined) return api.since !== undefined;
  return compareKernelVersions(api.since, known.since) > 0;
}

/** 53-bit FNV-1a as hexadecimal: tells catalogues apart, guards nothing. */
function digest(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
  }
  return ((high >>> 0) * 0x100000000 + (low >>> 0)).toString(16);
}
