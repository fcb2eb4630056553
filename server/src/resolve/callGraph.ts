import type { FunctionFact, MacroFact, RegistrationFact, TableFact } from '../facts/fileFacts';
import type { MentionFact } from '../facts/linkage';
import { cached } from '../util/cached';
import { runsItsArgument } from './reachRoots';
import { mayLink, placeOf, type Place } from './treeParts';

/** The part of a file's facts that reach needs: names alone, since there are hundreds of thousands. */
export interface LinkFacts {
  readonly functions: readonly LinkFunction[];
  readonly calls: readonly CallsFrom[];
  readonly mentions: readonly Omit<MentionFact, 'offset'>[];
  readonly tables: readonly LinkTable[];
  readonly registrations: readonly Pick<RegistrationFact, 'macro' | 'argument'>[];
  readonly macros: readonly Pick<MacroFact, 'name'>[];
}

export type LinkTable = Pick<TableFact, 'type' | 'name' | 'fields'>;

export interface LinkFunction extends Pick<FunctionFact, 'name' | 'isStatic' | 'annotations' | 'condition'> {
  /** Offsets in the file's text, from the return type to after the closing brace. */
  readonly start: number;
  readonly end: number;
  /** Names; those of functions without a site may be left out. */
  readonly parameters: readonly string[];
}

/** What one function, macro or stretch of file scope (null) calls. */
export interface CallsFrom {
  readonly caller: string | null;
  readonly callees: readonly string[];
}

/** A function or macro definition in the tree. */
export interface Definition {
  readonly id: number;
  readonly file: string;
  readonly place: Place;
  readonly name: string;
  /** How many of that name come before it in its file: one a branch of an `#if`. */
  readonly ordinal: number;
  readonly isMacro: boolean;
  readonly isStatic: boolean;
  /** Words before its name that say when it runs: `__init`. */
  readonly annotations: readonly string[];
}

/** What a file says of a definition beside where it is. */
export type DefinedAs = Pick<Definition, 'isMacro' | 'isStatic' | 'annotations'>;

/** All that an answer can depend on. */
export interface AskedNames {
  /** Names of the definitions that were asked for, and of those that call them: what defines one of these counts. */
  readonly names: ReadonlySet<string>;
  /** Those of them whose callers were asked for: calls of others lead nowhere. */
  readonly called: ReadonlySet<string>;
}

export interface CallGraph {
  /** Definitions that a name written in `file` can mean there: the file's own first, else global ones. */
  readonly definitionsOf: (name: string, file: string) => readonly Definition[];
  /** Definitions that call the given one, or hand it to a function that calls it. */
  readonly callersOf: (definition: Definition) => readonly Definition[];
  /** The same, without a note that it was asked for: for what matters only of definitions that others ask for. */
  readonly definitionsUnnoted: CallGraph['definitionsOf'];
  readonly asked: () => AskedNames;
  /** From how many subsystems (`fs/ext4`, `net/sched`) it is called, its own left out. */
  fanInOf(definition: Definition): number;
}

/** Files with facts that have a name, in order. */
export interface NamedPlaces {
  /** That define it. */
  readonly definers: readonly string[];
  /** Where it is called, or handed to what calls it. */
  readonly calls: readonly CallPlace[];
}

export interface CallPlace {
  readonly file: string;
  readonly caller: string;
}

/** What a call graph is made of: which files are linked, and where names are. */
export interface LinkedNames {
  readonly isLinked: (file: string) => boolean;
  /** Of a name that some file defines; undefined for others. */
  readonly placesOf: (name: string) => NamedPlaces | undefined;
  /** What a name is in a file, in order; none where it is not defined there. The same definition each time. */
  readonly definedIn: (file: string, name: string) => readonly Definition[];
}

/**
 * Links the calls of many files to definitions by C's rules of linkage: a static name is seen in its file alone. Little of
 * a tree is ever asked about: of the rest no more is known than where a name is.
 */
