import { partnerOf, type Brackets } from '../syntax/brackets';
import { Code } from '../syntax/characters';
import { foldText } from '../syntax/directives';
import { endAt, kindAt, startAt } from '../syntax/tokenAccess';
import { TokenKind, type Tokens } from '../syntax/tokens';

/** Longer argument texts are cut: no expression that a person or a macro writes. */
const longestArgument = 4_096;

/**
 * The arguments between the parenthesis at token `open` and its partner, as written, white space and comments
 * folded; directive lines in between are dropped. Where the parenthesis is never closed, up to the statement's end.
 */
export function argumentsOf(tokens: Tokens, brackets: Brackets, open: number, last: number): string[] {
  const close = closeOf(tokens, brackets, open, last);
  const found: string[] = [];
  let from = open + 1;
  for (let at = from; at <= close; at++) {
    if (at === close || kindAt(tokens, at) === Code.comma) {
      found.push(textOf(tokens, from, cut(tokens, from, at)));
      from = at + 1;
    } else at = Math.max(at, partnerOf(brackets, at));
  }
  return found.length === 1 && found[0] === '' ? [] : found;
}

/** The token before `to` up to which the text from `from` is not too long. */
function cut(tokens: Tokens, from: number, to: number): number {
  const limit = startAt(tokens, from) + longestArgument;
  let end = to;
  while (end > from + 1 && endAt(tokens, end - 1) > limit) end = from + ((end - from) >> 1);
  return end;
}

/** Tokens of a call that is never closed; more are other code. */
const longestOpenCall = 256;

/** The token that closes `open`; where none does, the end of its statement. */
export function closeOf(tokens: Tokens, brackets: Brackets, open: number, last: number): number {
  const partner = partnerOf(brackets, open);
  if (partner > open) return partner;
  const limit = Math.min(last, open + longestOpenCall);
  let at = open + 1;
  while (at < limit && !endsStatement(kindAt(tokens, at))) at++;
  return at;
}

function endsStatement(kind: number): boolean {
  return kind === Code.semicolon || kind === Code.openBrace || kind === Code.closeBrace;
}

/** Text of tokens `from` to `to`, without the directives among them. */
export function textOf(tokens: Tokens, from: number, to: number): string {
  if (to <= from) return '';
  const parts: string[] = [];
  let start = from;
  for (let at = from; at <= to; at++) {
    if (at < to && kindAt(tokens, at) !== TokenKind.directive) continue;
    if (at > start) parts.push(foldText(tokens.text.slice(startAt(tokens, start), endAt(tokens, at - 1))));
    start = at + 1;
  }
  return parts.join(' ');
}
