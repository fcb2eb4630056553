import { commentEnd, copiedPart, identifierEnd, isIdentifierPart, isIdentifierStart, literalEnd } from './cTokens';
import { directiveAt } from './outlineDirectives';
import {
  closeBrace,
  declare,
  endStatement,
  isTagKeyword,
  newScan,
  noteDeclarator,
  openBrace,
  type Scan,
  wordHash,
} from './outlineScan';

export type ItemKind =
  | 'if' | 'ifdef' | 'ifndef' | 'elif' | 'else' | 'endif' | 'define' | 'undef' | 'include' | 'pragma'
  | 'struct' | 'union' | 'enum' | 'typedef' | 'call' | 'function' | 'declaration';

/**
 * One thing that a file says at its place in the text: a directive, a definition, a macro called at file scope.
 * A definition comes where it ends, so that macros defined inside it come before it.
 */
export interface OutlineItem {
  readonly kind: ItemKind;
  /** Tag, macro or function name; what an `#include`, `#pragma` or `#if` says. */
  readonly name: string;
  readonly start: number;
  /** Exclusive. Of a directive: the end of its last line. */
  readonly end: number;
  /** Enumerators (`NAME(` for a macro called there), or the names a typedef or declaration may declare. */
  readonly names: readonly string[];
  /** Of a function: where its body's brace is. Of a `#define`: where its parameters or body begin. */
  readonly body: number;
  /** Inside a function body. */
  readonly local: boolean;
}

const NEWLINE = 10;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const OPEN_PAREN = 40;
const CLOSE_PAREN = 41;
const SLASH = 47;
const SEMICOLON = 59;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * Items of a C file in the order of its text, in one pass, whatever its `#if`s say; braces that differ between the
 * branches of an `#if` count as in the first branch. With `declarations`, variables and prototypes too.
 */
export function outlineOf(text: string, declarations = false): readonly OutlineItem[] {
  return outlined(newScan(text, declarations));
}

/** A file's items without declarations, and which words stand outside all braces: all that it can declare. */
export interface Outline {
  readonly items: readonly OutlineItem[];
  /** True for each word that does; seldom for another. */
  readonly mayDeclare: (word: string) => boolean;
}

export function outlineWithWords(text: string): Outline {
  const hashes: number[] = [];
  const items = outlined(newScan(text, false, hashes));
  const sorted = distinct(new Int32Array(hashes).sort());
  return { items, mayDeclare: (word) => contains(sorted, wordHash(word)) };
}

function distinct(sorted: Int32Array): Int32Array {
  let count = 0;
  for (const each of sorted) if (count === 0 || each !== sorted[count - 1]) sorted[count++] = each;
  return sorted.slice(0, count);
}

function contains(sorted: Int32Array, wanted: number): boolean {
  let low = 0;
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === wanted;
}

function outlined(scan: Scan): readonly OutlineItem[] {
  const { text } = scan;
  let lineStart = true;
  while (scan.at < text.length) {
    const code = text.charCodeAt(scan.at);
    if (code === NEWLINE) {
      lineStart = true;
      scan.at += 1;
    } else if (code <= 32 || code === 92) scan.at += 1;
    else if (code === SLASH && commentEnd(text, scan.at) > scan.at) scan.at = commentEnd(text, scan.at);
    else if (code === HASH && lineStart) directiveAt(scan);
    else {
      lineStart = false;
      token(scan, code);
    }
  }
  return scan.items;
}

function token(scan: Scan, code: number): void {
  if (isIdentifierStart(code)) {
    identifier(scan);
  } else if (isIdentifierPart(code)) {
    scan.at = identifierEnd(scan.text, scan.at);
    scan.previous = code;
  } else if (code === QUOTE || code === APOSTROPHE) {
    scan.at = literalEnd(scan.text, scan.at);
    scan.previous = code;
  } else {
    punctuator(scan, code);
    scan.previous = code;
  }
}

function identifier(scan: Scan): void {
  const { text, at } = scan;
  const end = identifierEnd(text, at);
  scan.at = end;
  scan.previous = 97;
  if (scan.functionDepth > 0 && scan.pending === undefined && scan.enumerators === undefined) {
    const first = text.charCodeAt(at);
    // Only `struct`, `union` and `enum` matter in a function body: `s`, `u`, `e`.
    if (first !== 115 && first !== 117 && first !== 101) return;
  }
  const name = copiedPart(text, at, end);
  if (isTagKeyword(name)) {
    scan.pending = { kind: name, start: at, name: '', first: '' };
    if (scan.braces.length === 0) declare(scan, name, at);
    return;
  }
  if (scan.pending !== undefined) nameTag(scan, name);
  else if (scan.enumerators !== undefined) enumerator(scan, name);
  if (scan.braces.length === 0) declare(scan, name, at);
}