export function callGraph({ isLinked, placesOf, definedIn }: LinkedNames): CallGraph {
  const globals = cached((name: string) => (placesOf(name)?.definers ?? []).flatMap((file) => definedIn(file, name).filter(isVisible)));
  const asked = { names: new Set<string>(), called: new Set<string>() };
  const placeIn = cached(placeOf);
  /** Where a definition is called, or handed over, by its name. */
  const callsOf = (definition: Definition): readonly CallPlace[] => {
    const { definers = [], calls = [] } = placesOf(definition.name) ?? {};
    asked.names.add(definition.name);
    asked.called.add(definition.name);
    const own = new Set(definers);
    return calls.filter(({ file }) => (own.has(file) ? definition.file === file : isVisible(definition) && mayLink(placeIn(file), definition.place)));
  };
  const callersOf = cached((definition: Definition): readonly Definition[] => {
    const callers = new Set<Definition>();
    for (const { file, caller } of callsOf(definition)) {
      asked.names.add(caller);
      for (const source of definedIn(file, caller)) if (source !== definition) callers.add(source);
    }
    return [...callers];
  });
  const definitionsUnnoted: CallGraph['definitionsOf'] = (name, file) => {
    if (!isLinked(file)) return [];
    const own = definedIn(file, name);
    return own.length > 0 ? own : globals(name).filter(({ place }) => mayLink(placeIn(file), place));
  };
  return {
    definitionsOf: (name, file) => {
      asked.names.add(name);
      return definitionsUnnoted(name, file);
    },
    definitionsUnnoted,
    callersOf,
    asked: () => asked,
    fanInOf: cached((definition) => fanIn(definition, callsOf(definition).map(({ file }) => placeIn(file)))),
  };
}

/** By facts, which do not change and are of one file: graphs over many of the same files are made when files are linked. */
const definedByFacts = new WeakMap<LinkFacts, ReadonlyMap<string, readonly Definition[]>>();
let definitions = 0;

/** What a name is in a file with these facts, in order. */
export function definedBy(file: string, facts: LinkFacts, name: string): readonly Definition[] {
  const known = definedByFacts.get(facts) ?? definitionsIn(file, facts);
  definedByFacts.set(facts, known);
  return known.get(name) ?? [];
}

function definitionsIn(file: string, { functions, macros }: LinkFacts): ReadonlyMap<string, readonly Definition[]> {
  const found = new Map<string, Definition[]>();
  const place = placeOf(file);
  const add = (name: string, as: DefinedAs): void => append(found, name, definition({ file, place, name, ordinal: found.get(name)?.length ?? 0, ...as }));
  for (const { name, isStatic, annotations } of functions) add(name, { isMacro: false, isStatic, annotations });
  for (const { name } of macros) add(name, { isMacro: true, isStatic: false, annotations: [] });
  return found;
}

/** One more than there were, whichever graph it is in. */
export function definition(as: Omit<Definition, 'id'>): Definition {
  return { id: definitions++, ...as };
}

/** The names of many files, which come in order. */
export function linkedNames(files: ReadonlyMap<string, LinkFacts>): LinkedNames {
  const places = new Map<string, { readonly definers: string[]; readonly calls: CallPlace[] }>();
  const define = (name: string, file: string): void => {
    const known = places.get(name);
    if (known === undefined) places.set(name, { definers: [file], calls: [] });
    else if (known.definers[known.definers.length - 1] !== file) known.definers.push(file);
  };
  for (const [file, { functions, macros }] of files) {
    for (const { name } of functions) define(name, file);
    for (const { name } of macros) define(name, file);
  }
  for (const [file, { calls, mentions }] of files) {
    for (const { caller, callees } of calls) {
      if (caller === null) continue;
      const place = { file, caller };
      for (const callee of callees) places.get(callee)?.calls.push(place);
    }
    for (const { caller, callee, name } of mentions) if (callee !== null && runsItsArgument.test(callee)) places.get(name)?.calls.push({ file, caller });
  }
  return {
    isLinked: (file) => files.has(file),
    placesOf: (name) => places.get(name),
    definedIn: (file, name) => {
      const facts = files.get(file);
      return facts === undefined ? [] : definedBy(file, facts, name);
    },
  };
}

/** True where other files can call it by its name. */
export function isVisible({ isStatic, file }: Pick<Definition, 'isStatic' | 'file'>): boolean {
  return !isStatic || isHeader(file);
}

export function isHeader(file: string): boolean {
  return file.endsWith('.h');
}

function fanIn({ place }: Definition, callers: readonly Place[]): number {
  const subsystems = new Set(callers.map(({ subsystem }) => subsystem));
  subsystems.delete(place.subsystem);
  return subsystems.size;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
