import type { OutlineItem } from '../../facts/outline';
import { folderOf } from '../sourceTree';
import {
  type Block, type BlockStore, type Entry, guardOf, type IncludeStep, type MacroName, type Meaning, newTables, register, type Tables, type Variant,
  variantsOf,
} from './blocks';
import type { Headers, SourceFile } from './headers';
import { interpret } from './interpret';
import { type Macro, macroOf, type MacroScope } from './macros';

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

export interface UnitInput {
  /** The C file, or what stands for one. */
  readonly file: SourceFile;
  /** Headers that the build includes before it (`-include`). */
  readonly before: readonly string[];
  /** Folders of `-I` beside the usual ones. */
  readonly extraFolders: readonly string[];
  /** Macros that the build defines for this file alone. */
  readonly commandLine: ReadonlyMap<string, Macro>;
}

interface Run {
  readonly headers: Headers;
  readonly store: BlockStore;
  readonly input: UnitInput;
  readonly blocks: Block[];
  /** By block id: one more than when it was passed last; 0 if never. */
  lastOrder: Int32Array;
  /** All passes of the blocks that were passed several times: headers that are read again. */
  readonly passes: Map<Block, number[]>;
  /** Tables of the blocks of this unit alone: those of its C files. */
  readonly own: Tables;
  readonly files: Set<SourceFile>;
  readonly missing: Set<string>;
  packs: readonly (number | null)[];
  depth: number;
  tooDeep: boolean;
}

/** Includes nest no deeper in any kernel; deeper means a file that includes itself. */
const deepestInclude = 200;

/** More than a block has entries. */
const blockSpan = 1 << 20;

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
    packs: [null],
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

const parsedMacros = new WeakMap<OutlineItem, Macro>();

/** The macro that an entry defines or undefines. */
function definedMacro(meaning: Entry | Macro | undefined): Macro | undefined {
  if (meaning === undefined || !('item' in meaning)) return meaning;
  const { item, block } = meaning;
  if (item.kind === 'undef') return undefined;
  let macro = parsedMacros.get(item);
  if (macro === undefined) {
    macro = macroOf(block.file.text, item);
    parsedMacros.set(item, macro);
  }
  return macro;
}

/** The last definition of a macro up to a point; else the one from outside. */
function meaningAt(run: Run, macro: MacroName, sequence: number): Entry | Macro | undefined {
  let latest = -1;
  let found: Entry | undefined;
  for (const entry of macro.entries) {
    const at = lastPass(run, entry, sequence);
    if (at > latest) {
      latest = at;
      found = entry;
    }
  }
  const own = run.own.macros.size === 0 ? undefined : run.own.macros.get(macro);
  for (const entry of own ?? []) {
    const at = lastPass(run, entry, sequence);
    if (at > latest) {
      latest = at;
      found = entry;
    }
  }
  return found ?? run.input.commandLine.get(macro.name) ?? macro.given;
}

/** When an entry was passed last before a point; -1 if never. */
function lastPass(run: Run, { block, at }: Entry, sequence: number): number {
  const order = (run.lastOrder[block.id] ?? 0) - 1;
  if (order < 0) return -1;
  const last = order * blockSpan + at;
  if (last <= sequence) return last;
  const before = run.passes.get(block)?.findLast((each) => each * blockSpan + at <= sequence);
  return before === undefined ? -1 : before * blockSpan + at;
}

function identity(meaning: Entry | Macro | undefined): Meaning {
  if (meaning === undefined || !('item' in meaning)) return meaning;
  return meaning.item.kind === 'undef' ? undefined : meaning.item;
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

function runFile(run: Run, file: SourceFile): void {
  // Where a compiler stops for good, nothing more is included: a file that includes itself twice would go on for ever.
  run.tooDeep ||= run.depth >= deepestInclude;
  if (run.tooDeep) return;
  run.depth += 1;
  run.files.add(file);
  for (let index = 0; index < file.items.length; ) {
    const variant = nextVariant(run, file, index);
    if (variant.block.entries.length > 0) pass(run, variant.block);
    run.packs = variant.packsAfter;
    if (variant.include === null) break;
    include(run, file, variant.include);
    index = variant.include.resume;
  }
  run.depth -= 1;
}

function pass(run: Run, block: Block): void {
  if (block.id >= run.lastOrder.length) {
    const larger = new Int32Array(2 * block.id);
    larger.set(run.lastOrder);
    run.lastOrder = larger;
  }
  const before = (run.lastOrder[block.id] ?? 0) - 1;
  const order = run.blocks.length;
  if (before >= 0) run.passes.set(block, [...(run.passes.get(block) ?? [before]), order]);
  run.lastOrder[block.id] = order + 1;
  run.blocks.push(block);
}

/** C files are of one unit alone, headers of many. */
function isShared(file: SourceFile): boolean {
  return file.path.endsWith('.h');
}

function nextVariant(run: Run, file: SourceFile, index: number): Variant {
  const shared = isShared(file);
  const variants = shared ? variantsOf(run.store, file, index) : [];
  for (const variant of variants) if (applies(run, variant)) return variant;
  const lookup = (macro: MacroName): Entry | Macro | undefined => meaningAt(run, macro, Infinity);
  const made = interpret(file, index, run.packs, { store: run.store, lookup, definedMacro, identity });
  register(run.store, shared ? undefined : run.own, made.block);
  variants.push(made);
  return made;
}

function applies(run: Run, { asked, packs }: Variant): boolean {
  for (const { macro, meaning } of asked) {
    const now = identity(meaningAt(run, macro, Infinity));
    if (typeof meaning === 'boolean' ? (now !== undefined) !== meaning : now !== meaning) return false;
  }
  return packs.length === run.packs.length && packs.every((pack, index) => pack === run.packs[index]);
}

function look(run: Run, file: SourceFile, step: IncludeStep): SourceFile | null {
  const { extraFolders } = run.input;
  const found = run.headers.include(step.name, step.quoted, folderOf(file.path), extraFolders) ?? null;
  if (extraFolders.length === 0) step.found = found;
  return found;
}

function isReadAlready(run: Run, file: SourceFile): boolean {
  const guard = guardOf(run.store, file);
  return guard !== null && identity(meaningAt(run, guard, Infinity)) !== undefined;
}

function include(run: Run, file: SourceFile, step: IncludeStep): void {
  const found = run.input.extraFolders.length === 0 && step.found !== undefined ? step.found : look(run, file, step);
  if (found === null) run.missing.add(step.name);
  else if (!isReadAlready(run, found)) runFile(run, found);
}
