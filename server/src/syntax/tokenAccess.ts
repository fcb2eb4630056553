import { Code } from './characters';
import { TokenKind, type Tokens } from './tokens';

/** Kind of token `at`; 0 outside the tokens. */
export function kindAt(tokens: Tokens, at: number): number {
  return at >= 0 && at < tokens.count ? (tokens.kinds[at] ?? 0) : 0;
}

export function startAt(tokens: Tokens, at: number): number {
  return at < tokens.count ? (tokens.starts[at] ?? 0) : tokens.text.length;
}

export function endAt(tokens: Tokens, at: number): number {
  return at < tokens.count ? (tokens.ends[at] ?? 0) : tokens.text.length;
}

export function wordAt(tokens: Tokens, at: number): string {
  return kindAt(tokens, at) === TokenKind.identifier ? tokens.text.slice(startAt(tokens, at), endAt(tokens, at)) : '';
}

export function isIdentifier(tokens: Tokens, at: number): boolean {
  return kindAt(tokens, at) === TokenKind.identifier;
}

/** True where the token is the first character of its line. */
export function atLineStart(tokens: Tokens, at: number): boolean {
  const start = startAt(tokens, at);
  return start === 0 || tokens.text.charCodeAt(start - 1) === Code.newline;
}

/** The nearest token before `at`, not below `first`, that is no directive; -1 where there is none. */
export function previousToken(tokens: Tokens, at: number, first: number): number {
  let before = at - 1;
  while (before >= first && tokens.kinds[before] === TokenKind.directive) before--;
  return before >= first ? before : -1;
}

/** The nearest token after `at`, below `last`, that is no directive; -1 where there is none. */
export function nextToken(tokens: Tokens, at: number, last: number): number {
  let after = at + 1;
  while (after < last && tokens.kinds[after] === TokenKind.directive) after++;
  return after < last ? after : -1;
}

/** The token that closes the bracket at `open` (any of `(`, `[`, `{`), counting all kinds alike; -1 where none does before `last`. */
export function closingToken(tokens: Tokens, open: number, last: number): number {
  let depth = 0;
  for (let at = open; at < last; at++) {
    const kind = tokens.kinds[at];
    if (kind === Code.open || kind === Code.openSquare || kind === Code.openBrace) depth++;
    else if (kind === Code.close || kind === Code.closeSquare || kind === Code.closeBrace) {
      if (--depth === 0) return at;
    }
  }
  return -1;
}

/** The token that opens the parenthesis closed at `close`; -1 where none does from `first` on. */
export function openingToken(tokens: Tokens, close: number, first: number): number {
  let depth = 0;
  for (let at = close; at >= first; at--) {
    const kind = tokens.kinds[at];
    if (kind === Code.close) depth++;
    else if (kind === Code.open && --depth === 0) return at;
  }
  return -1;
}
