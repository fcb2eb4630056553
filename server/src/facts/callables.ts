import { functionHeader } from '../syntax/header';
import type { Scan, Segment } from '../syntax/segment';
import { wordAt } from '../syntax/tokenAccess';
import type { Tokens } from '../syntax/tokens';
import type { FunctionFact, MacroFact } from './fileFacts';
import { functionFact } from './functionFact';
import { macroOf } from './macroFact';

/** The functions and macros of a file by what a call of them takes. */
export interface Callables {
  readonly functions: readonly (Pick<FunctionFact, 'name' | 'isStatic' | 'annotations'> & { readonly parameters: readonly string[] })[];
  readonly macros: readonly Pick<MacroFact, 'name' | 'parameters'>[];
}

/** Those of the given names, read from headers alone: no body is looked into. */
export function callablesIn({ text, tokens, segments }: Scan, names: ReadonlySet<string>): Callables {
  const functions = segments.flatMap((segment) => (mayDefine(tokens, segment, names) ? (functionFact(tokens, segment, null) ?? []) : []));
  const macros = segments.flatMap((segment) => (segment.kind === 'define' ? (macroOf(text, segment, null)?.fact ?? []) : []));
  return {
    functions: functions
      .filter(({ name }) => names.has(name))
      .map(({ name, isStatic, annotations, parameters }) => ({ name, isStatic, annotations, parameters: parameters.map((parameter) => parameter.name ?? '') })),
    macros: macros.filter(({ name }) => names.has(name)).map(({ name, parameters }) => ({ name, parameters })),
  };
}

/** A function that a macro defines has another name than stands there. */
function mayDefine(tokens: Tokens, { kind, first, body }: Segment, names: ReadonlySet<string>): boolean {
  if (kind !== 'function') return false;
  const { name, byMacro } = functionHeader(tokens, first, body);
  return name !== -1 && (byMacro || names.has(wordAt(tokens, name)));
}
