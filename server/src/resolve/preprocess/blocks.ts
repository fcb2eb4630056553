import type { OutlineItem } from '../../facts/outline';
import type { SourceFile } from './headers';
import type { Macro, MacroScope } from './macros';

/**
 * A run of items of one file, between two includes, with its conditionals decided. Headers decide them alike in
 * most translation units, so a block is made once and shared by all units in which the macros it asked for are the
 * same.
 */
export interface Block {
  /** Index among all blocks of a store. */
  readonly id: number;
  readonly file: SourceFile;
  readonly entries: readonly Entry[];
}

/** An active item and its place in the block. */
export interface Entry {
  readonly block: Block;
  readonly item: OutlineItem;
  readonly at: number;
  /** `#pragma pack` in force; null without one. */
  readonly pack: number | null;
}

/** What a name meant when it was asked for: a `#define`, a macro from outside, or nothing. */
export type Meaning = OutlineItem | Macro | undefined;

/** A name with all its `#define`s and `#undef`s in headers, and its macro from outside. */
export interface MacroName {
  readonly name: string;
  readonly given: Macro | undefined;
  readonly entries: Entry[];
}

export interface IncludeStep {
  readonly name: string;
  readonly quoted: boolean;
  /** The file found without folders of `-I`; undefined until looked for. */
  found: SourceFile | null | undefined;
}

/** One way to go on from an item of a file: what was asked, what followed. */
export interface Variant {
  /** A boolean where only it mattered whether the macro is defined. */
  readonly asked: readonly { readonly macro: MacroName; readonly meaning: Meaning | boolean }[];
  readonly packs: readonly (number | null)[];
  readonly block: Block;
  readonly packsAfter: readonly (number | null)[];
  /** The includes that end the block: those that follow each other; none at the end of the file. */
  readonly includes: readonly IncludeStep[];
  /** Item to go on from. */
  readonly resume: number;
  /** The ways to go on from there that were seen so far; in a C file none. */
  readonly next: Variant[];
}

/** Entries by the names they define. */
export interface Tables {
  readonly macros: Map<MacroName, Entry[]>;
  readonly tags: Map<string, Entry[]>;
  readonly typedefs: Map<string, Entry[]>;
  readonly enumerators: Map<string, Entry[]>;
}

/** Blocks of headers, shared by the units of one configuration. */
export interface BlockStore {
  readonly tables: Omit<Tables, 'macros'>;
  readonly macroName: (name: string) => MacroName;
  /** By file id and item. */
  readonly variants: Map<number, Variant[]>[];
  /** By file id: the macro that keeps a file from being read twice. */
  readonly guards: (MacroName | null | undefined)[];
  /** Blocks made so far. */
  count: number;
}

export function newTables(): Tables {
  return { macros: new Map(), tags: new Map(), typedefs: new Map(), enumerators: new Map() };
}

/** `given` are the macros that all units get from outside: the compiler's and the configuration's. */
export function newBlockStore(given: MacroScope): BlockStore {
  const names = new Map<string, MacroName>();
  const macroName = (name: string): MacroName => {
    let known = names.get(name);
    if (known === undefined) {
      known = { name, given: given.macro(name), entries: [] };
      names.set(name, known);
    }
    return known;
  };
  return { tables: newTables(), macroName, variants: [], guards: [], count: 0 };
}

function add<K>(map: Map<K, Entry[]>, key: K, entry: Entry): void {
  const entries = map.get(key);
  if (entries === undefined) map.set(key, [entry]);
  else entries.push(entry);
}

/** Makes a block findable by the names in it, in all units or, with tables of its own, in one. */
export function register(store: BlockStore, own: Tables | undefined, block: Block): void {
  const tables = own ?? store.tables;
  for (const entry of block.entries) {
    const { kind, name, names } = entry.item;
    if (kind === 'define' || kind === 'undef') {
      const macro = store.macroName(name);
      if (own === undefined) macro.entries.push(entry);
      else add(own.macros, macro, entry);
    } else if (kind === 'typedef') for (const each of names) add(tables.typedefs, each, entry);
    else if (kind !== 'call') {
      if (name !== '') add(tables.tags, name, entry);
      if (kind === 'enum') for (const each of names) add(tables.enumerators, each, entry);
    }
  }
}

export function guardOf(store: BlockStore, file: SourceFile): MacroName | null {
  return (store.guards[file.id] ??= file.guard === null ? null : store.macroName(file.guard));
}

/** The ways to go on from an item of a header. */
export function variantsOf(store: BlockStore, file: SourceFile, index: number): Variant[] {
  const byIndex = (store.variants[file.id] ??= new Map());
  let variants = byIndex.get(index);
  if (variants === undefined) {
    variants = [];
    byIndex.set(index, variants);
  }
  return variants;
}
