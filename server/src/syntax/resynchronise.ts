import { Code } from './characters';
import { functionHeader } from './header';
import type { Open } from './segments';
import { atLineStart, isIdentifier, kindAt, openingToken, previousToken, startAt, wordAt } from './tokenAccess';
import { TokenKind, type Tokens } from './tokens';
import { qualifiers, statementWords, storageWords, tagKeywords, typeKeywords } from './words';

/**
 * Where brackets do not balance, the first column decides: the kernel puts a function's braces and the start of
 * each declaration there, and hardly anything else.
 */

/** True where the storage word at a line's start cannot belong to the open segment: its `;` or bracket is missing. */
export function beginsDeclaration(tokens: Tokens, open: Readonly<Open>, at: number): boolean {
  const word = wordAt(tokens, at);
  if (word !== 'static' && word !== 'extern' && word !== 'typedef') return false;
  if (open.parentheses > 0 || open.body !== -1 || open.kind === 'initialiser') return true;
  const last = previousToken(tokens, at, open.first);
  return last !== -1 && kindAt(tokens, last) === Code.close;
}

/** True where a `}` that would end the open function is one too many: it is indented, and so is what follows. */
export function isExtraClose(tokens: Tokens, open: Readonly<Open>, at: number): boolean {
  if (open.kind !== 'function' || !atLineStart(tokens, open.body) || atLineStart(tokens, at)) return false;
  const next = at + 1;
  if (next >= tokens.count || kindAt(tokens, next) === TokenKind.directive || atLineStart(tokens, next)) return false;
  const lineEnd = tokens.text.indexOf('\n', startAt(tokens, open.body));
  return lineEnd !== -1 && lineEnd < startAt(tokens, at) && kindAt(tokens, next) !== Code.semicolon;
}

/** True where what follows the `}` at `close` can only stand at file scope. */
export function fileScopeFollows(tokens: Tokens, close: number): boolean {
  let next = close + 1;
  if (kindAt(tokens, next) === Code.semicolon) next++;
  if (next >= tokens.count) return true;
  if (!isIdentifier(tokens, next) || !atLineStart(tokens, next)) return false;
  const word = wordAt(tokens, next);
  if (statementWords.has(word)) return false;
  if (storageWords.has(word) || typeKeywords.has(word) || tagKeywords.has(word) || qualifiers.has(word)) return true;
  const after = kindAt(tokens, next + 1);
  return after === TokenKind.identifier || (after === Code.open && word === word.toUpperCase());
}

/** Tokens of a function header; more are none. */
const longestHeader = 2_000;

/**
 * The first token of a function header that ends at the `{` in the first column while brackets are open; -1 where
 * there is none. The header must start a line and have a type before the name, or be a macro in capitals.
 */
export function strandedHeader(tokens: Tokens, segmentStart: number, brace: number): number {
  const first = Math.max(segmentStart, brace - longestHeader);
  const close = previousToken(tokens, brace, first);
  if (close === -1 || kindAt(tokens, close) !== Code.close) return -1;
  const open = openingToken(tokens, close, first);
  if (open <= first || !isIdentifier(tokens, open - 1)) return -1;
  const start = headerStart(tokens, first, open - 1);
  if (start === -1 || start === segmentStart) return -1;
  const { name } = functionHeader(tokens, start, brace);
  if (name === -1 || statementWords.has(wordAt(tokens, start))) return -1;
  const word = wordAt(tokens, name);
  return name > start || word === word.toUpperCase() ? start : -1;
}

/** The first token in the first column between the last `;`, brace or directive before `name` and `name`. */
function headerStart(tokens: Tokens, first: number, name: number): number {
  let start = -1;
  for (let at = name; at >= first; at--) {
    const kind = kindAt(tokens, at);
    if (kind === Code.semicolon || kind === Code.openBrace || kind === Code.closeBrace || kind === TokenKind.directive) break;
    if (kind === TokenKind.identifier && atLineStart(tokens, at)) start = at;
    // An unclosed call before the header: only the line that holds the name, and type words above it, belong to it.
    if (start !== -1 && (kind === Code.open || kind === Code.close)) break;
  }
  return start;
}
