import type { SiteFact } from '../facts/fileFacts';
import type { Api } from '../kernel/api';
import type { LinkFacts } from './callGraph';
import { inOrder, markedNames, reachOver, type CallReach, type MarkedNames, type Purpose } from './reach';
import { creates, pairing, releasesMemory, type Pairing, type PlacedSite } from './reachPairs';
import type { FrequencyClass, Reach } from './resolvedSite';

/** What triggers a site; `unknown` alone where no chain was found. */
export type SiteReach = (file: string, site: SiteFact) => readonly Reach[];

export interface SiteReachOptions {
  readonly apiOf: (name: string) => Api | undefined;
  /** Names beside the catalogue's that pass an allocation on. */
  readonly wrappers: ReadonlySet<string>;
  /** Functions known to be called from all over the tree. */
  readonly hubs: ReadonlySet<string>;
  /** What is known of a site already; absent: nothing. */
  readonly known?: ((file: string, site: SiteFact) => readonly Reach[] | undefined) | undefined;
  /** What was found of a release that the same leads to, where what it releases may be made by another API. */
  readonly knownEnd?: ((file: string, site: SiteFact) => readonly Reach[] | undefined) | undefined;
}

export type SiteFiles = ReadonlyMap<string, { readonly sites: readonly SiteFact[] }>;

/**
 * Classes of sites. What creates memory has those of the chains to it, else those of its release; what releases it is
 * as frequent as its creation, so it has the classes of that, each by a chain of its own where there is one. Static
 * data is there from boot or module load.
 */
export function siteReach(files: ReadonlyMap<string, LinkFacts & { readonly sites: readonly SiteFact[] }>, options: SiteReachOptions): LinkedSites {
  const ordered = inOneOrder(files);
  return siteReachOver(ordered, markedNames(ordered), options);
}

/** The same over names that are looked up: `files` come in one order. */
export function siteReachOver(files: SiteFiles, names: MarkedNames, options: SiteReachOptions): LinkedSites {
  const isApi = (name: string): boolean => options.apiOf(name) !== undefined || options.wrappers.has(name);
  const calls = reachOver(names, { isApi, hubs: options.hubs });
  const pairs = pairing(files, options.apiOf);
  const world: World = { isModule: names.isModule, calls, pairs, isApi, callsOfApi: callsByApi(files), passedOn: new Map(), known: options.known, knownEnd: options.knownEnd };
  return { reach: (file, site) => orUnknown(reachOfSite(world, file, site), site), calls, pairs };
}

