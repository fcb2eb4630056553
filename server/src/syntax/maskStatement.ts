import { Code } from './characters';
import { blank, type MaskContext } from './maskContext';
import { endAt, kindAt, nextToken, previousToken, startAt, wordAt } from './tokenAccess';
import { TokenKind } from './tokens';

/**
 * `for_each_possible_cpu(cpu) statement`: a name with parentheses that governs a statement, as loop macros and
 * `scoped_guard` do, becomes `while` (or `if` where it is too short), which the grammar reads alike.
 */
export function maskLoopMacro(context: MaskContext, at: number, close: number): void {
  const { tokens, segment } = context;
  const next = nextToken(tokens, close, segment.last);
  if (next === -1 || !startsStatement(kindAt(tokens, next))) return;
  if (!followsStatement(context, at)) return;
  const length = endAt(tokens, at) - startAt(tokens, at);
  if (length >= 2) blank(context, at, at, 'loop', length >= 5 ? 'while' : 'if');
}

function startsStatement(kind: number): boolean {
  return kind === Code.openBrace || kind === TokenKind.identifier;
}

function followsStatement({ tokens, segment }: MaskContext, at: number): boolean {
  const before = previousToken(tokens, at, segment.first);
  const kind = kindAt(tokens, before);
  if (kind === TokenKind.identifier) return ['else', 'do'].includes(wordAt(tokens, before));
  return kind === Code.semicolon || kind === Code.openBrace || kind === Code.closeBrace || kind === Code.close || kind === Code.colon;
}
