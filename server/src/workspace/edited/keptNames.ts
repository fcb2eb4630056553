import { definition, type AskedNames, type CallPlace, type DefinedAs, type Definition } from '../../resolve/callGraph';
import type { MarkedNames } from '../../resolve/reach';
import type { RootMark } from '../../resolve/reachMarks';
import { placeOf } from '../../resolve/treeParts';
import { cached } from '../../util/cached';
import { onDemand } from '../../util/onDemand';

/** Where the names are that were asked for and what they are there, as data: lists of numbers over tables of strings. */
export interface KeptNames {
  readonly names: string;
  readonly files: string;
  readonly callers: string;
  /** As JSON: what a file defines by a name, and how it has what a name means there run. */
  readonly definitions: string;
  readonly marks: string;
  /** By file: 1 where loading it as a module runs code of it. */
  readonly modules: Uint8Array;
  /** By name, and at the end: where its row begins. */
  readonly starts: Int32Array;
  /** Rows: how many files define the name, file and what of each; how many calls (-1: not asked for), file and caller of each; file and marks of each that marks it. */
  readonly rows: Int32Array;
}

export function keptNames({ names, called }: AskedNames, { placesOf, definedIn, markersOf, marksIn, isModule }: Omit<MarkedNames, 'isLinked'>): KeptNames {
  const [files, callers, definitions, marks] = [numbering(), numbering(), numbering(), numbering()];
  const starts: number[] = [];
  const rows: number[] = [];
  for (const name of names) {
    const places = placesOf(name);
    const calls = called.has(name) ? (places?.calls ?? []) : null;
    const definers = places?.definers ?? [];
    starts.push(rows.length);
    rows.push(definers.length);
    for (const file of definers) rows.push(files.of(file), definitions.of(JSON.stringify(definedIn(file, name).map(definedAs))));
    rows.push(calls === null ? -1 : calls.length);
    for (const { file, caller } of calls ?? []) rows.push(files.of(file), callers.of(caller));
    for (const file of markersOf(name)) rows.push(files.of(file), marks.of(JSON.stringify(marksIn(file, name))));
  }
  starts.push(rows.length);
  return {
    names: [...names].join('\0'),
    files: files.all().join('\0'),
    callers: callers.all().join('\0'),
    definitions: definitions.all().join('\0'),
    marks: marks.all().join('\0'),
    modules: Uint8Array.from(files.all(), (file) => (isModule(file) ? 1 : 0)),
    starts: Int32Array.from(starts),
    rows: Int32Array.from(rows),
  };
}

function definedAs({ isMacro, isStatic, annotations }: Definition): DefinedAs {
  return { isMacro, isStatic, annotations };
}

function numbering(): { readonly of: (text: string) => number; readonly all: () => readonly string[] } {
  const known = new Map<string, number>();
  return {
    of: (text) => {
      const at = known.get(text) ?? known.size;
      known.set(text, at);
      return at;
    },
    all: () => [...known.keys()],
  };
}

/** What was kept of one name, by file. */
export interface NameRow {
  readonly definitions: ReadonlyMap<string, readonly Definition[]>;
  /** Null: not asked for. */
  readonly calls: readonly CallPlace[] | null;
  readonly marks: ReadonlyMap<string, readonly RootMark[]>;
}

export interface NameRows {
  /** Undefined for a name that was not asked for. */
  readonly rowOf: (name: string) => NameRow | undefined;
  /** Undefined for a file of which no such name was kept. */
  readonly isModule: (file: string) => boolean | undefined;
  /** Names whose calls were asked for that a function calls. */
  readonly calleesIn: (file: string, caller: string) => readonly string[];
}

export function nameRows(kept: KeptNames): NameRows {
  const { starts, rows, modules } = kept;
  const names = kept.names.split('\0');
  const places = numbersOf(names);
  const files = kept.files.split('\0');
  const callers = kept.callers.split('\0');
  const definitions = kept.definitions.split('\0');
  const marks = kept.marks.split('\0');
  const definedAt = cached((at: number) => JSON.parse(definitions[at] ?? '[]') as readonly DefinedAs[]);
  const marksAt = cached((at: number) => JSON.parse(marks[at] ?? '[]') as readonly RootMark[]);
  const fileAt = (at: number): string => files[rows[at] ?? 0] ?? '';
  const placeIn = cached(placeOf);
  const rowAt = (row: number): NameRow => {
    const name = names[row] ?? '';
    let at = starts[row] ?? 0;
    const end = starts[row + 1] ?? at;
    const defined = new Map<string, readonly Definition[]>();
    for (const last = at + 2 * (rows[at] ?? 0); at < last;) {
      const file = fileAt(++at);
      defined.set(file, definedAt(rows[++at] ?? 0).map((as, ordinal) => definition({ file, place: placeIn(file), name, ordinal, ...as })));
    }
    const count = rows[++at] ?? 0;
    const calls: CallPlace[] = [];
    for (let left = count; left > 0; left--) calls.push({ file: fileAt(++at), caller: callers[rows[++at] ?? 0] ?? '' });
    const marked = new Map<string, readonly RootMark[]>();
    while (++at < end) marked.set(fileAt(at), marksAt(rows[++at] ?? 0));
    return { definitions: defined, calls: count === -1 ? null : calls, marks: marked };
  };
  const callees = onDemand(() => calleesByCaller(kept));
  const fileNumbers = onDemand(() => numbersOf(files));
  const callerNumbers = onDemand(() => numbersOf(callers));
  return {
    rowOf: (name) => {
      const row = places.get(name);
      return row === undefined ? undefined : rowAt(row);
    },
    isModule: (file) => {
      const at = fileNumbers().get(file);
      return at === undefined ? undefined : modules[at] === 1;
    },
    calleesIn: (file, caller) => {
      const [of, by] = [fileNumbers().get(file), callerNumbers().get(caller)];
      return of === undefined || by === undefined ? [] : (callees().get(of * callers.length + by) ?? []).map((row) => names[row] ?? '');
    },
  };
}

function numbersOf(texts: readonly string[]): ReadonlyMap<string, number> {
  return new Map(texts.map((text, at) => [text, at]));
}

/** By file and caller in one number: the names that are called there. */
function calleesByCaller({ callers, starts, rows }: KeptNames): ReadonlyMap<number, readonly number[]> {
  const count = callers.split('\0').length;
  const callees = new Map<number, number[]>();
  for (let row = 0; row + 1 < starts.length; row++) {
    let at = (starts[row] ?? 0) + 2 * (rows[starts[row] ?? 0] ?? 0) + 1;
    for (let left = rows[at] ?? 0; left > 0; left--) {
      const key = (rows[++at] ?? 0) * count + (rows[++at] ?? 0);
      const known = callees.get(key);
      if (known === undefined) callees.set(key, [row]);
      else known.push(row);
    }
  }
  return callees;
}
