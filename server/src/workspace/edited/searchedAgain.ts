import type { SiteFact } from '../../facts/fileFacts';
import type { Api } from '../../kernel/api';
import type { AskedNames, CallPlace, NamedPlaces } from '../../resolve/callGraph';
import { functionKey, openedAt, type OpenNames } from '../../resolve/openNames';
import type { MarkedNames } from '../../resolve/reach';
import { creates } from '../../resolve/reachPairs';
import type { ResolvedSite } from '../../resolve/resolvedSite';
import { siteReachOver, type SiteFiles } from '../../resolve/siteReach';
import { subsystemOf } from '../../resolve/treeParts';
import { mayHaveCallers, searchCallers } from '../callerSearch';
import type { FactsReader } from '../factsReader';
import { fewestNames, mostNames, type LinkLevel, type LinkSteps } from '../linkFiles';
import type { Basis } from './basis';
import type { Concern } from './concern';
import type { FoundFurther } from './furtherFiles';

export interface SearchAgainOptions {
  readonly basis: Pick<Basis, 'links'>;
  /** Edited files that say something else of what leads to sites. */
  readonly moved: readonly string[];
  /** The sites as they were. */
  readonly before: ReadonlyMap<string, readonly ResolvedSite[]>;
  readonly apiOf: (name: string) => Api | undefined;
  readonly reader: Pick<FactsReader, 'files' | 'mentions'>;
}

/**
 * What is looked for in the tree after an edit, level by level; names that were not are searched. What that finds beyond the
 * files that are linked is given instead, at the first level that does. Null where less is looked for.
 */
export async function searchedAgain(sites: SiteFiles, names: MarkedNames, concern: Concern, options: SearchAgainOptions): Promise<SearchedSteps | FoundFurther | null> {
  const { basis: { links: { steps } }, reader } = options;
  const levels = levelsNow(sites, names, concern, options);
  const sources = reader.files.filter(mayHaveCallers);
  const searched = { now: new Set<string>(), before: new Set<string>() };
  for (const [level, { now, before, names: there }] of levels.entries()) {
    const wanted = namesOf(now, options).filter((name) => !searched.now.has(name));
    const were = namesOf(before.opened, options).filter((name) => !searched.before.has(name));
    if (!areMore(wanted, were) || isPassed(wanted, level) !== isPassed(were, level)) return null;
    for (const name of wanted) searched.now.add(name);
    for (const name of were) searched.before.add(name);
    if (wanted.length === were.length || isPassed(wanted, level)) continue;
    const found = await searchCallers(wanted, { reader, sources, near: near(wanted, there) });
    const fresh = new Set([...found.files].filter((file) => !there.isLinked(file)));
    if (before.fresh.some((file) => !fresh.has(file))) return null;
    const known = { hubs: new Set((steps.levels[level + 1] ?? steps).hubs), files: new Set(before.fresh) };
    const [hubs, files] = [found.hubs.filter((name) => !known.hubs.has(name)), [...fresh].filter((file) => !known.files.has(file)).sort()];
    // What was looked for before is called from more files than it was.
    if (hubs.some((name) => were.includes(name))) return null;
    // What a later level found would be there earlier.
    if (steps.levels.slice(level + 1).some(({ fresh: later }) => later.some((file) => files.includes(file)))) return null;
    if (hubs.length + files.length > 0) return { level, files, hubs: hubs.flatMap((name) => (there.placesOf(name)?.definers ?? []).map((file) => ({ file, name }))) };
  }
  return { steps: { ...steps, levels: levels.map(({ now, before }) => ({ ...before, opened: now })) }, asked: levels.map(({ asked }) => asked) };
}

/** How the files were found that are linked, and what was asked for to find them. */
export interface SearchedSteps {
  readonly steps: LinkSteps;
  readonly asked: readonly AskedNames[];
}

interface LevelNow {
  readonly before: LinkLevel;
  readonly now: OpenNames;
  /** Of files that are linked when it begins. */
  readonly names: MarkedNames;
  readonly asked: AskedNames;
}

