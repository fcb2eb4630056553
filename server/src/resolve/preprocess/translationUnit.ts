import type { OutlineItem } from '../../facts/outline';
import { conditionHolds } from './conditions';
import { folderOf } from '../sourceTree';
import type { Headers, SourceFile } from './headers';
import { expand, type Macro, macroOf, type MacroScope } from './macros';
import { tokensOf } from '../../facts/cTokens';

/** Where something is defined: the item of a file, and when the preprocessor came past it. */
export interface Place {
  readonly file: SourceFile;
  readonly item: OutlineItem;
  readonly sequence: number;
  /** `#pragma pack` in force; null without one. */
  readonly pack: number | null;
}

interface MacroVersion {
  readonly sequence: number;
  /** Null for an `#undef`. */
  readonly macro: OutlineItem | null;
  readonly file: SourceFile;
  readonly previous: MacroVersion | undefined;
}

/** All that one C file with its headers defines under one configuration, in the order a compiler meets it. */
export interface TranslationUnit {
  readonly path: string;
  readonly headers: Headers;
  readonly extraFolders: readonly string[];
  readonly files: ReadonlySet<SourceFile>;
  /** Structs, unions and enums by tag. */
  readonly tags: ReadonlyMap<string, readonly Place[]>;
  /** Typedefs by the names they may declare. */
  readonly typedefs: ReadonlyMap<string, readonly Place[]>;
  readonly enumerators: ReadonlyMap<string, readonly Place[]>;
  readonly enums: readonly Place[];
  /** Macros called at file scope. */
  readonly calls: readonly Place[];
  /** Included files that the tree does not have. */
  readonly missing: ReadonlySet<string>;
  /** The macros as they stand at a point of the unit. */
  macrosAt(sequence: number): MacroScope;
  /** The point after everything. */
  readonly end: number;
}

interface Run {
  readonly headers: Headers;
  readonly extraFolders: readonly string[];
  readonly given: MacroScope;
  readonly macros: Map<string, MacroVersion>;
  readonly tags: Map<string, Place[]>;
  readonly typedefs: Map<string, Place[]>;
  readonly enumerators: Map<string, Place[]>;
  readonly enums: Place[];
  readonly calls: Place[];
  readonly missing: Set<string>;
  readonly files: Set<SourceFile>;
  /** `#pragma pack` in force, innermost last. */
  readonly packs: (number | null)[];
  sequence: number;
  depth: number;
}

/** Includes nest no deeper in any kernel; deeper means a file that includes itself. */
const deepestInclude = 200;

export interface UnitInput {
  /** The C file, or what stands for one. */
  readonly file: SourceFile;
  /** Headers that the build includes before it (`-include`). */
  readonly before: readonly string[];
  /** Folders of `-I` beside the usual ones. */
  readonly extraFolders: readonly string[];
  /** Macros defined from outside: configuration, compiler, command line. */
  readonly given: MacroScope;
}

/** Preprocesses a C file: follows its includes and conditionals, and notes what is defined where. */
export function translationUnit(headers: Headers, input: UnitInput): TranslationUnit {
  const run: Run = {
    headers,
    extraFolders: input.extraFolders,
    given: input.given,
    macros: new Map(),
    tags: new Map(),
    typedefs: new Map(),
    enumerators: new Map(),
    enums: [],
    calls: [],
    missing: new Set(),
    files: new Set(),
    packs: [null],
    sequence: 0,
    depth: 0,
  };
  for (const header of input.before) {
    const file = headers.file(header);
    if (file !== undefined) runFile(run, file);
  }
  runFile(run, input.file);
  return {
    path: input.file.path,
    headers,
    extraFolders: input.extraFolders,
    files: run.files,
    tags: run.tags,
    typedefs: run.typedefs,
    enumerators: run.enumerators,
    enums: run.enums,
    calls: run.calls,
    missing: run.missing,
    macrosAt: (sequence) => scopeAt(run, sequence),
    end: run.sequence,
  };
}

const parsedMacros = new WeakMap<OutlineItem, Macro>();

function parsedMacro(version: MacroVersion): Macro | undefined {
  if (version.macro === null) return undefined;
  let macro = parsedMacros.get(version.macro);
  if (macro === undefined) {
    macro = macroOf(version.file.text, version.macro);
    parsedMacros.set(version.macro, macro);
  }
  return macro;
}

function scopeAt(run: Run, sequence: number): MacroScope {
  return {
    macro: (name) => {
      let version = run.macros.get(name);
      while (version !== undefined && version.sequence > sequence) version = version.previous;
      return version === undefined ? run.given.macro(name) : parsedMacro(version);
    },
  };
}

function currentScope(run: Run): MacroScope {
  return {
    macro: (name) => {
      const version = run.macros.get(name);
      return version === undefined ? run.given.macro(name) : parsedMacro(version);
    },
  };
}

