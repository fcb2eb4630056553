import type { SiteFact } from '../../facts/fileFacts';
import { accounting, countingCalls } from '../../resolve/accounting';
import { notingSource, type AskedTexts, type EarlierAnswers } from '../../resolve/askedTexts';
import type { AskedNames } from '../../resolve/callGraph';
import { atFirstNamespace } from '../../resolve/firstNamespace';
import { definitionAround } from '../../resolve/linkTree';
import { creations } from '../../resolve/objects/creationMarks';
import { answersChanged, functionTexts } from '../../resolve/objects/functionTexts';
import type { ObjectSource } from '../../resolve/objects/objectSource';
import { siteObjects } from '../../resolve/objects/siteObjects';
import { functionKey } from '../../resolve/openNames';
import type { MarkedNames } from '../../resolve/reach';
import type { Reach, ResolvedSite } from '../../resolve/resolvedSite';
import { siteReachOver, type LinkedSites, type SiteFiles } from '../../resolve/siteReach';
import { createsMemory } from '../../resolve/siteDetails';
import { discoverWrappers, type Wrapper } from '../../resolve/wrappers';
import type { IndexedFacts } from '../factsMessages';
import type { FactsReader } from '../factsReader';
import type { LinkSteps } from '../linkFiles';
import { placeIn } from '../treeTable';
import { functionsBelow, sitesConcerned, type WrittenName } from './affectedSites';
import type { Basis } from './basis';
import { changedLinks } from './changedLinks';
import { noFurtherFiles, stepsWith, withFurther, type FurtherFiles } from './furtherFiles';
import { namesAfter, NotKept } from './keptNames';
import { searchedAgain, type Concern, type SearchAgainOptions } from './searchedAgain';

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
  readonly reader: Pick<FactsReader, 'files' | 'keptFor' | 'link' | 'mentions'>;
}

export type Links = Pick<ResolvedSite, 'reach' | 'objects' | 'accountedBy'>;

/** What leads to sites after an edit, where it changes calls and sites alone. */
export interface Relinked {
  /** Null where it is as it was. */
  readonly linksOf: (file: string, site: SiteFact) => Links | null;
  /** The place that counts the bytes of a site that it was said of before. */
  readonly countedAt: (place: string) => string;
  /** What was asked for it. */
  readonly asked: () => AskedNames & Pick<AskedTexts, 'strings' | 'constants' | 'linkages' | 'functions'>;
  readonly names: MarkedNames;
  /** As they are now; of calls of wrappers in files that mention an API none is a site. */
  readonly factsOf: (file: string) => IndexedFacts | undefined;
  readonly steps: LinkSteps;
  /** Files that were not linked before. */
  readonly further: FurtherFiles;
}

/** A search that finds files to link changes what leads to sites, and that what is looked for next. */
const mostSearches = 5;

/**
 * Links the sites anew that an edit can concern: those below a function that is called by more or fewer, or that calls
 * otherwise, those in functions with other sites, and what is paired with one of them. Null where more may be otherwise
 * than that: wrappers, what is looked for in the tree, what was never asked for.
 */
export async function relinked(options: RelinkOptions): Promise<Relinked | null> {
  try {
    return await linkedAgain(options);
  } catch (error) {
    if (error instanceof NotKept) return null;
    throw error;
  }
}

async function linkedAgain(options: RelinkOptions): Promise<Relinked | null> {
  let { basis } = options;
  let further = noFurtherFiles;
  for (let left = mostSearches; left > 0; left--) {
    const links = linkedOver(further, { ...options, basis });
    const searched = links === null ? null : await searchedAgain(links.sites, links.names, links.concern, { ...options, basis });
    if (links === null || searched === null) return null;
    if ('levels' in searched) return relinkedBy(links, searched, further, { ...options, basis });
    const found = await withFurther(further, searched, basis, options.reader);
    if (found === null) return null;
    further = found;
    basis = { ...basis, links: { ...basis.links, steps: stepsWith(basis.links.steps, searched) } };
  }
  return null;
}

interface LinksNow {
  readonly sites: SiteFiles;
  readonly names: MarkedNames;
  readonly factsOf: (file: string) => IndexedFacts | undefined;
  readonly linked: LinkedSites;
  readonly concern: Concern;
  readonly isApi: (name: string) => boolean;
}

function linkedOver(further: FurtherFiles, options: RelinkOptions): LinksNow | null {
  const { basis, facts, edited, before, wasOf, apiOf } = options;
  const changed = changesOf(options);
  if (changed === null || !areWrappersAsBefore(changed, options)) return null;
  const sites = sitesNow(options);
  const factsOf = factsNow(further, options);
  const names = namesAfter(basis.links, new Map([...edited.map((file) => [file, facts.get(file)] as const), ...further.facts]), factsOf);
  const wrappers = new Set(basis.wrappers.map(({ name }) => name));
  const isApi = (name: string): boolean => apiOf(name) !== undefined || wrappers.has(name);
  let isConcerned: Concern['isConcerned'] = () => true;
  const known = (file: string, site: SiteFact): readonly Reach[] | undefined => {
    const was = isConcerned(file, site) || (site.function !== null && isApi(site.function)) ? undefined : wasOf(site);
    return was === undefined ? undefined : asFound(was.reach);
  };
  const linked = siteReachOver(sites, names, { apiOf, wrappers, hubs: new Set(basis.links.steps.hubs), known });
  const below = functionsBelow([...changed.from, ...further.from], names, linked.calls, basis.asked.called);
  if (below === null) return null;
  const functions = new Set([...below, ...changed.withSites]);
  isConcerned = sitesConcerned({ before: sitesOf(before), now: sites, wasOf }, functions, apiOf);
  return { sites, names, factsOf, linked, concern: { isConcerned, below }, isApi };
}

