import type { SiteFact } from '../facts/fileFacts';
import type { Definition } from './callGraph';
import type { CallReach } from './reach';
import { creates, type PlacedSite } from './reachPairs';

type SiteFiles = ReadonlyMap<string, { readonly sites: readonly SiteFact[] }>;

/** How far inside its own code an API allocates. */
const deepest = 5;

/**
 * Finds for each call inside an API's own code the call of that API that is counted instead: `alloc_percpu` in
 * `mm_alloc_cid()` allocates the very bytes that the call of `mm_alloc_cid` stands for. An API's own code is its
 * definition and what leads there from the allocation within the same part of the tree.
 */
export function accounting(
  files: SiteFiles,
  isApi: (name: string) => boolean,
  calls: Pick<CallReach, 'definitionsOf' | 'callersOf'>,
): (file: string, site: SiteFact) => string | null {
  const counting = countingCalls(files, isApi);
  const memory = new Map<string, string | null>();
  return (file, site) => {
    if (site.function === null || !creates(site)) return null;
    const key = `${file}\0${site.function}`;
    const known = memory.get(key);
    if (known !== undefined) return known;
    const counted = countedFor(calls.definitionsOf(site.function, file), site.function, isApi, calls, counting);
    memory.set(key, counted);
    return counted;
  };
}

/** The first call of each API, by place, that is itself no part of an API. */
function countingCalls(files: SiteFiles, isApi: (name: string) => boolean): ReadonlyMap<string, string> {
  const first = new Map<string, PlacedSite>();
  for (const file of [...files.keys()].sort()) {
    for (const site of files.get(file)?.sites ?? []) {
      if (!creates(site) || site.function === null || isApi(site.function)) continue;
      if (!first.has(site.api)) first.set(site.api, { file, site });
    }
  }
  return new Map([...first].map(([api, { file, site }]) => [api, `${file}:${site.line}`]));
}

function countedFor(
  starts: readonly Definition[],
  name: string,
  isApi: (name: string) => boolean,
  calls: Pick<CallReach, 'callersOf'>,
  counting: ReadonlyMap<string, string>,
): string | null {
  if (isApi(name)) return counting.get(name) ?? nextOut(starts, isApi, calls, counting);
  return nextOut(starts, isApi, calls, counting);
}

function nextOut(
  starts: readonly Definition[],
  isApi: (name: string) => boolean,
  calls: Pick<CallReach, 'callersOf'>,
  counting: ReadonlyMap<string, string>,
): string | null {
  const seen = new Set(starts);
  let level = [...starts];
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    const next: Definition[] = [];
    for (const definition of level) {
      for (const caller of calls.callersOf(definition)) {
        if (seen.has(caller) || !isSamePart(definition, caller)) continue;
        const counted = isApi(caller.name) ? counting.get(caller.name) : undefined;
        if (counted !== undefined) return counted;
        seen.add(caller);
        next.push(caller);
      }
    }
    level = next;
  }
  return null;
}

function isSamePart(definition: Definition, caller: Definition): boolean {
  return caller.place.subsystem === definition.place.subsystem || caller.file.startsWith('include/');
}
