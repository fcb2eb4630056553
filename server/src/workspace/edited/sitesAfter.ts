import { keeperText } from '../../facts/objectMemory';
import type { SiteFact } from '../../facts/fileFacts';
import { linkTree, type LinkTreeOptions } from '../../resolve/linkTree';
import { turnsOfLoops } from '../../resolve/loopTurns';
import type { ObjectSource } from '../../resolve/objects/objectSource';
import type { ResolvedSite } from '../../resolve/resolvedSite';
import { isHeld, siteDetails, type DetailSource } from '../../resolve/siteDetails';
import { inOneOrder } from '../../resolve/siteReach';
import { withAllCalls, type Wrapper } from '../../resolve/wrappers';
import type { IndexedFacts } from '../factsMessages';
import type { ResolvedTree } from '../resolvedCache';
import type { Basis } from './basis';
import type { Links, Relinked } from './relinked';

export interface SitesToDo {
  readonly files: readonly string[];
  /** Those of them that may have other sites than they had. */
  readonly moved: ReadonlySet<string>;
  readonly facts: ReadonlyMap<string, IndexedFacts>;
  /** Whether the details of a site, as it was and as it is, may differ. */
  readonly isDetailed: (file: string, before: ResolvedSite, fact: SiteFact) => boolean;
}

/** Sites as they are, with what they were: in their order, or where there may be others by function and API. */
export function matched(before: readonly ResolvedSite[], now: readonly SiteFact[], mayDiffer: boolean): ReadonlyMap<SiteFact, ResolvedSite> {
  const keyOf = ({ function: name, api }: SiteFact): string => `${name ?? ''}\0${api}`;
  const left = new Map<string, ResolvedSite[]>();
  for (const site of before) left.set(keyOf(site.fact), [...(left.get(keyOf(site.fact)) ?? []), site]);
  return new Map(now.flatMap((fact, at) => {
    const site = mayDiffer ? takeAlike(left.get(keyOf(fact)), fact) : before[at];
    return site === undefined ? [] : [[fact, site] as const];
  }));
}

/** The first that says the same. */
function takeAlike(some: ResolvedSite[] | undefined, site: SiteFact): ResolvedSite | undefined {
  const said = ({ arguments: given, assignedTo, condition, inMacro, kind }: SiteFact): string => JSON.stringify([given, assignedTo, condition, inMacro, kind]);
  const at = some?.findIndex(({ fact }) => said(fact) === said(site)) ?? -1;
  return at === -1 ? undefined : some?.splice(at, 1)[0];
}

export interface SitesAfterOptions extends Pick<LinkTreeOptions, 'apiOf'>, Pick<DetailSource, 'sizeOf' | 'countOf' | 'batchOf' | 'memberOf'> {
  readonly objectSource: ObjectSource;
}

/** Null where a file that may not has other sites than it had, or its lines do not say which. */
export function sitesAfter(
  tree: ResolvedTree, { files, moved, facts, isDetailed }: SitesToDo, links: Relinked | null, { wrappers }: Basis, options: SitesAfterOptions,
): ReadonlyMap<string, readonly ResolvedSite[]> | null {
  const { objectSource, apiOf } = options;
  const linked = linkTree(facts, { apiOf, wrappers: withAllCalls(wrappers, facts), objectSource });
  const source: DetailSource = {
    ...options,
    holds: objectSource.holds,
    loopsOf: linked.loopsOf,
    wrapperOf: linked.wrapperOf,
    turnsOf: (file, loops) => turnsOfLoops(file, loops, objectSource),
  };
  const lines = new Map<string, string>();
  // Sites whose bytes are counted elsewhere name that place.
  const placeNow = (place: string): string => links?.countedAt(place) ?? lines.get(place) ?? place;
  const again = (file: string, fact: SiteFact, before: ResolvedSite | undefined): ResolvedSite => {
    const wrapper = linked.wrapperOf(file, fact.api);
    const known = isWrapped(before, wrapper) ? before : undefined;
    return {
      ...(known !== undefined && !isDetailed(file, known, fact) ? known : siteDetails(file, fact, wrapper, source)),
      ...(links?.linksOf(file, fact) ?? linksAsWere(before, placeNow)),
      file,
      fact,
      via: wrapper?.via ?? [],
      objectMemory: isHeld(fact) ? linked.objectMemoryOf(file, fact) : null,
      walk: linked.walkOf(file, fact),
      keeper: keeperText(fact),
    };
  };
  const after = new Map(tree.sites);
  for (const file of files) {
    const before = tree.sites.get(file) ?? [];
    const now = facts.get(file)?.sites ?? [];
    const was = matched(before, now, moved.has(file));
    if (!moved.has(file) && (now.length !== before.length || now.some((fact) => !isWrapped(was.get(fact), linked.wrapperOf(file, fact.api))))) return null;
    for (const fact of links === null ? now : []) {
      const place = `${file}:${was.get(fact)?.fact.line ?? 0}`;
      if ((lines.get(place) ?? `${file}:${fact.line}`) !== `${file}:${fact.line}`) return null;
      lines.set(place, `${file}:${fact.line}`);
    }
    if (now.length > 0) after.set(file, now.map((fact) => again(file, fact, was.get(fact))));
    else after.delete(file);
  }
  const done = new Set(files);
  const withLinks = (file: string, site: ResolvedSite): ResolvedSite => {
    const anew = links?.linksOf(file, site.fact) ?? null;
    if (anew !== null) return { ...site, ...anew };
    const { accountedBy } = linksAsWere(site, placeNow);
    return accountedBy === site.accountedBy ? site : { ...site, accountedBy };
  };
  // Those of the files above have theirs, but for lines that were not known yet.
  const all = [...after].map(([file, own]) => [file, done.has(file) && links !== null ? own : own.map((site) => withLinks(file, site))] as const);
  return inOneOrder(new Map(all));
}

function linksAsWere(before: ResolvedSite | undefined, placeNow: (place: string) => string): Links {
  const place = before?.accountedBy ?? null;
  return { reach: before?.reach ?? [], objects: before?.objects ?? [], accountedBy: place === null ? null : placeNow(place) };
}

function isWrapped(before: ResolvedSite | undefined, wrapper: Wrapper | undefined): boolean {
  return before?.via.join() === (wrapper?.via ?? []).join();
}