function levelsNow(sites: SiteFiles, names: MarkedNames, concern: Concern, options: SearchAgainOptions): readonly LevelNow[] {
  const { basis: { links: { steps } }, apiOf } = options;
  const functions = functionsConcerned(sites, concern, options);
  const isAsBefore = isOpenedAsBefore(sites, concern, options);
  const later = new Set(steps.late);
  const levels: LevelNow[] = [];
  // From the last one: what is found at a level is there from the next.
  for (const [at, before] of [...steps.levels.entries()].reverse()) {
    for (const file of before.fresh) later.add(file);
    const own: SiteFiles = new Map([...sites].flatMap(([file, { sites: all }]) => {
      const listed = later.has(file) ? [] : all.filter((site) => apiOf(site.api) !== undefined);
      return listed.length === 0 ? [] : [[file, { sites: listed }] as const];
    }));
    const there = namesIn(new Set(later), names);
    const { reach, calls } = siteReachOver(own, there, { apiOf, wrappers: new Set(), hubs: new Set(before.hubs) });
    const now = new Map(before.opened);
    for (const [file, some] of functions) {
      for (const name of some) {
        if (at === 0 && isAsBefore(file, name)) continue;
        const key = functionKey(file, name);
        const was = before.opened.get(key);
        const added = concern.addedTo(file, name);
        // What it has beside that opens nothing more then.
        if (added !== null && (added.length === 0 || was?.isUnknown === true)) continue;
        const there = own.get(file)?.sites ?? [];
        const opened = openedAt(file, name, added === null ? there : there.filter((site) => added.includes(site)), { reach, calls, isApi: (one) => apiOf(one) !== undefined }, at === 0);
        if (opened !== null) now.set(key, opened);
        else if (added === null) now.delete(key);
      }
    }
    levels.unshift({ before, now, names: there, asked: calls.asked() });
  }
  return levels;
}

/** The names without some files. */
function namesIn(later: ReadonlySet<string>, { isLinked, placesOf, definedIn, markersOf, marksIn, isModule }: MarkedNames): MarkedNames {
  const isThere = (file: string): boolean => !later.has(file);
  const callsIn = (places: NamedPlaces | undefined): readonly CallPlace[] => (places?.calls ?? []).filter(({ file }) => isThere(file));
  return {
    isLinked: (file) => isThere(file) && isLinked(file),
    placesOf: (name) => {
      const places = placesOf(name);
      return places === undefined ? undefined : { definers: places.definers.filter(isThere), get calls() { return callsIn(places); } };
    },
    definedIn: (file, name) => (isThere(file) ? definedIn(file, name) : []),
    markersOf: (name) => markersOf(name).filter(isThere),
    marksIn: (file, name) => (isThere(file) ? marksIn(file, name) : []),
    isModule: (file) => isThere(file) && isModule(file),
  };
}

/** At first all is looked for that leads to what creates memory: that does not hang on how, nor on what releases it. */
function isOpenedAsBefore(sites: SiteFiles, { below }: Concern, { before, apiOf }: SearchAgainOptions): (file: string, name: string) => boolean {
  const isCreatingIn = (name: string) => (site: SiteFact): boolean => site.function === name && creates(site) && apiOf(site.api) !== undefined;
  return (file, name) =>
    !below.has(functionKey(file, name)) && sites.get(file)?.sites.some(isCreatingIn(name)) === true && before.get(file)?.some(({ fact }) => isCreatingIn(name)(fact)) === true;
}

function functionsConcerned(sites: SiteFiles, { isConcerned }: Concern, { before, moved }: SearchAgainOptions): ReadonlyMap<string, ReadonlySet<string>> {
  const functions = new Map<string, Set<string>>();
  const concern = (file: string, name: string | null): void => {
    if (name !== null) functions.set(file, (functions.get(file) ?? new Set<string>()).add(name));
  };
  for (const [file, { sites: own }] of sites) for (const site of own) if (isConcerned(file, site)) concern(file, site.function);
  // Those that lost a site too.
  for (const file of moved) for (const { fact } of before.get(file) ?? []) concern(file, fact.function);
  return functions;
}

function namesOf(opened: OpenNames, { apiOf }: SearchAgainOptions): readonly string[] {
  return [...new Set([...opened.values()].flatMap(({ names }) => names))].filter((name) => apiOf(name) === undefined);
}

/** All that were searched and others; beyond the bound it matters which come first. */
function areMore(now: readonly string[], before: readonly string[]): boolean {
  const isNow = new Set(now);
  return now.length <= mostNames && before.every((name) => isNow.has(name));
}

function isPassed(names: readonly string[], level: number): boolean {
  return names.length === 0 || (level > 0 && names.length < fewestNames);
}

/** Subsystems that define a function of one of the names. */
function near(names: readonly string[], { placesOf, definedIn }: MarkedNames): ReadonlySet<string> {
  const isFunctionIn = (file: string, name: string): boolean => definedIn(file, name).some(({ isMacro }) => !isMacro);
  return new Set(names.flatMap((name) => (placesOf(name)?.definers ?? []).filter((file) => isFunctionIn(file, name)).map(subsystemOf)));
}
