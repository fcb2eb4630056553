import type { SiteFact } from '../facts/fileFacts';
import type { Definition } from './callGraph';
import type { CallReach } from './reach';
import { creates } from './reachPairs';
import type { SiteFiles } from './siteReach';


/** How far inside its own code an API allocates. */
const deepest = 5;

export interface AccountedApis {
  /** Catalogue entries, which say all that one call allocates, helpers included. */
  readonly isListed: (name: string) => boolean;
  /** Discovered wrappers, which stand for the calls in their own body. */
  readonly isWrapper: (name: string) => boolean;
}

/**
 * Finds for each call inside an API's own code the call of that API that is counted instead: `alloc_percpu` in
 * `mm_alloc_cid()` allocates the very bytes that the call of `mm_alloc_cid` stands for. An API's own code is its
 * definition, and for a catalogue entry what leads there from the allocation within the same part of the tree.
 */
export function accounting(
  files: SiteFiles,
  apis: AccountedApis,
  calls: Pick<CallReach, 'definitionsOf' | 'callersOf'>,
): (file: string, site: SiteFact) => string | null {
  const { isListed, isWrapper } = apis;
  const counting = countingCalls(files, (name) => isListed(name) || isWrapper(name));
  const behindHelpers = new Map<string, string | null>();
  return (file, site) => {
    const { function: name } = site;
    if (name === null || !creates(site)) return null;
    const direct = isListed(name) || isWrapper(name) ? counting.get(name) : undefined;
    // The catalogue's areas are percpu memory itself: an object with some of its own, made on the way, is not in them.
    if (direct !== undefined || site.family !== 'dyn' || isWrapper(site.api)) return direct ?? null;
    const key = `${file}\0${name}`;
    const known = behindHelpers.get(key);
    if (known !== undefined) return known;
    const counted = nextOut(calls.definitionsOf(name, file), isListed, calls, counting);
    behindHelpers.set(key, counted);
    return counted;
  };
}

/** The call that counts for each API, as `file:line`: the first that is itself no part of an API, else what counts for that one. */
export function countingCalls(files: SiteFiles, isApi: (name: string) => boolean): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  const within = new Map<string, string[]>();
  for (const file of [...files.keys()].sort()) {
    for (const site of files.get(file)?.sites ?? []) {
      if (!creates(site) || site.function === null) continue;
      if (isApi(site.function)) within.set(site.api, [...(within.get(site.api) ?? []), site.function]);
      else if (!first.has(site.api)) first.set(site.api, `${file}:${site.line}`);
    }
  }
  for (const api of within.keys()) {
    const counted = outermost(api, first, within, new Set());
    if (counted !== undefined) first.set(api, counted);
  }
  return first;
}

function outermost(
  api: string,
  first: ReadonlyMap<string, string>,
  within: ReadonlyMap<string, readonly string[]>,
  seen: Set<string>,
): string | undefined {
  if (first.has(api) || seen.has(api)) return first.get(api);
  seen.add(api);
  for (const outer of within.get(api) ?? []) {
    const counted = outermost(outer, first, within, seen);
    if (counted !== undefined) return counted;
  }
  return undefined;
}

function nextOut(
  starts: readonly Definition[],
  isListed: (name: string) => boolean,
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
        const counted = isListed(caller.name) ? counting.get(caller.name) : undefined;
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
