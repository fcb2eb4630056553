import type { OutlineItem } from '../../facts/outline';
import type { Entry, MacroName, Meaning } from './blocks';
import { type Macro, macroOf } from './macros';
import { blockSpan, type Run } from './unitRun';

const parsedMacros = new WeakMap<OutlineItem, Macro>();

/** The macro that an entry defines or undefines. */
export function definedMacro(meaning: Entry | Macro | undefined): Macro | undefined {
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
export function meaningAt(run: Run, macro: MacroName, sequence: number): Entry | Macro | undefined {
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

/** What a macro means after all that was passed. */
export function meaningNow(run: Run, macro: MacroName): Entry | Macro | undefined {
  const shared = latestOf(run, macro.entries, undefined);
  const found = run.own.macros.size === 0 ? shared : latestOf(run, run.own.macros.get(macro) ?? [], shared);
  return found ?? run.input.commandLine.get(macro.name) ?? macro.given;
}

function latestOf({ lastOrder }: Run, entries: readonly Entry[], other: Entry | undefined): Entry | undefined {
  let found = other;
  let latest = found === undefined ? 0 : (lastOrder[found.block.id] ?? 0);
  for (const entry of entries) {
    const order = lastOrder[entry.block.id] ?? 0;
    if (order === 0 || order < latest || (order === latest && found !== undefined && entry.at < found.at)) continue;
    found = entry;
    latest = order;
  }
  return found;
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

export function identity(meaning: Entry | Macro | undefined): Meaning {
  if (meaning === undefined || !('item' in meaning)) return meaning;
  return meaning.item.kind === 'undef' ? undefined : meaning.item;
}
