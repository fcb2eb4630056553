import { isAnnotationWord, isAttributeHead } from '../syntax/annotations';
import { Code } from '../syntax/characters';
import { closingToken, isIdentifier, kindAt, wordAt } from '../syntax/tokenAccess';
import { TokenKind, type Tokens } from '../syntax/tokens';
import { qualifiers, storageWords, tagKeywords, typeKeywords } from '../syntax/words';
import type { ParameterFact, TypeExpression } from './fileFacts';

/**
 * One parameter from its tokens, its type as far as a caller's `typeof(*x)` needs it: base type and pointers; an
 * array parameter is a pointer, a function pointer a pointer to a function. Undefined for `void`, `...` and nothing.
 */
export function parameterOf(tokens: Tokens, from: number, to: number): ParameterFact | undefined {
  const base = baseType(tokens, from, to);
  if (base === undefined) return undefined;
  let { type } = base;
  let { at } = base;
  let name: string | null = null;
  for (; at < to; at++) {
    const kind = kindAt(tokens, at);
    if (kind === Code.star) type = { kind: 'pointer', to: type };
    else if (kind === Code.openSquare) return { name, type: { kind: 'pointer', to: type } };
    else if (kind === Code.open) return { name: name ?? pointerName(tokens, at, to), type: { kind: 'pointer', to: functionType(type) } };
    else if (isIdentifier(tokens, at)) {
      const after = skipAttribute(tokens, at, to);
      if (after === at && !qualifiers.has(wordAt(tokens, at))) name = wordAt(tokens, at);
      at = Math.max(at, after - 1);
    }
  }
  const nothing = name === null && type.kind === 'scalar' && type.name === 'void';
  return nothing ? undefined : { name, type };
}

function functionType(returns: TypeExpression): TypeExpression {
  return { kind: 'function', returns };
}

/** The name in `(*name)(…)`. */
function pointerName(tokens: Tokens, open: number, to: number): string | null {
  let at = open + 1;
  while (at < to && (kindAt(tokens, at) === Code.star || isAnnotationWord(wordAt(tokens, at)) || qualifiers.has(wordAt(tokens, at)))) at++;
  return at < to && isIdentifier(tokens, at) ? wordAt(tokens, at) : null;
}

/** Past the annotation or attribute at `at`; `at` itself where there is none. */
function skipAttribute(tokens: Tokens, at: number, to: number): number {
  const word = wordAt(tokens, at);
  if (isAnnotationWord(word)) return at + 1;
  if (!isAttributeHead(word) || kindAt(tokens, at + 1) !== Code.open) return at;
  const close = closingToken(tokens, at + 1, to);
  return close === -1 ? to : close + 1;
}

interface Base {
  readonly type: TypeExpression;
  /** The token after the type. */
  readonly at: number;
}

function baseType(tokens: Tokens, from: number, to: number): Base | undefined {
  const scalars: string[] = [];
  for (let at = from; at < to; at++) {
    if (kindAt(tokens, at) === TokenKind.directive) continue;
    if (!isIdentifier(tokens, at)) return scalar(scalars, at);
    const after = skipAttribute(tokens, at, to);
    if (after > at) {
      at = after - 1;
      continue;
    }
    const word = wordAt(tokens, at);
    if (qualifiers.has(word) || storageWords.has(word)) continue;
    if (typeKeywords.has(word)) scalars.push(word);
    else if (scalars.length > 0) return scalar(scalars, at);
    else if (tagKeywords.has(word)) {
      return { type: { kind: 'tagged', tag: word === 'struct' || word === 'union' ? word : 'enum', name: wordAt(tokens, at + 1) }, at: at + 2 };
    } else if (/^(?:__)?typeof(?:__)?$/.test(word)) return typeofType(tokens, at, to);
    else return { type: { kind: 'named', name: word }, at: at + 1 };
  }
  return scalar(scalars, to);
}

function scalar(words: readonly string[], at: number): Base | undefined {
  return words.length === 0 ? undefined : { type: { kind: 'scalar', name: words.join(' ') }, at };
}

function typeofType(tokens: Tokens, at: number, to: number): Base {
  const close = closingToken(tokens, at + 1, to);
  const expression = tokens.text.slice(tokens.ends[at + 1] ?? 0, close === -1 ? undefined : tokens.starts[close]).trim();
  return { type: { kind: 'typeof', expression }, at: close === -1 ? to : close + 1 };
}
