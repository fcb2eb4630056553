import { classAt, Class, Code, isIdentifierPart } from './characters';
import { afterComment, afterContinuation, afterQuoted } from './tokens';

/** What a preprocessor directive is: its word (`if`, `define`, …) and where its operand starts. */
export interface Directive {
  readonly word: string;
  readonly operand: number;
}

/** Reads the directive whose `#` is at `start`. */
export function readDirective(text: string, start: number): Directive {
  const from = afterBlank(text, start + 1);
  let to = from;
  while (to < text.length && isIdentifierPart(text.charCodeAt(to))) to++;
  return { word: text.slice(from, to), operand: afterBlank(text, to) };
}

/** Past spaces, comments and line continuations; stops at the end of the logical line. */
function afterBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const kind = classAt(text.charCodeAt(at));
    const start = at;
    if (kind === Class.space) at++;
    else if (kind === Class.slash && text.charCodeAt(at + 1) === Code.star) at = afterComment(text, at, text.length);
    else if (kind === Class.backslash) at = afterContinuation(text, at);
    if (at === start || (kind === Class.backslash && at === start + 1)) return start;
  }
  return at;
}

const needsFolding = /[\n\r\t\f\v\\]| {2}|\/[*/]/;

/** Text with comments, line continuations and runs of white space folded to single spaces; literals are kept. */
export function foldText(text: string): string {
  return needsFolding.test(text) ? folded(text) : text.trim();
}

function folded(text: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const end = afterFoldable(text, at);
    if (end > at) {
      parts.push(' ');
      at = end;
      continue;
    }
    const from = at;
    while (at < text.length && afterFoldable(text, at) === at) at = isQuote(text, at) ? afterQuoted(text, at) : at + 1;
    parts.push(text.slice(from, at));
  }
  return parts.join('').trim();
}

function isQuote(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === Code.doubleQuote || code === Code.singleQuote;
}

/** Past all white space, comments and line continuations at `at`; `at` itself where there is none. */
function afterFoldable(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const kind = classAt(text.charCodeAt(at));
    const start = at;
    if (kind === Class.space || kind === Class.newline) at++;
    else if (kind === Class.slash) at = afterComment(text, at, text.length);
    else if (kind === Class.backslash) {
      const after = afterContinuation(text, at);
      if (after > at + 1) at = after;
    }
    if (at === start) return at;
  }
  return at;
}
