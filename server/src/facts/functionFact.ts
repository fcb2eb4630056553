import { isAttributeHead } from '../syntax/annotations';
import { pairBrackets, partnerOf, type Brackets } from '../syntax/brackets';
import { Code } from '../syntax/characters';
import { functionHeader } from '../syntax/header';
import type { Segment } from '../syntax/segment';
import { endAt, isIdentifier, kindAt, startAt, wordAt } from '../syntax/tokenAccess';
import type { Tokens } from '../syntax/tokens';
import type { FunctionFact, ParameterFact } from './fileFacts';
import { parameterOf } from './parameterFact';
import { argumentsOf, closeOf } from './siteArguments';

/** The function that a segment defines, offsets relative to the segment; undefined where its name cannot be told. */
export function functionFact(tokens: Tokens, segment: Segment, condition: string | null): FunctionFact | undefined {
  const { first, body, span } = segment;
  const { name, byMacro } = functionHeader(tokens, first, body);
  if (name === -1) return undefined;
  const brackets = pairBrackets(tokens, first, body);
  const words = topLevelWords(tokens, brackets, first, body);
  return {
    name: byMacro ? macroFunctionName(tokens, brackets, name, body) : wordAt(tokens, name),
    span: { start: 0, end: span.end - span.start },
    nameSpan: { start: startAt(tokens, name) - span.start, end: endAt(tokens, name) - span.start },
    isStatic: words.includes('static'),
    annotations: words.filter(saysWhen),
    parameters: byMacro ? macroParameters(tokens, brackets, name, body) : parametersOf(tokens, brackets, name + 1, body),
    condition,
  };
}

/** `SYSCALL_DEFINE1(swapoff)`: the macro and what it is told to define; a lower-case name stands for itself. */
function macroFunctionName(tokens: Tokens, brackets: Brackets, name: number, body: number): string {
  const word = wordAt(tokens, name);
  const [defined = ''] = argumentsOf(tokens, brackets, name + 1, body);
  return word === word.toUpperCase() && /^\w+$/.test(defined) ? `${word}(${defined})` : word;
}

function topLevelWords(tokens: Tokens, brackets: Brackets, first: number, last: number): string[] {
  const words: string[] = [];
  for (let at = first; at < last; at++) {
    if (isIdentifier(tokens, at)) words.push(wordAt(tokens, at));
    else at = Math.max(at, partnerOf(brackets, at));
  }
  return words;
}

/** `__init`, `__exit`, `__net_init`, `__meminit`, `__init_or_module`, `__ref` …: the section says when it can run. */
function saysWhen(word: string): boolean {
  return /^__\w*(?:init|exit)(?:_\w+)?$|^__ref$/.test(word) && !isAttributeHead(word);
}

function parametersOf(tokens: Tokens, brackets: Brackets, open: number, body: number): ParameterFact[] {
  const close = closeOf(tokens, brackets, open, body);
  const parameters: ParameterFact[] = [];
  let from = open + 1;
  for (let at = from; at <= close; at++) {
    if (at !== close && kindAt(tokens, at) !== Code.comma) {
      at = Math.max(at, partnerOf(brackets, at));
      continue;
    }
    const parameter = parameterOf(tokens, from, at);
    if (parameter !== undefined) parameters.push(parameter);
    from = at + 1;
  }
  return parameters;
}

/** A syscall's arguments after its name are types and names by turns. */
function macroParameters(tokens: Tokens, brackets: Brackets, name: number, body: number): ParameterFact[] {
  if (!/SYSCALL_DEFINE\d$/.test(wordAt(tokens, name))) return [];
  const [, ...rest] = argumentsOf(tokens, brackets, name + 1, body);
  const parameters: ParameterFact[] = [];
  for (let at = 0; at + 1 < rest.length; at += 2) {
    parameters.push({ name: rest[at + 1] ?? null, type: { kind: 'named', name: rest[at] ?? '' } });
  }
  return parameters;
}
