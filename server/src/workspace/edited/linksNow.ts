import type { SiteFact } from '../../facts/fileFacts';
import type { ObjectSource } from '../../resolve/objects/objectSource';
import { functionKey } from '../../resolve/openNames';
import { creates } from '../../resolve/reachPairs';
import type { Reach, ResolvedSite } from '../../resolve/resolvedSite';
import { siteReachOver, type LinkedSites, type SiteFiles } from '../../resolve/siteReach';
import { discoverWrappers, type Wrapper } from '../../resolve/wrappers';
import type { IndexedFacts } from '../factsMessages';
import type { FactsReader } from '../factsReader';
import { contentIn } from '../treeTable';
import type { Basis } from './basis';
import { changedLinks, definedIn } from './changedLinks';
import { concernOf, type Concern } from './concern';
import { functionsBelow, type WrittenName } from './functionsBelow';
import type { FurtherFiles } from './furtherFiles';
import { answersOtherwise } from './linkedOtherwise';
import { namesAfter, NotKept, type NamesAfter } from './namesAfter';
import type { Retyped } from './retyped';
import type { SearchAgainOptions } from './searchedAgain';

export interface RelinkOptions extends SearchAgainOptions {
  readonly basis: Basis;
  /** Facts of all edited files, as they are now. */
  readonly facts: ReadonlyMap<string, IndexedFacts>;
  readonly edited: readonly string[];
  /** Facts of files that mention wrappers alone. */
  readonly late: ReadonlyMap<string, IndexedFacts>;
  /** The site that one of an edited file was. */
  readonly wasOf: (site: SiteFact) => ResolvedSite | undefined;
  readonly objectSource: ObjectSource;
  readonly retyped: Pick<Retyped, 'isSameNamed' | 'placesIn'>;
  readonly reader: Pick<FactsReader, 'files' | 'keptFor' | 'link' | 'mentions'>;
}

/** What leads to sites after an edit, and which of them it can concern. */
export interface LinksNow {
  readonly sites: SiteFiles;
  readonly names: NamesAfter;
  readonly factsOf: (file: string) => IndexedFacts | undefined;
  readonly linked: LinkedSites;
  readonly concern: Concern;
  readonly isApi: (name: string) => boolean;
}

/** Null where more may be otherwise than calls and sites. */
export function linkedOver(further: FurtherFiles, keptFacts: (file: string) => IndexedFacts | undefined, options: RelinkOptions): LinksNow | null {
  const { basis, facts, edited, late, moved, before, wasOf, apiOf } = options;
  const changed = changesOf(options);
  if (changed === null || !areWrappersAsBefore(changed, options)) return null;
  const sites = sitesNow(options);
  const isEdited = new Set(edited);
  const factsOf = (file: string): IndexedFacts | undefined => further.facts.get(file) ?? (isEdited.has(file) ? facts.get(file) : keptFacts(file));
  const isLinked = (file: string): boolean => further.facts.has(file) || (isEdited.has(file) ? facts.has(file) : late.has(file) || basis.signatures.has(file));
  const names = namesAfter(basis.links, new Map([...edited.map((file) => [file, facts.get(file)] as const), ...further.facts]), { factsOf, isLinked });
  const wrappers = new Set(basis.wrappers.map(({ name }) => name));
  const isApi = (name: string): boolean => apiOf(name) !== undefined || wrappers.has(name);
  let concern: Concern | null = null;
  const known = (file: string, site: SiteFact): readonly Reach[] | undefined =>
    concern === null ? undefined : asFound(concern.leadsAlike(file, site) ?? createdBeside(file, site, concern, options));
  const knownEnd = (file: string, site: SiteFact): readonly Reach[] | undefined => asFound(concern?.endsAlike(file, site));
  const linked = siteReachOver(sites, names, { apiOf, wrappers, hubs: new Set(basis.links.steps.hubs), known, knownEnd });
  const below = functionsBelow([...changed.from, ...further.from], names, linked.calls, basis.asked.called);
  if (below === null) return null;
  concern = concernOf({ before, now: sites, moved, wasOf, below, withSites: changed.withSites, apiOf, isApi });
  return { sites, names, factsOf, linked, concern, isApi };
}

