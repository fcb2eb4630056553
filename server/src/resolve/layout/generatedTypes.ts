import { tokensOf } from '../../facts/cTokens';
import { type Declaration, declarationsOf } from '../../facts/declarations';
import { expandedReaderOf } from '../../facts/tokenReader';
import type { OutlineItem } from '../../facts/outline';
import { splitAtCommas } from '../expression/parseExpression';
import { definitionsIn } from '../../facts/definitionsIn';
import { configuredTokens } from '../preprocess/configuredTokens';
import type { MacroScope } from '../preprocess/macros';
import type { Place, TranslationUnit } from '../preprocess/translationUnit';

/**
 * Types that macros called at file scope define (`SEQCOUNT_LOCKNAME(spinlock, …)`, `TRACE_EVENT(…)`): gives the
 * declarations that may define a name.
 */
export type GeneratedTypes = (name: string) => readonly Declaration[];

const definingWords = new Set(['struct', 'union', 'enum', 'typedef']);

/** Whether a macro's body, or that of a macro it calls, may define a type. */
function mayDefine(name: string, scope: MacroScope, known: Map<string, boolean>): boolean {
  const answer = known.get(name);
  if (answer !== undefined) return answer;
  known.set(name, false);
  const body = scope.macro(name)?.body ?? [];
  const result = body.some(({ kind, text }) => kind === 'identifier' && (definingWords.has(text) || mayDefine(text, scope, known)));
  known.set(name, result);
  return result;
}

/** A call whose macro may define types, with the words that a name it makes can be made of. */
interface DefiningCall {
  readonly place: Place;
  readonly words: readonly string[];
  declarations: readonly Declaration[] | undefined;
}

/** The arguments that are single names: what `##` makes names of. */
function argumentNames(text: string, item: OutlineItem): readonly string[] {
  const tokens = tokensOf(text, item.start, item.end);
  return splitAtCommas(tokens.slice(2, -1)).flatMap(([first, ...more]) => (first?.kind === 'identifier' && more.length === 0 ? [first.text] : []));
}

function definingCalls(unit: TranslationUnit): DefiningCall[] {
  let sequence = -1;
  let known = new Map<string, boolean>();
  return unit.all('call').flatMap((place) => {
    if (place.sequence !== sequence) known = new Map();
    sequence = place.sequence;
    const { file, item } = place;
    if (!mayDefine(item.name, unit.macrosAt(sequence), known)) return [];
    return [{ place, words: argumentNames(file.text, item), declarations: undefined }];
  });
}

function declares(declaration: Declaration, name: string): boolean {
  return (declaration.isTypedef && declaration.name === name) || definitionsIn(declaration.type).some((definition) => definition.name === name);
}

/** Finds types by name among the macros called in a unit, expanding only the calls that can make the name. */
export function generatedTypes(unit: TranslationUnit): GeneratedTypes {
  let calls: readonly DefiningCall[] | undefined;
  return (name) => {
    calls ??= definingCalls(unit);
    for (const call of calls) {
      if (!call.words.some((word) => name.includes(word))) continue;
      const { file, item, sequence, pack } = call.place;
      call.declarations ??= declarationsOf(expandedReaderOf(configuredTokens(unit, file, item.start, item.end, sequence), pack));
      const defining = call.declarations.filter((declaration) => declares(declaration, name));
      if (defining.length > 0) return defining;
    }
    return [];
  };
}
