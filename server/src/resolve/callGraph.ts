import type { FunctionFact, MacroFact, RegistrationFact, TableFact } from '../facts/fileFacts';
import type { MentionFact } from '../facts/linkage';
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
  readonly fact: LinkFunction | null;
}

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

interface FileNode {
  readonly file: string;
  readonly place: Place;
  readonly definitions: ReadonlyMap<string, readonly Definition[]>;
}

interface CallPlace {
  readonly node: FileNode;
  readonly caller: string;
}

/** Links the calls of many files to definitions by C's rules of linkage: a static name is seen in its file alone. */
export function callGraph(files: ReadonlyMap<string, LinkFacts>): CallGraph {
  const nodes = fileNodes(files);
  const global = globalNames(nodes);
  const places = callPlaces(files, nodes, global);
  const lookUp = (name: string, node: FileNode): readonly Definition[] =>
    node.definitions.get(name) ?? global.get(name)?.filter(({ place }) => mayLink(node.place, place)) ?? [];
  const asked = { names: new Set<string>(), called: new Set<string>() };
  const callersOf = cached((definition: Definition): readonly Definition[] => {
    const callers = new Set<Definition>();
    asked.names.add(definition.name);
    asked.called.add(definition.name);
    for (const { node, caller } of places.get(definition.name) ?? []) {
      if (!lookUp(definition.name, node).includes(definition)) continue;
      for (const source of node.definitions.get(caller) ?? []) if (source !== definition) callers.add(source);
    }
    for (const { name } of callers) asked.names.add(name);
    return [...callers];
  });
  const definitionsUnnoted: CallGraph['definitionsOf'] = (name, file) => {
    const node = nodes.get(file);
    return node === undefined ? [] : lookUp(name, node);
  };
  return {
    definitionsOf: (name, file) => {
      asked.names.add(name);
      return definitionsUnnoted(name, file);
    },
    definitionsUnnoted,
    callersOf,
    asked: () => asked,
    fanInOf: cached((definition) => fanIn(definition, callersOf(definition))),
  };
}

/** Few of all definitions are ever asked about. */
function cached<T>(compute: (definition: Definition) => T): (definition: Definition) => T {
  const known = new Map<number, T>();
  return (definition) => {
    const before = known.get(definition.id);
    if (before !== undefined) return before;
    const value = compute(definition);
    known.set(definition.id, value);
    return value;
  };
}

function fileNodes(files: ReadonlyMap<string, LinkFacts>): ReadonlyMap<string, FileNode> {
  const nodes = new Map<string, FileNode>();
  let id = 0;
  for (const [file, facts] of files) {
    const definitions = new Map<string, Definition[]>();
    const place = placeOf(file);
    const add = (name: string, fact: LinkFunction | null): void => {
      append(definitions, name, { id: id++, file, place, name, ordinal: definitions.get(name)?.length ?? 0, fact });
    };
    for (const fact of facts.functions) add(fact.name, fact);
    for (const { name } of facts.macros) add(name, null);
    nodes.set(file, { file, place, definitions });
  }
  return nodes;
}

function globalNames(nodes: ReadonlyMap<string, FileNode>): ReadonlyMap<string, readonly Definition[]> {
  const global = new Map<string, Definition[]>();
  for (const { definitions } of nodes.values()) {
    for (const [name, own] of definitions) for (const definition of own) if (isVisible(definition)) append(global, name, definition);
  }
  return global;
}

/** By callee: where calls of a name with a known definition stand. */
function callPlaces(
  files: ReadonlyMap<string, LinkFacts>,
  nodes: ReadonlyMap<string, FileNode>,
  global: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, readonly CallPlace[]> {
  const places = new Map<string, CallPlace[]>();
  for (const [file, facts] of files) {
    const node = nodes.get(file);
    if (node === undefined) continue;
    for (const { caller, callees } of facts.calls) {
      if (caller === null) continue;
      const place = { node, caller };
      for (const callee of callees) if (global.has(callee) || node.definitions.has(callee)) append(places, callee, place);
    }
    for (const { caller, callee, name } of facts.mentions) {
      if (callee !== null && runsItsArgument.test(callee)) append(places, name, { node, caller });
    }
  }
  return places;
}

/** True where other files can call it by its name. */
export function isVisible({ fact, file }: Definition): boolean {
  return fact?.isStatic !== true || isHeader(file);
}

export function isHeader(file: string): boolean {
  return file.endsWith('.h');
}

function fanIn({ place }: Definition, callers: readonly Definition[]): number {
  const subsystems = new Set(callers.map((caller) => caller.place.subsystem));
  subsystems.delete(place.subsystem);
  return subsystems.size;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
