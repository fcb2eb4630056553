import { type Declaration, declarationsOf, readerOf } from '../../facts/declarations';
import type { EnumFact, RecordFact, TypeExpression } from '../../facts/fileFacts';
import { configuredTokens } from '../preprocess/configuredTokens';
import type { MacroScope } from '../preprocess/macros';
import type { Place, TranslationUnit } from '../preprocess/translationUnit';

/**
 * Types that macros called at file scope define (`SEQCOUNT_LOCKNAME(spinlock, …)`, `TRACE_EVENT(…)`): gives the
 * declarations that may define a name.
 */
export type GeneratedTypes = (name: string) => readonly Declaration[];

/** The definition that a declaration's type holds, below pointers and arrays. */
export function innermost(type: TypeExpression): RecordFact | EnumFact | undefined {
  if (type.kind === 'inline') return type.definition;
  if (type.kind === 'pointer') return innermost(type.to);
  if (type.kind === 'array') return innermost(type.of);
  return type.kind === 'function' ? innermost(type.returns) : undefined;
}


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

function definingCalls(unit: TranslationUnit): DefiningCall[] {
  let sequence = -1;
  let known = new Map<string, boolean>();
  return unit.calls.flatMap((place) => {
    if (place.sequence !== sequence) known = new Map();
    sequence = place.sequence;
    const { file, item } = place;
    if (!mayDefine(item.name, unit.macrosAt(sequence), known)) return [];
    return [{ place, words: [...new Set(file.text.slice(item.start, item.end).match(/\w+/g) ?? [])], declarations: undefined }];
  });
}

/** Finds types by name among the macros called in a unit, expanding only the calls that can make the name. */
export function generatedTypes(unit: TranslationUnit): GeneratedTypes {
  let calls: readonly DefiningCall[] | undefined;
  return (name) => {
    calls ??= definingCalls(unit);
    return calls.filter(({ words }) => words.some((word) => name.includes(word))).flatMap((call) => {
      const { file, item, sequence } = call.place;
      call.declarations ??= declarationsOf(readerOf(configuredTokens(unit, file, item.start, item.end, sequence)));
      return call.declarations;
    });
  };
}
