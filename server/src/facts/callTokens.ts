import { isAnnotationWord, isAttributeHead } from '../syntax/annotations';
import { Code } from '../syntax/characters';
import { isIdentifier, kindAt, previousToken, wordAt } from '../syntax/tokenAccess';
import { TokenKind, type Tokens } from '../syntax/tokens';
import { isCallable, qualifiers, statementWords, storageWords, tagKeywords, typeKeywords } from '../syntax/words';

/**
 * What the tokens around `name (` say: surely a call of that name, surely none (a declaration, or a call through the
 * member `->name`), or only the grammar can tell.
 */
export type Verdict = 'call' | 'none' | 'unclear';

/** A name followed by `(`, by its token. */
export interface Mention {
  readonly at: number;
  readonly word: string;
}

/** Names followed by `(` among tokens `first` to `last`; operators, keywords and attributes left out. */
export function mentionsOfCalls(tokens: Tokens, first: number, last: number): Mention[] {
  const mentions: Mention[] = [];
  const { kinds } = tokens;
  for (let at = first; at < last - 1; at++) {
    if (kinds[at] !== TokenKind.identifier || kinds[at + 1] !== Code.open) continue;
    const word = wordAt(tokens, at);
    if (isCallable(word) && !isAttributeHead(word)) mentions.push({ at, word });
  }
  return mentions;
}

/**
 * Judges `name (` inside a function or macro body, by the token before it: after an operator, a bracket, a `;` or a
 * statement word it is a call; after a type it declares; after `*` it may be either. On code that parses without an
 * error all but "none" are the tree's calls, and besides them only macros that declare (`static DEFINE_MUTEX(m)`).
 */
export function verdictOf(tokens: Tokens, at: number, first: number): Verdict {
  if (declaresPointer(tokens, at, first)) return 'none';
  const before = previousToken(tokens, at, first);
  const kind = kindAt(tokens, before);
  if (isMemberAccess(tokens, before)) return 'none';
  if (kind === Code.star) return afterStar(tokens, before, first);
  if (kind !== TokenKind.identifier) return 'call';
  const word = wordAt(tokens, before);
  if (statementWords.has(word) || word === 'sizeof') return 'call';
  if (storageWords.has(word) || isAnnotationWord(word) || qualifiers.has(word)) return 'unclear';
  return typeKeywords.has(word) || tagKeywords.has(wordAt(tokens, before - 1)) ? 'none' : 'unclear';
}

/** `.` and `->`, but not the end of `...`. */
function isMemberAccess(tokens: Tokens, at: number): boolean {
  const kind = kindAt(tokens, at);
  return kind === Code.dot ? kindAt(tokens, at - 1) !== Code.dot : kind === Code.greater && kindAt(tokens, at - 1) === Code.minus;
}

/** `u32 (*get)(u32)`: what looks called is the type of a function pointer. */
function declaresPointer(tokens: Tokens, at: number, first: number): boolean {
  if (kindAt(tokens, at + 2) !== Code.star || !isIdentifier(tokens, at + 3) || kindAt(tokens, at + 4) !== Code.close) return false;
  if (kindAt(tokens, at + 5) !== Code.open) return false;
  const before = previousToken(tokens, at, first);
  const kind = kindAt(tokens, before);
  return kind === Code.semicolon || kind === Code.openBrace || kind === Code.closeBrace || kind === TokenKind.identifier;
}

function afterStar(tokens: Tokens, star: number, first: number): Verdict {
  let before = star;
  while (before !== -1 && kindAt(tokens, before) === Code.star) before = previousToken(tokens, before, first);
  if (kindAt(tokens, before) !== TokenKind.identifier) return 'call';
  const word = wordAt(tokens, before);
  if (statementWords.has(word)) return 'call';
  return typeKeywords.has(word) || tagKeywords.has(wordAt(tokens, before - 1)) ? 'none' : 'unclear';
}