/** `struct __packed name {` and `struct name __packed {` name the same. */
function nameTag(scan: Scan, name: string): void {
  const pending = scan.pending;
  if (pending?.first === '') pending.first = name;
  if (pending !== undefined && (pending.name === '' || !name.startsWith('__'))) pending.name = name;
}

function enumerator(scan: Scan, name: string): void {
  if (!scan.expectsEnumerator || scan.parens > 0) return;
  scan.expectsEnumerator = false;
  const called = nextCode(scan) === OPEN_PAREN;
  scan.enumerators?.push(called ? `${name}(` : name);
  // Several calls may stand without commas: `LIST(a) LIST(b)`.
  if (called) scan.expectsEnumerator = true;
}

/** The next character that is neither white space nor comment. */
export function nextCode(scan: { readonly text: string; readonly at: number }): number {
  let at = scan.at;
  for (;;) {
    const code = scan.text.charCodeAt(at);
    if (code === SLASH && commentEnd(scan.text, at) > at) at = commentEnd(scan.text, at);
    else if (code <= 32) at += 1;
    else return code;
  }
}

function punctuator(scan: Scan, code: number): void {
  scan.at += 1;
  switch (code) {
    case OPEN_BRACE:
      openBrace(scan);
      return;
    case CLOSE_BRACE:
      closeBrace(scan);
      return;
    case OPEN_PAREN:
      openParen(scan);
      return;
    case CLOSE_PAREN:
      closeParen(scan);
      return;
    case SEMICOLON:
      scan.braceless = bodyless(scan);
      scan.pending = undefined;
      // A macro's argument may hold statements: `TRACE_EVENT(…, TP_fast_assign(a = b;), …)`.
      if (scan.braces.length === 0 && !(scan.startsWithCall && scan.parens > 0)) endStatement(scan);
      return;
    default:
      other(scan, code);
  }
}

/** The tag of a statement `struct name WORD;` at file scope. */
function bodyless({ pending, braces, statementStart, lastName, typedef }: Scan): Scan['braceless'] {
  if (pending === undefined || braces.length > 0 || typedef || pending.start !== statementStart) return undefined;
  return pending.first !== '' && pending.first !== lastName ? { ...pending, name: pending.first } : undefined;
}

function other(scan: Scan, code: number): void {
  scan.pending = undefined;
  if (code === 44 && scan.enumerators !== undefined && scan.parens === 0) scan.expectsEnumerator = true;
  if (scan.braces.length > 0) return;
  if (scan.parens === 0 && (code === 44 || code === 61 || code === 91 || code === 58)) noteDeclarator(scan);
  if (code === 61 && scan.parens === 0) scan.sawEquals = true;
}

function openParen(scan: Scan): void {
  // `struct __attribute__((packed)) name {`: the parentheses belong to an attribute.
  if (scan.pending !== undefined) {
    if (scan.pending.name.startsWith('__')) {
      scan.pending.name = '';
      skipParens(scan);
      return;
    }
    scan.pending = undefined;
  }
  if (scan.braces.length === 0 && scan.parens === 0) {
    if (!scan.sawParen && scan.lastName !== '') scan.callee = scan.lastName;
    noteDeclarator(scan);
    scan.sawParen = true;
  }
  scan.parens += 1;
}

function skipParens(scan: Scan): void {
  for (let depth = 1; depth > 0 && scan.at < scan.text.length; scan.at += 1) {
    const code = scan.text.charCodeAt(scan.at);
    if (code === OPEN_PAREN) depth += 1;
    else if (code === CLOSE_PAREN) depth -= 1;
  }
}

function closeParen(scan: Scan): void {
  scan.pending = undefined;
  if (scan.parens > 0) scan.parens -= 1;
  if (scan.braces.length === 0 && scan.parens === 0) {
    if (scan.startsWithCall && nextCode(scan) !== OPEN_BRACE) call(scan);
    else if (scan.typedef) noteDeclarator(scan);
  }
}

/** A macro called at file scope, with or without a semicolon. */
function call(scan: Scan): void {
  scan.items.push({
    kind: 'call',
    name: scan.callee,
    start: scan.statementStart,
    end: scan.at,
    names: [],
    body: 0,
    local: false,
  });
  endStatement(scan);
}
