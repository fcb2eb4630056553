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

/** The innermost loop around a token, by the braces around it and the words before them. */
export type LoopAt = (at: number) => string | null;

/** Reads the loops of a stretch of code once, for any number of questions about it. */
export function loopsByTokens(tokens: Tokens, brackets: Brackets): LoopAt {
  const enclosing = new Int32Array(brackets.partners.length).fill(-1);
  const loops: (string | null)[] = [];
  const open: number[] = [];
  for (let index = 0; index < enclosing.length; index++) {
    const at = brackets.first + index;
    const kind = kindAt(tokens, at);
    if (kind === Code.closeBrace && partnerOf(brackets, at) !== -1) open.pop();
    const outer = open.at(-1) ?? -1;
    enclosing[index] = outer;
    if (kind !== Code.openBrace) continue;
    open.push(loops.length);
    loops.push(loopBefore(tokens, brackets, at) ?? loops[outer] ?? null);
  }
  return (at) => loops[enclosing[at - brackets.first] ?? -1] ?? null;
}

function loopBefore(tokens: Tokens, brackets: Brackets, brace: number): string | null {
  const { first } = brackets;
  const before = previousToken(tokens, brace, first);
  if (wordAt(tokens, before) === 'do') return 'do';
  const open = kindAt(tokens, before) === Code.close ? partnerOf(brackets, before) : -1;
  if (open <= first) return null;
  const word = wordAt(tokens, open - 1);
  if (word === 'for' || word === 'while') return word;
  return isLoopMacro(word) ? textOf(tokens, open - 1, before + 1) : null;
}
