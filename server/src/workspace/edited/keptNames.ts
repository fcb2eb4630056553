import type { AskedNames, CallPlace, LinkFacts, NamedPlaces } from '../../resolve/callGraph';
import type { MarkedNames } from '../../resolve/reach';
import { namedMarks } from '../../resolve/reachMarks';
import { runsItsArgument } from '../../resolve/reachRoots';
import { cached } from '../../util/cached';
import { onDemand } from '../../util/onDemand';
import { filesNaming, type NameIndex } from './nameIndex';

/** Where the names are that were asked for, as data: lists of numbers over two tables of strings. */
export interface KeptNames {
  readonly names: string;
  readonly files: string;
  readonly callers: string;
  /** By name, and at the end: where its row begins. */
  readonly starts: Int32Array;
  /** Rows: how many files define the name, those; how many calls (-1: not asked for), file and caller of each; files that mark it. */
  readonly rows: Int32Array;
}

/** Something was asked for of which nothing was kept. */
export class NotKept extends Error {
  constructor(what: string) {
    super(`nothing was kept of ${what}`);
    this.name = 'NotKept';
  }
}

export function keptNames({ names, called }: AskedNames, { placesOf, markersOf }: Pick<MarkedNames, 'placesOf' | 'markersOf'>): KeptNames {
  const files = numbering();
  const callers = numbering();
  const starts: number[] = [];
  const rows: number[] = [];
  for (const name of names) {
    const places = placesOf(name);
    const calls = called.has(name) ? (places?.calls ?? []) : null;
    const definers = places?.definers ?? [];
    starts.push(rows.length);
    rows.push(definers.length, ...definers.map(files.of), calls === null ? -1 : calls.length);
    for (const { file, caller } of calls ?? []) rows.push(files.of(file), callers.of(caller));
    rows.push(...markersOf(name).map(files.of));
  }
  starts.push(rows.length);
  return { names: [...names].join('\0'), files: files.all(), callers: callers.all(), starts: Int32Array.from(starts), rows: Int32Array.from(rows) };
}

function numbering(): { readonly of: (text: string) => number; readonly all: () => string } {
  const known = new Map<string, number>();
  return {
    of: (text) => {
      const at = known.get(text) ?? known.size;
      known.set(text, at);
      return at;
    },
    all: () => [...known.keys()].join('\0'),
  };
}

/** What was kept of names: those that were asked for, and where others are. */
export interface NamesBefore {
  readonly names: KeptNames;
  readonly index: NameIndex | null;
}

/**
 * The names as they are after some files were edited; those that were not asked for before are looked for in the facts of files that
 * the index has for them. `edited`: facts as they are now, undefined where a file has none.
 */
export function namesAfter({ names, index }: NamesBefore, edited: ReadonlyMap<string, LinkFacts | undefined>, factsOf: MarkedNames['factsOf']): MarkedNames {
  const kept = readNames(names);
  const now = placesIn(edited);
  const others = (file: string): boolean => !edited.has(file);
  const found = cached((name: string): Placed => {
    if (index === null) throw new NotKept(name);
    const files = new Map(filesNaming(name, index).filter(others).map((file) => [file, factsOf(file)] as const));
    return placesIn(files, name).get(name) ?? nowhere;
  });
  const rowOf = cached((name: string): { readonly places: NamedPlaces; readonly markers: readonly string[] } => {
    const was = kept(name) ?? { ...found(name), calls: null };
    const is = now.get(name) ?? nowhere;
    const definers = [...was.definers.filter(others), ...is.definers].sort();
    const markers = [...was.markers.filter(others), ...is.markers].sort();
    const calls = onDemand(() => inOrder([...(was.calls ?? found(name).calls).filter(({ file }) => others(file)), ...is.calls]));
    return { places: { definers, get calls() { return calls(); } }, markers };
  });
  return { factsOf, placesOf: (name) => rowOf(name).places, markersOf: (name) => rowOf(name).markers };
}

/** By file; those of a file as they were. */
function inOrder(calls: readonly CallPlace[]): readonly CallPlace[] {
  return calls.map((call, at) => ({ call, at })).sort((a, b) => (a.call.file < b.call.file ? -1 : a.call.file > b.call.file ? 1 : a.at - b.at)).map(({ call }) => call);
}

interface Row {
  readonly definers: readonly string[];
  /** Null: not asked for. */
  readonly calls: readonly CallPlace[] | null;
  readonly markers: readonly string[];
}

/** Undefined for a name that was not asked for. */
function readNames({ names, files, callers, starts, rows }: KeptNames): (name: string) => Row | undefined {
  const places = new Map(names.split('\0').map((name, at) => [name, at]));
  const fileNames = files.split('\0');
  const callerNames = callers.split('\0');
  const fileAt = (at: number): string => fileNames[rows[at] ?? 0] ?? '';
  return (name) => {
    const row = places.get(name);
    if (row === undefined) return undefined;
    let at = starts[row] ?? 0;
    const end = starts[row + 1] ?? at;
    const definers: string[] = [];
    for (const last = at + (rows[at] ?? 0); at < last;) definers.push(fileAt(++at));
    const count = rows[++at] ?? 0;
    const calls: CallPlace[] = [];
    for (let left = count; left > 0; left--) calls.push({ file: fileAt(++at), caller: callerNames[rows[++at] ?? 0] ?? '' });
    const markers: string[] = [];
    while (++at < end) markers.push(fileAt(at));
    return { definers, calls: count === -1 ? null : calls, markers };
  };
}

interface Placed extends NamedPlaces {
  readonly markers: readonly string[];
}

const nowhere: Placed = { definers: [], calls: [], markers: [] };

/** By name: what the files say of it; `only`: of one name. */
function placesIn(files: ReadonlyMap<string, LinkFacts | undefined>, only?: string): ReadonlyMap<string, Placed> {
  const places = new Map<string, { readonly definers: string[]; readonly calls: CallPlace[]; readonly markers: string[] }>();
  const add = (name: string, part: 'definers' | 'markers', file: string): void => {
    if (only === undefined || name === only) of(name)[part].push(file);
  };
  const call = (name: string, place: CallPlace): void => {
    if (only === undefined || name === only) of(name).calls.push(place);
  };
  const of = (name: string): { readonly definers: string[]; readonly calls: CallPlace[]; readonly markers: string[] } => {
    const known = places.get(name) ?? { definers: [], calls: [], markers: [] };
    places.set(name, known);
    return known;
  };
  for (const [file, facts] of files) {
    if (facts === undefined) continue;
    for (const name of new Set([...facts.functions, ...facts.macros].map((each) => each.name))) add(name, 'definers', file);
    for (const { caller, callees } of facts.calls) if (caller !== null) for (const callee of callees) call(callee, { file, caller });
    for (const { caller, callee, name } of facts.mentions) if (callee !== null && runsItsArgument.test(callee)) call(name, { file, caller });
    for (const name of namedMarks(facts).keys()) add(name, 'markers', file);
  }
  return places;
}