/** What its function created before, by the chains that lead there: as they do to all that it creates. */
function createdBeside(file: string, site: SiteFact, { below }: Concern, { before }: RelinkOptions): ResolvedSite | undefined {
  if (site.function === null || !creates(site) || below.has(functionKey(file, site.function))) return undefined;
  return before.get(file)?.find(({ fact, reach: [first] }) => fact.function === site.function && creates(fact) && first?.frequencyClass !== 'unknown' && first?.chain.at(-1) === site.function);
}

/** As it was found, before it was said where it is not known, and what is guarded for the first namespace; undefined for the latter. */
function asFound(was: ResolvedSite | undefined): readonly Reach[] | undefined {
  if (was === undefined || was.reach.some(({ chain }) => chain.at(-1)?.startsWith('only if ') === true)) return undefined;
  return was.reach[0]?.frequencyClass === 'unknown' ? [] : was.reach;
}

interface Changed {
  /** From where something leads to sites otherwise. */
  readonly from: readonly WrittenName[];
  /** Functions with other sites, as `functionKey`. */
  readonly withSites: readonly string[];
}

function changesOf({ basis, moved, facts, edited, objectSource, retyped, reader }: RelinkOptions): Changed | null {
  const defined = definedIn(edited, facts);
  const from: WrittenName[] = [];
  const withSites: string[] = [];
  for (const file of moved) {
    const [was, is] = [reader.keptFor(contentIn(basis.table, file)), facts.get(file)];
    const links = was === undefined || is === undefined ? null : changedLinks(file, was, is, basis.asked, defined);
    if (links === null) return null;
    from.push(...[...links.called].map((name) => ({ file, name })));
    withSites.push(...[...links.withSites].map((name) => functionKey(file, name)));
    for (const one of answersOtherwise(file, basis.asked.functions.get(file) ?? [], retyped, objectSource)) {
      if ('member' in one) return null;
      from.push({ file, name: one.name });
    }
  }
  return { from, withSites };
}

/** Facts of files that were not edited, read when they are asked for. */
export function keptFactsOf({ basis, late, reader }: RelinkOptions): (file: string) => IndexedFacts | undefined {
  const known = new Map<string, IndexedFacts | undefined>();
  return (file) => {
    if (!known.has(file)) known.set(file, late.get(file) ?? keptOf(file, basis, reader));
    return known.get(file);
  };
}

function keptOf(file: string, basis: Basis, reader: RelinkOptions['reader']): IndexedFacts | undefined {
  if (!basis.signatures.has(file)) return undefined;
  const kept = reader.keptFor(contentIn(basis.table, file));
  if (kept === undefined) throw new NotKept(file);
  return kept;
}

export function sitesOf(before: ReadonlyMap<string, readonly ResolvedSite[]>): SiteFiles {
  return new Map([...before].map(([file, own]) => [file, { sites: own.map(({ fact }) => fact) }]));
}

function sitesNow({ before, edited, facts }: RelinkOptions): SiteFiles {
  const sites = new Map(sitesOf(before));
  for (const file of edited) {
    const own = facts.get(file)?.sites ?? [];
    if (own.length > 0) sites.set(file, { sites: own });
    else sites.delete(file);
  }
  return new Map([...sites].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Of the edited files the same functions pass the same on; which call of several does is found in rounds. */
function areWrappersAsBefore({ withSites }: Changed, { basis, edited, facts, apiOf }: RelinkOptions): boolean {
  const others = new Set(withSites);
  if (basis.wrappers.some(({ file, name }) => others.has(functionKey(file, name)))) return false;
  const own = new Map([...facts].filter(([file]) => edited.includes(file)));
  const isEdited = new Set(edited);
  const said = (wrappers: readonly Wrapper[]): string =>
    wrappers.map(({ name, file, visible, parameters, via, api }) => JSON.stringify([file, name, visible, parameters, via, api])).sort().join('\n');
  return said(discoverWrappers(own, apiOf, basis.wrappers)) === said(basis.wrappers.filter(({ file }) => isEdited.has(file)));
}
