/** A preprocessing token of C with its place; comments and spliced lines are white space. */
export interface Token {
  readonly kind: 'identifier' | 'number' | 'string' | 'character' | 'punctuator';
  readonly text: string;
  /** Offset in the text it was read from; of no meaning once macros were expanded. */
  readonly start: number;
  /** First token of its logical line: a `#` there begins a directive. */
  readonly first: boolean;
  /** Names that must not be expanded again in this token (macro recursion). */
  readonly hidden?: HiddenNames;
}

export interface HiddenNames {
  readonly name: string;
  readonly rest: HiddenNames | undefined;
}

const NEWLINE = 10;
const QUOTE = 34;
const APOSTROPHE = 39;
const STAR = 42;
const SLASH = 47;
const DOT = 46;
const BACKSLASH = 92;

export function isIdentifierStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 36 || code > 127;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isIdentifierPart(code: number): boolean {
  return isIdentifierStart(code) || isDigit(code);
}

/** End of the identifier that starts at `at`. */
export function identifierEnd(text: string, at: number): number {
  let end = at + 1;
  while (isIdentifierPart(text.charCodeAt(end))) end += 1;
  return end;
}

/** End of the string or character literal that starts at `at`; an unterminated one ends with its line. */
export function literalEnd(text: string, at: number): number {
  const quote = text.charCodeAt(at);
  let end = at + 1;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === quote) return end + 1;
    if (code === NEWLINE) return end;
    if (code === BACKSLASH) end += 1;
  }
  return end;
}

/** End of the comment at `at`, or `at` where there is none. */
export function commentEnd(text: string, at: number): number {
  const next = text.charCodeAt(at + 1);
  if (next === STAR) {
    const close = text.indexOf('*/', at + 2);
    return close === -1 ? text.length : close + 2;
  }
  if (next !== SLASH) return at;
  for (let end = text.indexOf('\n', at); end !== -1; end = text.indexOf('\n', end + 1)) {
    if (text.charCodeAt(end - 1) !== BACKSLASH) return end;
  }
  return text.length;
}

function numberEnd(text: string, at: number): number {
  let end = at + 1;
  for (; ; end += 1) {
    const code = text.charCodeAt(end);
    if (isIdentifierPart(code) || code === DOT) continue;
    const previous = text.charCodeAt(end - 1) | 32;
    const hexadecimal = (text.charCodeAt(at + 1) | 32) === 120;
    const exponent = previous === 112 || (previous === 101 && !hexadecimal);
    if (!(exponent && (code === 43 || code === 45))) return end;
  }
}

const long = new Set(['...', '<<=', '>>=']);
const double = new Set(['->', '++', '--', '<<', '>>', '<=', '>=', '==', '!=', '&&', '||', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '##']);

function punctuatorEnd(text: string, at: number): number {
  if (long.has(text.slice(at, at + 3))) return at + 3;
  return double.has(text.slice(at, at + 2)) ? at + 2 : at + 1;
}

function tokenKind(text: string, at: number): Token['kind'] {
  const code = text.charCodeAt(at);
  if (code === QUOTE) return 'string';
  if (code === APOSTROPHE) return 'character';
  if (isIdentifierStart(code)) return 'identifier';
  if (isDigit(code) || (code === DOT && isDigit(text.charCodeAt(at + 1)))) return 'number';
  return 'punctuator';
}

function tokenEnd(text: string, at: number, kind: Token['kind']): number {
  switch (kind) {
    case 'identifier':
      return identifierEnd(text, at);
    case 'number':
      return numberEnd(text, at);
    case 'string':
    case 'character':
      return literalEnd(text, at);
    case 'punctuator':
      return punctuatorEnd(text, at);
  }
}

/** A copy of a part of a text: a part as the engine makes it keeps the whole text in memory. */
export function copiedPart(text: string, start: number, end: number): string {
  const part = text.slice(start, end);
  return end - start < shortest ? part : ` ${part}`.slice(1);
}

/** Shorter parts are copied by the engine itself. */
const shortest = 13;

/** Tokens of `text` from `start` to `end`; never fails: what is no C becomes single punctuators. */
export function tokensOf(text: string, start = 0, end = text.length): Token[] {
  const tokens: Token[] = [];
  let first = true;
  for (let at = start; at < end; ) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE) first = true;
    if (code <= 32) at += 1;
    else if (code === BACKSLASH && /^\\[ \t\r]*\n/.test(text.slice(at, at + 8))) at = text.indexOf('\n', at) + 1;
    else if (code === SLASH && commentEnd(text, at) > at) at = commentEnd(text, at);
    else {
      const kind = tokenKind(text, at);
      const next = tokenEnd(text, at, kind);
      tokens.push({ kind, text: copiedPart(text, at, next), start: at, first });
      first = false;
      at = next;
    }
  }
  return tokens;
}

/** Text of tokens with single spaces where they need or usually have them. */
export function textOf(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join(' ');
}

/** Index of the bracket that closes the one at `open`; the last index where it is never closed. */
export function closingBracket(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    const text = tokens[at]?.text;
    if (text === '(' || text === '[' || text === '{') depth += 1;
    else if (text === ')' || text === ']' || text === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return tokens.length - 1;
}
