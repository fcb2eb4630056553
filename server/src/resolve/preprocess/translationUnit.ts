import type { OutlineItem } from '../../facts/outline';
import { type BlockStore, type Entry, newTables } from './blocks';
import type { Headers, SourceFile } from './headers';
import { noPacks } from './interpret';
import { runFile } from './includeWalk';
import { definedMacro, meaningAt } from './macroMeaning';
import type { MacroScope } from './macros';
import { blockSpan, type Run, type UnitInput } from './unitRun';

/** Where something is defined: the item of a file, and when the preprocessor came past it. */
export interface Place {
  readonly file: SourceFile;
  readonly item: OutlineItem;
  readonly sequence: number;
  /** `#pragma pack` in force; null without one. */
  readonly pack: number | null;
}

/** All that one C file with its headers defines under one configuration, in the order a compiler meets it. */
export interface TranslationUnit {
  readonly path: string;
  readonly headers: Headers;
  readonly extraFolders: readonly string[];
  readonly files: ReadonlySet<SourceFile>;
  /** Structs, unions and enums with a tag. */
  readonly tags: (name: string) => readonly Place[];
  /** Typedefs that may declare a name. */
  readonly typedefs: (name: string) => readonly Place[];
  readonly enumerators: (name: string) => readonly Place[];
  /** Items of some kinds in their order: macros called at file scope, enumerations, all records. */
  readonly all: (...kinds: readonly OutlineItem['kind'][]) => readonly Place[];
  /** Included files that the tree does not have. */
  readonly missing: ReadonlySet<string>;
  /** The macros as they stand at a point of the unit. */
  readonly macrosAt: (sequence: number) => MacroScope;
  /** The point after everything. */
  readonly end: number;
}

/** Preprocesses a C file: follows its includes and conditionals, and notes what is defined where. */
export function translationUnit(headers: Headers, store: BlockStore, input: UnitInput): TranslationUnit {
  const run: Run = {
    headers,
    store,
    input,
    blocks: [],
    lastOrder: new Int32Array(store.count + 512),
    passes: new Map(),
    own: newTables(),
    files: new Set(),
    missing: new Set(),
    packs: noPacks,
    depth: 0,
    tooDeep: false,
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
    tags: (name) => placesOf(run, store.tables.tags.get(name), run.own.tags.get(name)),
    typedefs: (name) => placesOf(run, store.tables.typedefs.get(name), run.own.typedefs.get(name)),
    enumerators: (name) => placesOf(run, store.tables.enumerators.get(name), run.own.enumerators.get(name)),
    all: (...kinds) => allOf(run, new Set(kinds)),
    missing: run.missing,
    macrosAt: (sequence) => ({ macro: (name) => definedMacro(meaningAt(run, store.macroName(name), sequence)) }),
    end: run.blocks.length * blockSpan,
  };
}

function placesOf(run: Run, ...lists: readonly (readonly Entry[] | undefined)[]): readonly Place[] {
  const places: Place[] = [];
  for (const entry of lists.flatMap((list) => list ?? [])) {
    const last = (run.lastOrder[entry.block.id] ?? 0) - 1;
    if (last < 0) continue;
    for (const order of run.passes.get(entry.block) ?? [last]) places.push(placeOf(entry, order));
  }
  return places.length < 2 ? places : places.sort((a, b) => a.sequence - b.sequence);
}

function placeOf({ block, item, at, pack }: Entry, order: number): Place {
  return { file: block.file, item, sequence: order * blockSpan + at, pack };
}

function allOf(run: Run, kinds: ReadonlySet<OutlineItem['kind']>): readonly Place[] {
  return run.blocks.flatMap((block, order) => block.entries.filter(({ item }) => kinds.has(item.kind)).map((entry) => placeOf(entry, order)));
}
