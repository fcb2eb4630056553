import type { Api } from '../kernel/api';
import type { AskedNames } from '../resolve/callGraph';
import { wrapperIn } from '../resolve/linkTree';
import { openNames, type OpenNames } from '../resolve/openNames';
import { inOneOrder, siteReach } from '../resolve/siteReach';
import { subsystemOf } from '../resolve/treeParts';
import { discoverWrappers, type Wrapper, withAllCalls } from '../resolve/wrappers';
import { mayCallOne, mayHaveCallers, mentionsOf, searchCallers } from './callerSearch';
import type { IndexedFacts } from './factsMessages';
import type { FactsReader } from './factsReader';
import type { Interning } from './linkedFacts';

/** Each level is a pass over the text of the tree; what two levels do not reach stays unknown. */
const mostLevels = 2;

/** Fewer names are not worth a further pass. */
export const fewestNames = 16;

/** Bounds one level's search; sites of unknown class come first. */
export const mostNames = 3_000;

export interface LinkOptions {
  readonly reader: FactsReader;
  readonly onProblem: (file: string, reason: string) => void;
  readonly apiOf: (name: string) => Api | undefined;
  readonly intern: Interning;
  /** Facts so far; callers' files are added, without sites. */
  readonly facts: Map<string, IndexedFacts>;
  /** Functions found to be called from everywhere are added. */
  readonly hubs: Set<string>;
  /** Names that chains were looked for by are added. */
  readonly asked: { readonly [part in keyof AskedNames]: Set<string> };
}

/** What one look for callers began with, and the files that it found. */
export interface LinkLevel {
  readonly opened: OpenNames;
  readonly hubs: readonly string[];
  readonly fresh: readonly string[];
}

export interface LinkedFiles {
  readonly wrappers: readonly Wrapper[];
  readonly levels: readonly LinkLevel[];
  /** Functions called from everywhere, after all levels. */
  readonly hubs: readonly string[];
  /** Files that mention wrappers alone. */
  readonly late: readonly string[];
}

/** How the files were found that are linked. */
export type LinkSteps = Omit<LinkedFiles, 'wrappers'>;

/** Wrappers of wrappers beyond this are left out. */
export const wrapperRounds = 2;

/**
 * Finds the callers of functions with sites in files that mention no API: level by level looks for files with the
 * names whose callers are not known, and takes the calls of those. Then makes the callers of discovered wrappers sites.
 */
export async function linkFiles(files: readonly string[], options: LinkOptions): Promise<LinkedFiles> {
  const searched = new Set<string>();
  const sources = files.filter(mayHaveCallers);
  const levels: LinkLevel[] = [];
  for (let level = 0; level < mostLevels; level++) {
    const hubs = [...options.hubs];
    const opened = openedAt(options, level === 0);
    const names = namesToSearch(opened, searched, options);
    const fresh: string[] = [];
    levels.push({ opened, hubs, fresh });
    if (names.length === 0 || (level > 0 && names.length < fewestNames)) break;
    const found = await searchCallers(names, { ...options, sources, near: near(names, options) });
    for (const name of names) searched.add(name);
    for (const name of found.hubs) options.hubs.add(name);
    fresh.push(...[...found.files].filter((file) => !options.facts.has(file)).sort());
    await options.reader.link(fresh, { ...options, onFacts: (file, facts) => void options.facts.set(file, options.intern(facts)) });
  }
  const early = new Set(options.facts.keys());
  const wrappers = await findWrappers(sources, options);
  return { wrappers, levels, hubs: [...options.hubs], late: [...options.facts.keys()].filter((file) => !early.has(file)) };
}