/** Of chains equally long the first found is shown: files come in one order, whoever was read first. */
export function inOneOrder<T>(files: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export interface LinkedSites {
  readonly reach: SiteReach;
  readonly calls: CallReach;
  readonly pairs: Pairing;
}

interface World {
  readonly isModule: MarkedNames['isModule'];
  readonly known: SiteReachOptions['known'];
  readonly knownEnd: SiteReachOptions['knownEnd'];
  readonly calls: CallReach;
  readonly pairs: Pairing;
  readonly isApi: (name: string) => boolean;
  readonly callsOfApi: ReadonlyMap<string, readonly PlacedSite[]>;
  /** Classes of what releases or touches inside an API's own definition, by that API and the kind of site. */
  readonly passedOn: Map<string, readonly Reach[]>;
}

function callsByApi(files: SiteFiles): ReadonlyMap<string, readonly PlacedSite[]> {
  const calls = new Map<string, PlacedSite[]>();
  for (const [file, { sites }] of files) {
    for (const site of sites) calls.set(site.api, [...(calls.get(site.api) ?? []), { file, site }]);
  }
  return calls;
}

function orUnknown(reach: readonly Reach[], { function: name }: SiteFact): readonly Reach[] {
  return reach.length > 0 ? reach : [{ frequencyClass: 'unknown', chain: name === null ? [] : [name] }];
}

function reachOfSite(world: World, file: string, site: SiteFact): readonly Reach[] {
  if (site.family === 'static') return [staticReach(world, file)];
  if (site.function === null) return [];
  if (creates(site)) return creationReach(world, file, site);
  const known = world.known?.(file, site);
  if (known !== undefined) return known;
  if (world.isApi(site.function)) return callersReach(world, site.function, site.kind);
  return releasesMemory(site) ? releaseReach(world, file, site) : touchReach(world, file, site);
}

function staticReach({ isModule }: World, file: string): Reach {
  return { frequencyClass: isModule(file) ? 'module-load' : 'boot', chain: ['static percpu data'] };
}

function chains({ calls }: World, file: string, site: SiteFact, purpose: Purpose): readonly Reach[] {
  return site.function === null ? [] : calls.reachOf(file, site.function, purpose);
}

/** Chains to the end of what was made, by the classes of that alone. */
function endsOf({ calls }: World, file: string, site: SiteFact, made: readonly Reach[]): readonly Reach[] {
  const wanted = [...new Set(made.map(({ frequencyClass }) => frequencyClass))].sort();
  if (site.function === null || wanted.length === 0) return [];
  return calls.reachOf(file, site.function, 'end', wanted).filter(({ frequencyClass }) => wanted.includes(frequencyClass));
}

/** Inside an API's own definition: the classes of all its calls, by their chains. */
function callersReach(world: World, api: string, kind: string): readonly Reach[] {
  const key = `${kind} ${api}`;
  const known = world.passedOn.get(key);
  if (known !== undefined) return known;
  // Definitions can call each other in a circle (one name, two `#if` branches): each asks the others once.
  world.passedOn.set(key, []);
  const reach = (world.callsOfApi.get(api) ?? []).flatMap(({ file, site }) => reachOfSite(world, file, site));
  const own = inOrder(distinct(reach)).map(({ frequencyClass, chain }) => ({ frequencyClass, chain: [...chain, api] }));
  world.passedOn.set(key, own);
  return own;
}

/** Chains to a release itself end at its function; what its creation lent it does not, or is lent again. */
function endsAsBefore({ knownEnd }: World, file: string, site: SiteFact, made: readonly Reach[]): readonly Reach[] | undefined {
  const before = knownEnd?.(file, site);
  const classesOf = (reach: readonly Reach[]): string => reach.map(({ frequencyClass }) => frequencyClass).sort().join();
  return before === undefined || classesOf(before) !== classesOf(made) ? undefined : before.filter(({ chain }) => chain.at(-1) === site.function);
}

/** In steady state as many are released as are made: with no chain to where it is made, its release tells. */
function creationReach(world: World, file: string, site: SiteFact): readonly Reach[] {
  const known = world.known?.(file, site);
  if (known !== undefined) return known;
  const own = chains(world, file, site, 'create');
  if (own.length > 0) return own;
  const ends = world.pairs.releasesOf(file, site).flatMap((end) => chains(world, end.file, end.site, 'release'));
  return distinct(ends).map(({ frequencyClass, chain }) => ({
    frequencyClass, chain: [...chain, `releases what ${site.function ?? 'file scope'} makes`],
  }));
}

function releaseReach(world: World, file: string, site: SiteFact): readonly Reach[] {
  const made = inOrder(distinct(world.pairs.creationsOf(file, site).flatMap((start) => madeBy(world, start, file, site))));
  if (made.length === 0) return chains(world, file, site, 'release');
  const direct = endsAsBefore(world, file, site, made) ?? endsOf(world, file, site, made);
  return made.map((reach) => direct.find(({ frequencyClass }) => frequencyClass === reach.frequencyClass) ?? reach);
}

/** A check or sum on the way out (`check_mm`) is found by the object's classes, as its release is. */
function touchReach(world: World, file: string, site: SiteFact): readonly Reach[] {
  const made = world.pairs.creationsOf(file, site).flatMap((start) => creationReach(world, start.file, start.site));
  return inOrder(distinct([...chains(world, file, site, 'touch'), ...endsOf(world, file, site, made)]));
}

/** The chain to the creation, and that this site ends what was created there. */
function madeBy(world: World, start: PlacedSite, file: string, site: SiteFact): readonly Reach[] {
  const sameFunction = start.file === file && start.site.function === site.function;
  return creationReach(world, start.file, start.site).map(({ frequencyClass, chain }) => ({
    frequencyClass,
    chain: sameFunction ? chain : [...chain, `${start.site.api}, released in ${site.function ?? 'file scope'}`],
  }));
}

function distinct(reach: readonly Reach[]): Reach[] {
  const byClass = new Map<FrequencyClass, Reach>();
  for (const one of reach) if (!byClass.has(one.frequencyClass)) byClass.set(one.frequencyClass, one);
  return [...byClass.values()];
}
