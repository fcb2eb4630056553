import { tokensOf } from '../../facts/cTokens';
import type { OutlineItem } from '../../facts/outline';
import type { Block, BlockStore, Entry, IncludeStep, MacroName, Meaning, Variant } from './blocks';
import { conditionHolds } from './conditions';
import { attempt } from '../unresolved';
import type { SourceFile } from './headers';
import { expand, isDefined, type Macro, type MacroScope } from './macros';

/** How the unit answers for what is defined outside the block being made. */
export interface Surroundings {
  readonly store: BlockStore;
  readonly lookup: (macro: MacroName) => Entry | Macro | undefined;
  readonly definedMacro: (meaning: Entry | Macro | undefined) => Macro | undefined;
  readonly identity: (meaning: Entry | Macro | undefined) => Meaning;
}

/** Values of `#pragma pack` pushed and in force, the last one. */
export type Packs = readonly (number | null)[];

/** As nearly all files have it: one array, so that comparing is cheap. */
export const noPacks: Packs = [null];

interface Making {
  readonly file: SourceFile;
  readonly block: Block;
  readonly entries: Entry[];
  readonly inner: Map<string, Entry>;
  readonly asked: Map<MacroName, Meaning | boolean>;
  readonly scope: MacroScope;
  packs: (number | null)[];
}

/**
 * Decides the conditionals of a file from an item on, up to the next includes that are active, and notes what was
 * asked of the macros outside. An item of an `elif` or `else` reached in order ends a branch that was taken.
 */
export function interpret(file: SourceFile, from: number, packs: Packs, around: Surroundings): Omit<Variant, 'next'> {
  const making = makingOf(file, packs, around);
  for (let index = from; index < file.items.length; index += 1) {
    const item = file.items[index];
    if (item === undefined) break;
    switch (item.kind) {
      case 'if':
      case 'ifdef':
      case 'ifndef':
        index = takenBranch(making, index);
        break;
      case 'elif':
      case 'else':
        index = endOfBranches(file, index);
        break;
      case 'endif':
        break;
      case 'include': {
        const includes = includesFrom(making, index);
        if (includes.length > 0) return variant(making, packs, includes, index + includes.length);
        break;
      }
      default:
        take(making, item);
    }
  }
  return variant(making, packs, [], file.items.length);
}

/** Options of the configuration are the same in all units, but for those that a file defines itself. */
function matters({ name, entries }: MacroName): boolean {
  return !name.startsWith('CONFIG_') || entries.length > 0;
}

function makingOf(file: SourceFile, packs: Packs, { store, lookup, definedMacro, identity }: Surroundings): Making {
  const entries: Entry[] = [];
  const inner = new Map<string, Entry>();
  const asked = new Map<MacroName, Meaning | boolean>();
  const scope: MacroScope = {
    macro: (name) => {
      const entry = inner.get(name);
      if (entry !== undefined) return definedMacro(entry);
      const macro = store.macroName(name);
      const meaning = lookup(macro);
      if (matters(macro)) asked.set(macro, identity(meaning));
      return definedMacro(meaning);
    },
    defined: (name) => {
      const entry = inner.get(name);
      if (entry !== undefined) return entry.item.kind === 'define';
      const macro = store.macroName(name);
      const defined = identity(lookup(macro)) !== undefined;
      if (matters(macro) && !asked.has(macro)) asked.set(macro, defined);
      return defined;
    },
  };
  const block: Block = { id: store.count, file, entries };
  store.count += 1;
  return { file, block, entries, inner, asked, scope, packs: [...packs] };
}

function variant({ asked, block, packs: after }: Making, packs: Packs, includes: readonly IncludeStep[], resume: number): Omit<Variant, 'next'> {
  const packsAfter = samePacks(packs, after) ? packs : after;
  return { asked: [...asked].map(([macro, meaning]) => ({ macro, meaning })), packs, block, packsAfter, includes, resume };
}

export function samePacks(some: Packs, others: Packs): boolean {
  return some === others || (some.length === others.length && some.every((pack, index) => pack === others[index]));
}

/** The include at an item with those that follow it at once; none where it is not known what it names. */
function includesFrom({ file, scope }: Making, from: number): readonly IncludeStep[] {
  const first = includeTarget(file.items[from]?.name ?? '', scope);
  if (first === undefined) return [];
  const steps: IncludeStep[] = [{ ...first, found: undefined }];
  for (let index = from + 1; file.items[index]?.kind === 'include'; index += 1) {
    // What a name made of macros stands for is known when the files before it have been read.
    const target = plainTarget(file.items[index]?.name ?? '');
    if (target === undefined) break;
    steps.push({ ...target, found: undefined });
  }
  return steps;
}

function holds({ scope }: Making, item: OutlineItem): boolean {
  if (item.kind === 'ifdef') return isDefined(scope, item.name);
  if (item.kind === 'ifndef') return !isDefined(scope, item.name);
  return item.kind === 'else' || conditionHolds(item.name, scope);
}

/** Index of the conditional whose branch is taken, or of the `#endif`. */
function takenBranch(making: Making, from: number): number {
  const { items, branches } = making.file;
  let index = from;
  for (;;) {
    const item = items[index];
    if (item === undefined || item.kind === 'endif' || holds(making, item)) return index;
    index = branches[index] ?? items.length;
  }
}

function endOfBranches({ items, branches }: SourceFile, from: number): number {
  let index = from;
  for (;;) {
    const next = branches[index] ?? 0;
    if (next === 0) return index;
    index = next;
    if (index >= items.length || items[index]?.kind === 'endif') return index;
  }
}

function take(making: Making, item: OutlineItem): void {
  const { entries, block, packs, inner } = making;
  if (item.kind === 'pragma') {
    pragma(packs, item.name);
    return;
  }
  if (item.kind === 'function' || item.kind === 'declaration') return;
  const entry: Entry = { block, item, at: entries.length, pack: packs[packs.length - 1] ?? null };
  entries.push(entry);
  if (item.kind === 'define' || item.kind === 'undef') inner.set(item.name, entry);
}

/** `#pragma pack` as GCC has it: `(n)`, `()`, `(push)`, `(push, n)` and `(pop)`. */
function pragma(packs: (number | null)[], text: string): void {
  const match = /^pack\s*\(\s*(push|pop)?\s*,?\s*(\d+)?\s*\)/.exec(text);
  if (match === null) return;
  if (match[1] === 'pop') {
    if (packs.length > 1) packs.pop();
    return;
  }
  if (match[1] === 'push') packs.push(packs[packs.length - 1] ?? null);
  if (match[2] !== undefined || match[1] === undefined) packs[packs.length - 1] = match[2] === undefined ? null : Number(match[2]);
}

interface IncludeTarget {
  readonly name: string;
  readonly quoted: boolean;
}

function includeTarget(written: string, scope: MacroScope): IncludeTarget | undefined {
  const direct = plainTarget(written);
  if (direct !== undefined) return direct;
  // A path put together by macros has no blanks of its own.
  const text = attempt(() => expand(tokensOf(written), scope).map((token) => token.text).join('').replace(/\s/g, ''));
  return text.known ? plainTarget(text.value) : undefined;
}

function plainTarget(written: string): IncludeTarget | undefined {
  const match = /^(?:"([^"]+)"|<([^>]+)>)/.exec(written);
  return match === null ? undefined : { name: match[1] ?? match[2] ?? '', quoted: match[1] !== undefined };
}