function isDefined(run: Run, name: string): boolean {
  const version = run.macros.get(name);
  return version === undefined ? run.given.macro(name) !== undefined : version.macro !== null;
}

function runFile(run: Run, file: SourceFile): void {
  if (run.depth >= deepestInclude) return;
  run.depth += 1;
  run.files.add(file);
  const { items } = file;
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    if (item === undefined) break;
    switch (item.kind) {
      case 'if':
      case 'ifdef':
      case 'ifndef':
        index = takenBranch(run, file, index);
        break;
      case 'elif':
      case 'else':
        // The branch taken ends here: go on behind the `#endif`.
        index = endOfBranches(file, index);
        break;
      case 'endif':
        break;
      default:
        runItem(run, file, item);
    }
  }
  run.depth -= 1;
}

function holds(run: Run, item: OutlineItem): boolean {
  if (item.kind === 'ifdef') return isDefined(run, item.name);
  if (item.kind === 'ifndef') return !isDefined(run, item.name);
  return item.kind === 'else' || conditionHolds(item.name, currentScope(run));
}

/** Index of the conditional whose branch is taken, or of the `#endif`. */
function takenBranch(run: Run, file: SourceFile, from: number): number {
  let index = from;
  for (;;) {
    const item = file.items[index];
    if (item === undefined || item.kind === 'endif' || holds(run, item)) return index;
    index = file.branches[index] ?? file.items.length;
  }
}

function endOfBranches(file: SourceFile, from: number): number {
  let index = from;
  for (;;) {
    const next = file.branches[index] ?? 0;
    if (next === 0) return index;
    index = next;
    if (file.items[index]?.kind === 'endif' || index >= file.items.length) return index;
  }
}

function note(map: Map<string, Place[]>, name: string, place: Place): void {
  const places = map.get(name);
  if (places === undefined) map.set(name, [place]);
  else places.push(place);
}

function runItem(run: Run, file: SourceFile, item: OutlineItem): void {
  const place: Place = { file, item, sequence: run.sequence, pack: run.packs[run.packs.length - 1] ?? null };
  switch (item.kind) {
    case 'define':
    case 'undef':
      run.sequence += 1;
      run.macros.set(item.name, {
        sequence: run.sequence,
        macro: item.kind === 'define' ? item : null,
        file,
        previous: run.macros.get(item.name),
      });
      return;
    case 'include':
      include(run, file, item);
      return;
    case 'pragma':
      pragma(run, item.name);
      return;
    case 'enum':
      enumeration(run, place);
      return;
    case 'struct':
    case 'union':
      note(run.tags, item.name, place);
      return;
    case 'typedef':
      for (const name of item.names) note(run.typedefs, name, place);
      return;
    case 'call':
      run.calls.push(place);
      return;
    default:
  }
}

/** `#pragma pack` as GCC has it: `(n)`, `()`, `(push)`, `(push, n)` and `(pop)`. */
function pragma(run: Run, text: string): void {
  const match = /^pack\s*\(\s*(push|pop)?\s*,?\s*(\d+)?\s*\)/.exec(text);
  if (match === null) return;
  const { packs } = run;
  if (match[1] === 'pop') {
    if (packs.length > 1) packs.pop();
    return;
  }
  if (match[1] === 'push') packs.push(packs[packs.length - 1] ?? null);
  if (match[2] !== undefined || match[1] === undefined) packs[packs.length - 1] = match[2] === undefined ? null : Number(match[2]);
}

function enumeration(run: Run, place: Place): void {
  if (place.item.name !== '') note(run.tags, place.item.name, place);
  run.enums.push(place);
  for (const name of place.item.names) note(run.enumerators, name, place);
}

function include(run: Run, file: SourceFile, item: OutlineItem): void {
  const target = includeTarget(item.name, run);
  if (target === undefined) return;
  const found = run.headers.include(target.name, target.quoted, folderOf(file.path), run.extraFolders);
  if (found === undefined) run.missing.add(target.name);
  else runFile(run, found);
}

function includeTarget(written: string, run: Run): { readonly name: string; readonly quoted: boolean } | undefined {
  const direct = /^(?:"([^"]+)"|<([^>]+)>)/.exec(written);
  if (direct !== null) return { name: direct[1] ?? direct[2] ?? '', quoted: direct[1] !== undefined };
  // A path put together by macros has no blanks of its own.
  const text = expand(tokensOf(written), currentScope(run)).map((token) => token.text).join('').replace(/\s/g, '');
  const computed = /^(?:"([^"]+)"|<([^>]+)>)/.exec(text);
  return computed === null ? undefined : { name: computed[1] ?? computed[2] ?? '', quoted: computed[1] !== undefined };
}
