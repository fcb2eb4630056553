import type { SiteFact } from '../../facts/fileFacts';
import { accounting, countingCalls } from '../../resolve/accounting';
import { notingSource, type AskedTexts, type EarlierAnswers } from '../../resolve/askedTexts';
import type { AskedNames } from '../../resolve/callGraph';
import { atFirstNamespace } from '../../resolve/firstNamespace';
import { definitionAround } from '../../resolve/linkTree';
import { creations } from '../../resolve/objects/creationMarks';
import { functionTexts } from '../../resolve/objects/functionTexts';
import { siteObjects } from '../../resolve/objects/siteObjects';
import type { MarkedNames } from '../../resolve/reach';
import type { ResolvedSite } from '../../resolve/resolvedSite';
import type { SiteFiles } from '../../resolve/siteReach';
import { createsMemory } from '../../resolve/siteDetails';
import type { IndexedFacts } from '../factsMessages';
import type { LinkSteps } from '../linkFiles';
import { noFurtherFiles, stepsWith, withFurther, type FurtherFiles } from './furtherFiles';
import { keptFactsOf, linkedOver, sitesOf, type LinksNow, type RelinkOptions } from './linksNow';
import { searchedAgain, type SearchedSteps } from './searchedAgain';

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
 * than that: wrappers, what makes objects, fewer names to search. It and what it gives throw NotKept where facts are gone.
 */
export async function relinked(options: RelinkOptions): Promise<Relinked | null> {
  let { basis } = options;
  let further = noFurtherFiles;
  const keptFacts = keptFactsOf(options);
  for (let left = mostSearches; left > 0; left--) {
    const links = linkedOver(further, keptFacts, { ...options, basis });
    const searched = links === null ? null : await searchedAgain(links.sites, links.names, links.concern, { ...options, basis });
    if (links === null || searched === null) return null;
    if ('steps' in searched) return relinkedBy(links, searched, further, { ...options, basis });
    const found = await withFurther(further, searched, basis, options.reader);
    if (found === null) return null;
    further = found;
    basis = { ...basis, links: { ...basis.links, steps: stepsWith(basis.links.steps, searched) } };
  }
  return null;
}

function relinkedBy({ sites, names, factsOf, linked: { reach, calls, pairs }, concern: { isConcerned }, isApi }: LinksNow, searched: SearchedSteps, further: FurtherFiles, options: RelinkOptions): Relinked | null {
  const { basis, facts, edited, before, wasOf, apiOf, objectSource } = options;
  const counted = countedElsewhere(before, sites, isApi);
  if (counted === null) return null;
  const wrappers = new Set(basis.wrappers.map(({ name }) => name));
  const earlier: EarlierAnswers = { asked: basis.asked, hasText: (file) => !facts.has(file) && !edited.includes(file), hasTypes: () => true, hasBuild: () => true };
  const texts = functionTexts((file) => factsOf(file)?.functions ?? [], objectSource, earlier);
  const noting = notingSource(objectSource, earlier);
  const objectsOf = siteObjects(factsOf, creations(basis.links.tables), calls.objectWorld, noting.source, texts, pairs);
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
    asked: () => ({ ...noting.asked, ...together([calls.asked(), ...searched.asked]), functions: texts.asked() }),
    names,
    factsOf,
    steps: searched.steps,
    further,
  };
}

function together(asked: readonly AskedNames[]): AskedNames {
  return { names: new Set(asked.flatMap(({ names }) => [...names])), called: new Set(asked.flatMap(({ called }) => [...called])) };
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
