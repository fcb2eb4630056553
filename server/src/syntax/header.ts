import { isAttributeHead } from './annotations';
import { Code } from './characters';
import { closingToken, isIdentifier, kindAt, previousToken, wordAt } from './tokenAccess';
import { TokenKind, type Tokens } from './tokens';
import { operatorWords, qualifiers, statementWords, storageWords, tagKeywords, typeKeywords } from './words';

/** What a `{` at file scope opens, judged by the tokens since the last end. */
export type Opening =
  | { readonly kind: 'function'; readonly name: number }
  | { readonly kind: 'record' | 'linkage' | 'fragment' };

export function openingOf(tokens: Tokens, first: number, brace: number): Opening {
  if (isLinkage(tokens, first, brace)) return { kind: 'linkage' };
  if (opensRecord(tokens, first, brace)) return { kind: 'record' };
  const { name } = functionHeader(tokens, first, brace);
  return name === -1 ? { kind: 'fragment' } : { kind: 'function', name };
}

/** `extern "C" {`: what is inside is at file scope as if the braces were not there. */
function isLinkage(tokens: Tokens, first: number, brace: number): boolean {
  const before = previousToken(tokens, brace, first);
  return before !== -1 && kindAt(tokens, before) === TokenKind.string
    && wordAt(tokens, previousToken(tokens, before, first)) === 'extern';
}

/** True where only a tag and attributes stand between the last `struct`, `union` or `enum` and the brace. */
function opensRecord(tokens: Tokens, first: number, brace: number): boolean {
  let names = 0;
  for (let at = brace - 1; at >= first; at--) {
    const kind = kindAt(tokens, at);
    if (kind === TokenKind.directive || kind === Code.colon) continue;
    if (kind === Code.close) {
      at = attributeStart(tokens, at, first);
      if (at === -1) return false;
    } else if (kind === TokenKind.identifier) {
      const word = wordAt(tokens, at);
      if (tagKeywords.has(word)) return true;
      // The type of `enum x : unsigned char {` and a cacheline or packing macro are no second tag.
      if (!word.startsWith('__') && !typeKeywords.has(word) && word !== word.toUpperCase() && ++names > 1) return false;
    } else return false;
  }
  return false;
}

/** The head of the attribute group that ends at `close` (`__aligned(8)`); -1 where it is no attribute. */
function attributeStart(tokens: Tokens, close: number, first: number): number {
  let depth = 0;
  for (let at = close; at > first; at--) {
    const kind = kindAt(tokens, at);
    if (kind === Code.close) depth++;
    else if (kind === Code.open && --depth === 0) return isAttributeHead(wordAt(tokens, at - 1)) ? at - 1 : -1;
  }
  return -1;
}

/** The head of a function definition. */
export interface FunctionHeader {
  /** Token of its name; -1 where nothing is followed by `(`. */
  readonly name: number;
  /** No type comes before the name: a macro makes the function (`SYSCALL_DEFINE1(…) {`), or its type is lost. */
  readonly byMacro: boolean;
}

/** The header from token `first` up to the brace: its name is the first callable word after a type. */
export function functionHeader(tokens: Tokens, first: number, brace: number): FunctionHeader {
  let typed = false;
  let macro = -1;
  for (let at = first; at < brace; at++) {
    const kind = kindAt(tokens, at);
    if (kind === Code.star) typed = true;
    else if (kind === Code.open) {
      const inner = pointerReturningName(tokens, at, brace);
      if (inner !== -1) return { name: inner, byMacro: false };
      at = afterGroup(tokens, at, brace);
    } else if (kind === TokenKind.identifier && kindAt(tokens, at + 1) === Code.open) {
      const word = wordAt(tokens, at);
      if (typeKeywords.has(word)) typed = true;
      else if (statementWords.has(word)) return { name: -1, byMacro: false };
      else if (operatorWords.has(word) || isAttribute(tokens, at, brace)) {
        typed ||= word.includes('typeof');
        at = afterGroup(tokens, at + 1, brace);
      } else {
        if (typed || (macro !== -1 && !word.startsWith('__'))) return { name: at, byMacro: false };
        if (macro === -1) macro = at;
        at = afterGroup(tokens, at + 1, brace);
      }
    } else if (kind === TokenKind.identifier) typed ||= isTypeWord(tokens, at);
  }
  return { name: macro, byMacro: macro !== -1 };
}

/** `void __releases(lock) f(…)`: a group between the type and the name. */
function isAttribute(tokens: Tokens, at: number, limit: number): boolean {
  const word = wordAt(tokens, at);
  if (!word.startsWith('__')) return false;
  if (isAttributeHead(word)) return true;
  const next = afterGroup(tokens, at + 1, limit) + 1;
  return next < limit && kindAt(tokens, next + 1) === Code.open && isIdentifier(tokens, next) && !wordAt(tokens, next).startsWith('__');
}

function afterGroup(tokens: Tokens, open: number, limit: number): number {
  const close = closingToken(tokens, open, limit);
  return close === -1 ? limit : close;
}

/** The name in `(*name(…))(…)`, a function that returns a function pointer. */
function pointerReturningName(tokens: Tokens, open: number, limit: number): number {
  let at = open + 1;
  while (at < limit && kindAt(tokens, at) === Code.star) at++;
  return at > open + 1 && isIdentifier(tokens, at) && kindAt(tokens, at + 1) === Code.open ? at : -1;
}

const underscoredType = /^__(?:(?:[su]|be|le|virtio|hc|fs)\d+|kernel_\w+|\w+_t|wsum|sum16|signed__)$/;

/** True for a word that names a type: no storage class, qualifier or annotation (`__init`). */
function isTypeWord(tokens: Tokens, at: number): boolean {
  const word = wordAt(tokens, at);
  if (storageWords.has(word) || qualifiers.has(word)) return false;
  return !word.startsWith('__') || underscoredType.test(word);
}
