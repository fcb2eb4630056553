import { folderOf } from '../sourceTree';
import { type Block, type Entry, guardOf, type IncludeStep, type MacroName, register, type Variant, variantsOf } from './blocks';
import type { SourceFile } from './headers';
import { interpret, samePacks } from './interpret';
import { definedMacro, identity, meaningNow } from './macroMeaning';
import type { Macro } from './macros';
import type { Run } from './unitRun';

/** Includes nest no deeper in any kernel; deeper means a file that includes itself. */
const deepestInclude = 200;

/** Goes through a file as the preprocessor does: passes the blocks whose conditions hold, and what they include. */
export function runFile(run: Run, file: SourceFile): void {
  // Where a compiler stops for good, nothing more is included: a file that includes itself twice would go on for ever.
  run.tooDeep ||= run.depth >= deepestInclude;
  if (run.tooDeep) return;
  run.depth += 1;
  run.files.add(file);
  let variants = isShared(file) ? variantsOf(run.store, file, 0) : [];
  let index = 0;
  while (index < file.items.length) {
    const variant = variantThatApplies(run, variants) ?? newVariant(run, file, index, variants);
    if (variant.block.entries.length > 0) pass(run, variant.block);
    run.packs = variant.packsAfter;
    for (const step of variant.includes) include(run, file, step);
    index = variant.resume;
    variants = variant.next;
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

function variantThatApplies(run: Run, variants: readonly Variant[]): Variant | undefined {
  for (const each of variants) if (applies(run, each)) return each;
  return undefined;
}

function newVariant(run: Run, file: SourceFile, index: number, variants: Variant[]): Variant {
  const lookup = (macro: MacroName): Entry | Macro | undefined => meaningNow(run, macro);
  const made = interpret(file, index, run.packs, { store: run.store, lookup, definedMacro, identity });
  const shared = isShared(file);
  register(run.store, shared ? undefined : run.own, made.block);
  // That a header's guard is not defined need not be asked again: else the header would not be read.
  const guard = index === 0 ? guardOf(run.store, file) : null;
  const asked = made.asked.filter(({ macro, meaning }) => macro !== guard || meaning !== false);
  const variant = { ...made, asked, next: shared ? variantsOf(run.store, file, made.resume) : [] };
  variants.push(variant);
  return variant;
}

function applies(run: Run, { asked, packs }: Variant): boolean {
  for (const { macro, meaning } of asked) {
    const now = identity(meaningNow(run, macro));
    if (typeof meaning === 'boolean' ? (now !== undefined) !== meaning : now !== meaning) return false;
  }
  return samePacks(packs, run.packs);
}

function look(run: Run, file: SourceFile, step: IncludeStep): SourceFile | null {
  const { extraFolders } = run.input;
  const found = run.headers.include(step.name, step.quoted, folderOf(file.path), extraFolders) ?? null;
  if (extraFolders.length === 0) step.found = found;
  return found;
}

function include(run: Run, file: SourceFile, step: IncludeStep): void {
  const found = run.input.extraFolders.length === 0 && step.found !== undefined ? step.found : look(run, file, step);
  if (found === null) run.missing.add(step.name);
  else if (!isReadAlready(run, found)) runFile(run, found);
}

function isReadAlready(run: Run, file: SourceFile): boolean {
  const guard = guardOf(run.store, file);
  return guard !== null && identity(meaningNow(run, guard)) !== undefined;
}