/** Reads the files that call a wrapper anew, with the wrappers as APIs; again for wrappers of those. */
async function findWrappers(sources: readonly string[], options: LinkOptions): Promise<readonly Wrapper[]> {
  let wrappers: readonly Wrapper[] = [];
  for (let round = 0; round < wrapperRounds; round++) {
    // Of two with one name the last in this order is the API that files are read with: whoever was read first.
    const found = [...discoverWrappers(options.facts, options.apiOf, wrappers)].sort((a, b) => (identity(a) < identity(b) ? -1 : 1));
    const known = new Set(wrappers.map(identity));
    const fresh = found.filter((wrapper) => !known.has(identity(wrapper)));
    if (fresh.length === 0) break;
    wrappers = [...wrappers, ...fresh];
    const callers = new Set([...callersOf(fresh, options.facts), ...(await mentioning(fresh, sources, options))]);
    await options.reader.analyseWith([...callers].sort(), distinctApis(wrappers), {
      ...options,
      onFacts: (file, read) => {
        const facts = withoutStrangers(file, options.intern(read), wrappers, options);
        if (facts.sites.length > 0 || options.facts.has(file)) options.facts.set(file, facts);
      },
    });
  }
  return withAllCalls(wrappers, options.facts);
}

/** Files not read yet that mention a wrapper. */
async function mentioning(wrappers: readonly Wrapper[], sources: readonly string[], options: LinkOptions): Promise<readonly string[]> {
  const visible = wrappers.filter((wrapper) => wrapper.visible);
  const mayCall = mayCallOne(visible);
  const files = sources.filter((file) => !options.facts.has(file) && mayCall(file));
  const names = [...new Set(visible.map(({ name }) => name))].sort();
  return names.length === 0 ? [] : [...(await mentionsOf(names, files, options.reader)).values()].flat();
}

function identity({ file, name }: Wrapper): string {
  return `${file} ${name}`;
}

/** The APIs of wrappers, one a name, as a scan takes them. */
export function distinctApis(wrappers: readonly Wrapper[]): readonly Api[] {
  return [...new Map(wrappers.map(({ name, api }) => [name, api])).values()];
}

function callersOf(wrappers: readonly Wrapper[], files: ReadonlyMap<string, IndexedFacts>): readonly string[] {
  const names = new Set(wrappers.map(({ name }) => name));
  return [...files].filter(([file, { calls }]) =>
    calls.some(({ callees }) => callees.some((callee) => names.has(callee) && wrapperIn(files, wrappers, file, callee) !== undefined))).map(([file]) => file).sort();
}

/** Calls of a like-named function of the file's own are no sites. */
export function withoutStrangers(
  file: string,
  facts: IndexedFacts,
  wrappers: readonly Wrapper[],
  { apiOf }: Pick<LinkOptions, 'apiOf'>,
): IndexedFacts {
  const files = new Map([[file, facts]]);
  const sites = facts.sites.filter(({ api }) => apiOf(api) !== undefined || wrapperIn(files, wrappers, file, api) !== undefined);
  return { ...facts, sites };
}

/** Subsystems that define a function of one of the names. */
function near(names: readonly string[], { facts }: LinkOptions): ReadonlySet<string> {
  const wanted = new Set(names);
  return new Set([...facts].flatMap(([file, { functions }]) => (functions.some(({ name }) => wanted.has(name)) ? [subsystemOf(file)] : [])));
}

function openedAt({ facts: unordered, hubs, asked, apiOf }: LinkOptions, all: boolean): OpenNames {
  const facts = inOneOrder(unordered);
  const { reach, calls } = siteReach(facts, { apiOf, wrappers: new Set(), hubs });
  const open = { reach, calls, isApi: (name: string) => apiOf(name) !== undefined };
  const names = openNames(facts, open, all);
  const { names: defined, called } = calls.asked();
  for (const name of defined) asked.names.add(name);
  for (const name of called) asked.called.add(name);
  return names;
}

/** Where there are too many, those that lead to what is not known at all come first. */
function namesToSearch(opened: OpenNames, searched: ReadonlySet<string>, { apiOf }: LinkOptions): readonly string[] {
  const all = [...opened.values()];
  const names = new Set([...all.filter(({ isUnknown }) => isUnknown), ...all].flatMap((each) => each.names));
  return [...names].filter((name) => !searched.has(name) && apiOf(name) === undefined).slice(0, mostNames);
}
