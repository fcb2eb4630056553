import { classAt, Class, Code, isIdentifierPart } from './characters';

/**
 * The lexical pass: one loop over the characters of a C text that drops white space, comments and line
 * continuations, and keeps each preprocessor directive (with its continuation lines) as one token. Works on
 * any text: an unterminated string ends with its line, an unterminated comment with the text.
 */
export const TokenKind = {
  identifier: 1,
  number: 2,
  string: 3,
  character: 4,
  directive: 5,
} as const;

/** Tokens as parallel arrays. A punctuation character is a token of its own whose kind is its code (33 and above). */
export interface Tokens {
  readonly text: string;
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Offset of a comment that runs to the end of the text; -1 where there is none. */
  readonly openComment: number;
}

interface Growing {
  count: number;
  kinds: Uint8Array;
  starts: Int32Array;
  ends: Int32Array;
}

/** Tokens of `text` from `from` to `to`; `directives` false for the inside of a `#define`. */
export function tokenize(text: string, from = 0, to: number = text.length, directives = true): Tokens {
  const out = growing(((to - from) >> 2) + 16);
  let lastComment = -1;
  let lineStart = directives;
  let at = from;
  while (at < to) {
    const code = text.charCodeAt(at);
    const start = at;
    let kind: number = code;
    switch (classAt(code)) {
      case Class.newline:
        lineStart = directives;
        at++;
        continue;
      case Class.space:
        at++;
        continue;
      case Class.backslash:
        at = afterContinuation(text, at);
        if (at > start + 1) continue;
        break;
      case Class.identifier:
        at = afterIdentifier(text, at, to);
        kind = TokenKind.identifier;
        break;
      case Class.digit:
        at = afterNumber(text, at, to);
        kind = TokenKind.number;
        break;
      case Class.slash:
        at = afterComment(text, at, to);
        if (at > start) {
          lastComment = start;
          continue;
        }
        at++;
        break;
      case Class.doubleQuote:
      case Class.singleQuote:
        at = Math.min(to, afterQuoted(text, at));
        kind = code === Code.doubleQuote ? TokenKind.string : TokenKind.character;
        break;
      case Class.hash:
        at = lineStart ? afterDirective(text, at, to) : at + 1;
        kind = lineStart ? TokenKind.directive : code;
        break;
      default:
        at++;
    }
    lineStart = false;
    push(out, kind, start, at);
  }
  return { text, ...out, openComment: isOpenComment(text, lastComment, to) ? lastComment : -1 };
}

function growing(capacity: number): Growing {
  return { count: 0, kinds: new Uint8Array(capacity), starts: new Int32Array(capacity), ends: new Int32Array(capacity) };
}

function push(out: Growing, kind: number, start: number, end: number): void {
  if (out.count === out.kinds.length) grow(out);
  out.kinds[out.count] = kind;
  out.starts[out.count] = start;
  out.ends[out.count] = end;
  out.count++;
}

function grow(out: Growing): void {
  const larger = growing(out.kinds.length * 2);
  larger.kinds.set(out.kinds);
  larger.starts.set(out.starts);
  larger.ends.set(out.ends);
  out.kinds = larger.kinds;
  out.starts = larger.starts;
  out.ends = larger.ends;
}

/** Past a backslash and the line end after it; one past the backslash where no line ends there. */
export function afterContinuation(text: string, at: number): number {
  const next = text.charCodeAt(at + 1);
  if (next === Code.newline) return at + 2;
  return next === 13 && text.charCodeAt(at + 2) === Code.newline ? at + 3 : at + 1;
}

function afterIdentifier(text: string, from: number, to: number): number {
  let at = from + 1;
  while (at < to && isIdentifierPart(text.charCodeAt(at))) at++;
  return at;
}

function afterNumber(text: string, from: number, to: number): number {
  let at = from + 1;
  while (at < to) {
    const code = text.charCodeAt(at);
    if (!isIdentifierPart(code) && code !== Code.dot) break;
    at++;
  }
  return at;
}

/** Past the comment that starts at `at`; `at` itself where none does. */
export function afterComment(text: string, at: number, to: number): number {
  const next = text.charCodeAt(at + 1);
  if (next === Code.star) {
    const end = text.indexOf('*/', at + 2);
    return end === -1 || end + 2 > to ? to : end + 2;
  }
  return next === Code.slash ? lineEnd(text, at, to) : at;
}

function isOpenComment(text: string, at: number, to: number): boolean {
  if (at === -1 || text.charCodeAt(at + 1) !== Code.star) return false;
  const end = text.indexOf('*/', at + 2);
  return end === -1 || end + 2 > to;
}

/** The newline that ends the logical line at `at` (continuation lines taken along), or `to`. */
function lineEnd(text: string, at: number, to: number): number {
  let end = text.indexOf('\n', at);
  while (end !== -1 && end < to && isContinued(text, end)) end = text.indexOf('\n', end + 1);
  return end === -1 || end > to ? to : end;
}

function isContinued(text: string, newline: number): boolean {
  const before = text.charCodeAt(newline - 1);
  return before === Code.backslash || (before === 13 && text.charCodeAt(newline - 2) === Code.backslash);
}

/** Past a string or character literal; an unterminated one ends at its line. */
export function afterQuoted(text: string, from: number): number {
  const quote = text.charCodeAt(from);
  let at = from + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === Code.newline) return at;
    at = code === Code.backslash ? Math.max(at + 2, afterContinuation(text, at)) : at + 1;
  }
  return text.length;
}

/** Past a directive: its logical line, with comments that span lines. */
function afterDirective(text: string, from: number, to: number): number {
  let at = from + 1;
  while (at < to) {
    const code = text.charCodeAt(at);
    if (code === Code.newline) return at;
    if (code === Code.backslash) at = afterContinuation(text, at);
    else if (code === Code.doubleQuote || code === Code.singleQuote) at = afterQuoted(text, at);
    else if (code === Code.slash) at = Math.max(at + 1, afterComment(text, at, to));
    else at++;
  }
  return to;
}
