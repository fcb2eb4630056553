import { Code } from './characters';
import type { Tokens } from './tokens';

/** Partner of each bracket among tokens `first` to `last`: `partnerOf(brackets, open)` is its close and the reverse. */
export interface Brackets {
  readonly first: number;
  readonly partners: Int32Array;
  /** Deepest nesting met. */
  readonly deepest: number;
}

/**
 * Pairs `(`, `[` and `{` in one pass. A closing parenthesis never reaches over an open brace, a closing brace drops
 * the parentheses left open inside it, so a bracket missing in one `#if` branch spoils only its surroundings.
 */
export function pairBrackets(tokens: Tokens, first: number, last: number): Brackets {
  const partners = new Int32Array(Math.max(0, last - first)).fill(-1);
  const stack: number[] = [];
  let braces = 0;
  let deepest = 0;
  for (let at = first; at < last; at++) {
    const kind = tokens.kinds[at] ?? 0;
    if (kind === Code.open || kind === Code.openSquare || kind === Code.openBrace) {
      stack.push(at);
      if (kind === Code.openBrace) braces++;
      deepest = Math.max(deepest, stack.length);
    } else if (kind === Code.close || kind === Code.closeSquare || kind === Code.closeBrace) {
      if (kind === Code.closeBrace && braces === 0) continue;
      const open = popOpening(tokens, stack, kind);
      if (open === -1) continue;
      if (kind === Code.closeBrace) braces--;
      partners[at - first] = open;
      partners[open - first] = at;
    }
  }
  return { first, partners, deepest };
}

/** Token of the bracket that pairs with the one at `at`; -1 where none does. */
export function partnerOf(brackets: Brackets, at: number): number {
  return brackets.partners[at - brackets.first] ?? -1;
}

function popOpening(tokens: Tokens, stack: number[], close: number): number {
  const wanted = close === Code.close ? Code.open : close === Code.closeSquare ? Code.openSquare : Code.openBrace;
  for (let top = stack.length - 1; top >= 0; top--) {
    const open = stack[top] ?? 0;
    const kind = tokens.kinds[open];
    if (kind === wanted) {
      stack.length = top;
      return open;
    }
    // Only a brace closes over other open brackets, and nothing else closes over a brace.
    if (kind === Code.openBrace || wanted !== Code.openBrace) return -1;
  }
  return -1;
}
