import { partnerOf, type Brackets } from '../syntax/brackets';
import { Code } from '../syntax/characters';
import { kindAt, previousToken, wordAt } from '../syntax/tokenAccess';
import { TokenKind, type Tokens } from '../syntax/tokens';
import { textOf } from './siteArguments';
import { isLoopMacro } from './siteContext';

/** What the call at token `at` is assigned to, by its neighbours alone: for places that the grammar cannot read. */
export function assignedByTokens(tokens: Tokens, brackets: Brackets, at: number, first: number): string | null {
  let before = previousToken(tokens, at, first);
  // Casts and opening parentheses leave the value as it is.
  for (; before !== -1; before = previousToken(tokens, before, first)) {
    const kind = kindAt(tokens, before);
    if (kind === Code.close && partnerOf(brackets, before) !== -1) before = partnerOf(brackets, before);
    else if (kind !== Code.open) break;
  }
  if (before === -1 || kindAt(tokens, before) !== Code.equals) return null;
  const target = previousToken(tokens, before, first);
  if (isOperator(kindAt(tokens, target))) return null;
  return textOf(tokens, targetStart(tokens, brackets, target, first), before);
}

/** The first half of `==`, `+=` and the like. */
function isOperator(kind: number): boolean {
  return kind >= 33 && kind !== Code.close && kind !== Code.closeSquare;
}

/** First token of the expression that ends at `target`: names joined by `.` and `->`, with their brackets. */
function targetStart(tokens: Tokens, brackets: Brackets, target: number, first: number): number {
  let start = target;
  for (let at = target; at >= first; at--) {
    const kind = kindAt(tokens, at);
    if (kind === Code.close || kind === Code.closeSquare) {
      const open = partnerOf(brackets, at);
      if (open === -1) return start;
      start = at = open;
    } else if (kind === TokenKind.identifier && start === at + 1 && kindAt(tokens, start) === TokenKind.identifier) return start;
    else if (kind === TokenKind.identifier || kind === Code.dot || kind === Code.minus || kind === Code.greater) start = at;
    else break;
  }
  return start;
}

/** For each token from `brackets.first` on, the innermost `{` around it; -1 outside all. */
export function enclosingBraces(tokens: Tokens, brackets: Brackets): Int32Array {
  const enclosing = new Int32Array(brackets.partners.length);
  const open: number[] = [];
  for (let index = 0; index < enclosing.length; index++) {
    const at = brackets.first + index;
    const kind = kindAt(tokens, at);
    if (kind === Code.closeBrace && partnerOf(brackets, at) !== -1) open.pop();
    enclosing[index] = open.at(-1) ?? -1;
    if (kind === Code.openBrace) open.push(at);
  }
  return enclosing;
}

/** The innermost loop by the braces around token `at` and the words before them. */
export function loopByTokens(tokens: Tokens, brackets: Brackets, enclosing: Int32Array, at: number): string | null {
  const around = (token: number): number => enclosing[token - brackets.first] ?? -1;
  for (let brace = around(at); brace !== -1; brace = around(brace)) {
    const loop = loopBefore(tokens, brackets, brace, brackets.first);
    if (loop !== null) return loop;
  }
  return null;
}

function loopBefore(tokens: Tokens, brackets: Brackets, brace: number, first: number): string | null {
  const before = previousToken(tokens, brace, first);
  if (wordAt(tokens, before) === 'do') return 'do';
  const open = kindAt(tokens, before) === Code.close ? partnerOf(brackets, before) : -1;
  if (open <= first) return null;
  const word = wordAt(tokens, open - 1);
  if (word === 'for' || word === 'while') return word;
  return isLoopMacro(word) ? textOf(tokens, open - 1, before + 1) : null;
}