function relinkedBy({ sites, names, factsOf, linked: { reach, calls, pairs }, concern: { isConcerned }, isApi }: LinksNow, steps: LinkSteps, further: FurtherFiles, options: RelinkOptions): Relinked | null {
  const { basis, facts, edited, before, wasOf, apiOf, objectSource } = options;
  const counted = countedElsewhere(before, sites, isApi);
  if (counted === null) return null;
  const wrappers = new Set(basis.wrappers.map(({ name }) => name));
  const earlier: EarlierAnswers = { asked: basis.asked, hasText: (file) => !facts.has(file) && !edited.includes(file), hasTypes: () => true, hasBuild: () => true };
  const texts = functionTexts((file) => names.factsOf(file)?.functions ?? [], objectSource, earlier);
  const noting = notingSource(objectSource, earlier);
  const objectsOf = siteObjects(names.factsOf, creations(basis.links.tables), calls.objectWorld, noting.source, texts, pairs);
  const accountedBy = accounting(sites, { isListed: (name) => apiOf(name) !== undefined, isWrapper: (name) => wrappers.has(name) }, calls);
  const linksOf = (file: string, site: SiteFact): Links | null => {
    const was = wasOf(site);
    const isInside = site.function !== null && isApi(site.function);
    if (was !== undefined && !isConcerned(file, site) && !isInside) return null;
    return {
      reach: atFirstNamespace(reach(file, site), site, () => definitionAround(file, site, calls, texts), texts),
      objects: was !== undefined && !isConcerned(file, site) ? was.objects : objectsOf(file, site),
      accountedBy: createsMemory(site) ? accountedBy(file, site) : null,
    };
  };
  return {
    linksOf,
    countedAt: (place) => counted.get(place) ?? place,
    asked: () => ({ ...noting.asked, ...calls.asked(), functions: texts.asked() }),
    names,
    factsOf,
    steps,
    further,
  };
}

/** As it was found, before it was said where it is not known, and what is guarded for the first namespace; undefined for the latter. */
function asFound(reach: readonly Reach[]): readonly Reach[] | undefined {
  if (reach.some(({ chain }) => chain.at(-1)?.startsWith('only if ') === true)) return undefined;
  return reach[0]?.frequencyClass === 'unknown' ? [] : reach;
}

interface Changed {
  /** From where something leads to sites otherwise. */
  readonly from: readonly WrittenName[];
  /** Functions with other sites, as `functionKey`. */
  readonly withSites: readonly string[];
}

function changesOf({ basis, moved, facts, edited, objectSource, reader }: RelinkOptions): Changed | null {
  const defined = new Set(edited.flatMap((file) => [...(facts.get(file)?.functions ?? []), ...(facts.get(file)?.macros ?? [])]).map(({ name }) => name));
  const from: WrittenName[] = [];
  const withSites: string[] = [];
  for (const file of moved) {
    const [was, is] = [reader.keptFor(contentBefore(basis, file)), facts.get(file)];
    const links = was === undefined || is === undefined ? null : changedLinks(file, was, is, basis.asked, defined);
    if (links === null) return null;
    from.push(...[...links.called].map((name) => ({ file, name })));
    withSites.push(...[...links.withSites].map((name) => functionKey(file, name)));
    for (const one of answersChanged(objectSource.textOf(file) ?? '', basis.asked.functions.get(file) ?? [])) {
      if ('member' in one) return null;
      from.push({ file, name: one.name });
    }
  }
  return { from, withSites };
}

/** '' where it is not known. */
function contentBefore({ table }: Basis, file: string): string {
  const at = placeIn(table, file);
  return (table.contents[at] ?? '') || (table.links[at] ?? '');
}

/** Facts are read when they are asked for. */
function factsNow(further: FurtherFiles, { basis, facts, edited, late, reader }: RelinkOptions): (file: string) => IndexedFacts | undefined {
  const isEdited = new Set(edited);
  const known = new Map<string, IndexedFacts | undefined>();
  return (file) => {
    if (further.facts.has(file)) return further.facts.get(file);
    if (isEdited.has(file)) return facts.get(file);
    if (!known.has(file)) known.set(file, late.get(file) ?? keptOf(file, basis, reader));
    return known.get(file);
  };
}

function keptOf(file: string, basis: Basis, reader: RelinkOptions['reader']): IndexedFacts | undefined {
  if (!basis.signatures.has(file)) return undefined;
  const kept = reader.keptFor(contentBefore(basis, file));
  if (kept === undefined) throw new NotKept(file);
  return kept;
}

function sitesOf(before: ReadonlyMap<string, readonly ResolvedSite[]>): SiteFiles {
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

/** Where bytes are counted now, by where they were; null where that is not one place for one. */
function countedElsewhere(before: ReadonlyMap<string, readonly ResolvedSite[]>, sites: SiteFiles, isApi: (name: string) => boolean): ReadonlyMap<string, string> | null {
  const [was, is] = [countingCalls(sitesOf(before), isApi), countingCalls(sites, isApi)];
  const moved = new Map<string, string>();
  if (was.size !== is.size) return null;
  for (const [api, place] of was) {
    const now = is.get(api);
    if (now === undefined || (moved.get(place) ?? now) !== now) return null;
    moved.set(place, now);
  }
  return moved;
}
