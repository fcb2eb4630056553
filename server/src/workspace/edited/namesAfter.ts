import { definedBy, type CallPlace, type Definition, type LinkFacts, type NamedPlaces } from '../../resolve/callGraph';
import type { MarkedNames } from '../../resolve/reach';
import { namedMarks, registersModule, type RootMark } from '../../resolve/reachMarks';
import { runsItsArgument } from '../../resolve/reachRoots';
import { cached } from '../../util/cached';
import { onDemand } from '../../util/onDemand';
import { nameRows, type KeptNames, type NameRow } from './keptNames';
import { filesNaming, type NameIndex } from './nameIndex';

/** Something was asked for of which nothing was kept. */
export class NotKept extends Error {
  constructor(what: string) {
    super(`nothing was kept of ${what}`);
    this.name = 'NotKept';
  }
}

/** What was kept of names: those that were asked for, and where others are. */
export interface NamesBefore {
  readonly names: KeptNames;
  readonly index: NameIndex | null;
}

/** Facts of files, read when they are asked for. */
export interface LinkedFiles {
  readonly isLinked: (file: string) => boolean;
  readonly factsOf: (file: string) => LinkFacts | undefined;
}

export interface NamesAfter extends MarkedNames {
  /** Names whose calls were asked for that a function calls, or has called. */
  readonly calleesIn: (file: string, caller: string) => readonly string[];
}

/**
 * The names as they are after some files were edited; those that were not asked for before are looked for in the facts of files that
 * the index has for them, of others no facts are read. `edited`: facts as they are now, undefined where a file has none.
 */
export function namesAfter({ names, index }: NamesBefore, edited: ReadonlyMap<string, LinkFacts | undefined>, { isLinked, factsOf }: LinkedFiles): NamesAfter {
  const kept = nameRows(names);
  const now = rowsIn(edited);
  const others = (file: string): boolean => !edited.has(file);
  const found = cached((name: string): NameRow => {
    if (index === null) throw new NotKept(name);
    return rowsIn(new Map(filesNaming(name, index).filter(others).map((file) => [file, factsOf(file)] as const)), name).get(name) ?? nothing;
  });
  const rowOf = cached((name: string): Placed => {
    const was = kept.rowOf(name) ?? { ...found(name), calls: null };
    const is = now.get(name) ?? nothing;
    const [definitions, marks] = [byFile(was.definitions, is.definitions, others), byFile(was.marks, is.marks, others)];
    const calls = onDemand(() => inOrder([...(was.calls ?? found(name).calls ?? []).filter(({ file }) => others(file)), ...(is.calls ?? [])]));
    return { places: { definers: [...definitions.keys()], get calls() { return calls(); } }, definitions, markers: [...marks.keys()], marks };
  });
  return {
    isLinked,
    placesOf: (name) => rowOf(name).places,
    definedIn: (file, name) => rowOf(name).definitions.get(file) ?? [],
    markersOf: (name) => rowOf(name).markers,
    marksIn: (file, name) => rowOf(name).marks.get(file) ?? [],
    isModule: (file) => {
      const facts = (others(file) ? kept.isModule(file) : undefined) ?? edited.get(file) ?? factsOf(file);
      return typeof facts === 'boolean' ? facts : facts !== undefined && registersModule(facts);
    },
    calleesIn: (file, caller) => (others(file) ? kept.calleesIn(file, caller) : calleesOf(edited.get(file), caller)),
  };
}

interface Placed {
  readonly places: NamedPlaces;
  readonly definitions: NameRow['definitions'];
  readonly markers: readonly string[];
  readonly marks: NameRow['marks'];
}

const nothing: NameRow = { definitions: new Map(), calls: [], marks: new Map() };

/** In the order of files. */
function byFile<T>(was: ReadonlyMap<string, T>, is: ReadonlyMap<string, T>, others: (file: string) => boolean): ReadonlyMap<string, T> {
  if (is.size === 0 && [...was.keys()].every(others)) return was;
  return new Map([...[...was].filter(([file]) => others(file)), ...is].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** By file; those of a file as they were. */
function inOrder(calls: readonly CallPlace[]): readonly CallPlace[] {
  return calls.map((call, at) => ({ call, at })).sort((a, b) => (a.call.file < b.call.file ? -1 : a.call.file > b.call.file ? 1 : a.at - b.at)).map(({ call }) => call);
}

function calleesOf(facts: LinkFacts | undefined, caller: string): readonly string[] {
  const { calls = [], mentions = [] } = facts ?? {};
  const handed = mentions.filter((mention) => mention.caller === caller && mention.callee !== null && runsItsArgument.test(mention.callee));
  return [...calls.filter((from) => from.caller === caller).flatMap(({ callees }) => callees), ...handed.map(({ name }) => name)];
}

interface GrowingRow {
  readonly definitions: Map<string, readonly Definition[]>;
  readonly calls: CallPlace[];
  readonly marks: Map<string, readonly RootMark[]>;
}

/** By name: what the files say of it; `only`: of one name. */
function rowsIn(files: ReadonlyMap<string, LinkFacts | undefined>, only?: string): ReadonlyMap<string, NameRow> {
  const rows = new Map<string, GrowingRow>();
  const of = (name: string): GrowingRow => {
    const known = rows.get(name) ?? { definitions: new Map<string, readonly Definition[]>(), calls: [], marks: new Map<string, readonly RootMark[]>() };
    rows.set(name, known);
    return known;
  };
  const isWanted = (name: string): boolean => only === undefined || name === only;
  for (const [file, facts] of files) {
    if (facts === undefined) continue;
    for (const { name } of [...facts.functions, ...facts.macros]) if (isWanted(name)) of(name).definitions.set(file, definedBy(file, facts, name));
    for (const { caller, callees } of facts.calls) if (caller !== null) for (const callee of callees) if (isWanted(callee)) of(callee).calls.push({ file, caller });
    for (const { caller, callee, name } of facts.mentions) if (isWanted(name) && callee !== null && runsItsArgument.test(callee)) of(name).calls.push({ file, caller });
    for (const [name, marks] of namedMarks(facts)) if (isWanted(name)) of(name).marks.set(file, marks);
  }
  return rows;
}
