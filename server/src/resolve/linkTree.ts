import { copiedPart } from '../facts/cTokens';
import type { FileFacts, SiteFact } from '../facts/fileFacts';
import type { Api } from '../kernel/api';
import { accounting } from './accounting';
import { notingSource, withNames, type AskedTexts, type EarlierAnswers } from './askedTexts';
import type { Definition, LinkFacts } from './callGraph';
import { atFirstNamespace } from './firstNamespace';
import { initialWalk, type InitialWalk } from './initialWalk';
import { loopsAround, turnsOfLoops } from './loopTurns';
import { creatingTables, creations, type CreatingTables } from './objects/creationMarks';
import { functionTexts, type FunctionTexts } from './objects/functionTexts';
import { noSource, type ObjectSource } from './objects/objectSource';
import { siteObjects, type SiteObjects } from './objects/siteObjects';
import { markedNames, type CallReach, type MarkedNames } from './reach';
import { inOneOrder, siteReachOver, type SiteReach } from './siteReach';
import { objectMemory } from './objectMemory';
import type { ObjectMemory } from './resolvedSite';
import { folderOf } from './sourceTree';
import { meansWrapper, type Wrapper } from './wrappers';

/** What only all files together say about a site. */
export interface LinkedTree {
  readonly reachOf: SiteReach;
  /** The objects that a site is a part of. */
  readonly objectsOf: SiteObjects;
  /** The loop over CPUs that initialises what a site allocates; null where there is none. */
  readonly walkOf: (file: string, site: SiteFact) => InitialWalk | null;
  /** The loops around a site in its function, outermost first, as written. */
  readonly loopsOf: (file: string, site: SiteFact) => readonly string[];
  /** How often loops run what is inside; null where a bound is not constant in the file. */
  readonly turnsOf: (file: string, loops: readonly string[]) => number | null;
  /** The site that counts the bytes of one inside an API's own code, as `file:line`; null where it counts itself. */
  readonly accountedBy: (file: string, site: SiteFact) => string | null;
  /** The discovered wrapper that a name means in a file. */
  readonly wrapperOf: (file: string, name: string) => Wrapper | undefined;
  readonly calls: CallReach;
  /** Whether a preprocessor condition over configuration options holds; null where that is not known. */
  readonly holds: (condition: string) => boolean | null;
  readonly objectMemoryOf: (file: string, site: SiteFact) => ObjectMemory | null;
  /** What was asked of texts so far, beside facts, for the objects that sites are a part of. */
  readonly asked: () => AskedTexts;
  readonly names: MarkedNames;
  readonly tables: CreatingTables;
}

export interface LinkTreeOptions {
  readonly apiOf: (name: string) => Api | undefined;
  readonly wrappers?: readonly Wrapper[];
  /** Functions known to be called from all over the tree. */
  readonly hubs?: ReadonlySet<string>;
  /** Texts and configuration, for the conditions and loops around what objects create. */
  readonly objectSource?: ObjectSource;
  /** What was answered for another state of the tree. */
  readonly earlier?: EarlierAnswers | undefined;
}

export type LinkedFiles = ReadonlyMap<string, LinkFacts & Pick<FileFacts, 'sites' | 'objectMemory'>>;

/** Links the facts of many files: reach, accounting and wrappers. */
export function linkTree(files: LinkedFiles, { apiOf, wrappers = [], hubs = new Set(), objectSource = noSource, earlier }: LinkTreeOptions): LinkedTree {
  const names = new Set(wrappers.map(({ name }) => name));
  const ordered = inOneOrder(files);
  const marked = markedNames(ordered);
  const { reach, calls, pairs } = siteReachOver(ordered, marked, { apiOf, wrappers: names, hubs });
  const texts = functionTexts((file) => files.get(file)?.functions ?? [], objectSource, earlier);
  const noting = notingSource(objectSource, earlier);
  const tables = creatingTables(ordered, calls.objectWorld.graph, noting.source);
  return {
    reachOf: (file, site) => atFirstNamespace(reach(file, site), site, () => definitionAround(file, site, calls, texts), texts),
    accountedBy: accounting(files, { isListed: (name) => apiOf(name) !== undefined, isWrapper: (name) => names.has(name) }, calls),
    objectsOf: siteObjects((file) => files.get(file), creations(tables), calls.objectWorld, noting.source, texts, pairs),
    asked: () => {
      const functions = texts.asked();
      return withNames({ ...noting.asked, ...calls.asked(), followable: definedBeside(files, functions), functions }, { names, called: names });
    },
    walkOf: (file, site) => walkAfter(file, site, calls, texts, objectSource),
    loopsOf: (file, site) => loopsAround(site, () => definitionAround(file, site, calls, texts), texts),
    turnsOf: (file, loops) => turnsOfLoops(file, loops, objectSource),
    wrapperOf: (file, name) => (names.has(name) ? wrapperIn(files, wrappers, file, name) : undefined),
    calls,
    names: marked,
    tables,
    holds: objectSource.holds,
    objectMemoryOf: (file, site) => {
      const facts = files.get(file);
      return facts === undefined ? null : objectMemory(file, facts, site);
    },
  };
}

/** Names of functions and macros in the folders of files with a function that was asked for what it assigns. */
export function definedBeside(files: ReadonlyMap<string, Pick<LinkFacts, 'functions' | 'macros'>>, asked: AskedTexts['functions']): ReadonlySet<string> {
  const folders = new Set([...asked].flatMap(([file, functions]) => (functions.some((one) => 'member' in one) ? [folderOf(file)] : [])));
  const beside = [...files].flatMap(([file, { functions, macros }]) => (folders.has(folderOf(file)) ? [...functions, ...macros] : []));
  return new Set(beside.map(({ name }) => name));
}

/** The loop over CPUs in the site's function that initialises what it allocates. */
function walkAfter(file: string, site: SiteFact, calls: CallReach, texts: FunctionTexts, { textOf }: ObjectSource): InitialWalk | null {
  if (site.family !== 'dyn' || site.kind !== 'alloc' || site.assignedTo === null) return null;
  const definition = definitionAround(file, site, calls, texts);
  const place = definition === undefined ? null : texts.placeOf(definition);
  return place === null ? null : initialWalk(copiedPart(textOf(file) ?? '', place.start, place.end), site.span.end - place.start, site.assignedTo);
}

/** The function that a site stands in: a name can have several definitions in a file. */
export function definitionAround(file: string, { function: name, span }: SiteFact, { definitionsOf }: Pick<CallReach, 'definitionsOf'>, texts: FunctionTexts): Definition | undefined {
  if (name === null) return undefined;
  return definitionsOf(name, file).find((one) => {
    const place = one.file === file ? texts.placeOf(one) : null;
    return place !== null && place.start <= span.start && span.start < place.end;
  });
}

/** Where the name is also something else in the file, it is no wrapper there. */
export function wrapperIn(files: LinkedFiles, wrappers: readonly Wrapper[], file: string, name: string): Wrapper | undefined {
  const facts = files.get(file);
  return facts === undefined ? undefined : wrappers.find((wrapper) => meansWrapper(name, file, facts, wrapper));
}
