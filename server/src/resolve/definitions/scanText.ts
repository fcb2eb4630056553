import { identifierEnd, isIdentifierPart, isIdentifierStart } from '../../facts/cTokens';

/** An `#include` line as written. */
export interface IncludeLine {
  readonly target: string;
  readonly quoted: boolean;
  /** A `#define` stands right before it: the header is included to do something with that macro. */
  readonly configured: boolean;
}

const includeTarget = /[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/y;

/** All `#include` lines of a file, under whatever condition. */
export function includesIn(text: string): readonly IncludeLine[] {
  const lines: IncludeLine[] = [];
  let previousEnd = -1;
  let configured = false;
  for (let at = text.indexOf('include'); at !== -1; at = text.indexOf('include', at + 7)) {
    const hash = blanksBefore(text, at) - 1;
    if (text.charCodeAt(hash) !== 35) continue;
    includeTarget.lastIndex = at + 7;
    const match = includeTarget.exec(text);
    if (match === null) continue;
    const adjacent = previousEnd !== -1 && text.slice(previousEnd, hash).trim() === '';
    if (!adjacent) configured = /\n[ \t]*#[ \t]*define[^\n]*\s*$/.test(text.slice(Math.max(0, hash - 300), hash));
    lines.push({ target: match[1] ?? match[2] ?? '', quoted: match[1] !== undefined, configured });
    previousEnd = includeTarget.lastIndex;
  }
  return lines;
}

function blanksBefore(text: string, from: number): number {
  let at = from;
  while (at > 0 && (text.charCodeAt(at - 1) === 32 || text.charCodeAt(at - 1) === 9)) at -= 1;
  return at;
}

const tagKeyword = /\b(?:struct|union|enum)\b[^;{}=,]*$/;

/** Those of the wanted tags that a text may define: `struct … tag {`. */
export function tagsIn(text: string, wanted: ReadonlySet<string>, found: (tag: string) => void): void {
  for (let at = text.indexOf('{'); at !== -1; at = text.indexOf('{', at + 1)) {
    let end = at;
    while (end > 0 && text.charCodeAt(end - 1) <= 32) end -= 1;
    let start = end;
    while (start > 0 && isIdentifierPart(text.charCodeAt(start - 1))) start -= 1;
    if (start === end) continue;
    const word = text.slice(start, end);
    if (wanted.has(word) && tagKeyword.test(text.slice(Math.max(0, start - 150), start))) found(word);
  }
}

const typedefStatement = /\btypedef\b[^;{}]*;|\}[^;{}]{1,200};/g;

/** Calls `found` with each word that may be a type named by a typedef in the text. */
export function typedefsIn(text: string, found: (name: string) => void): void {
  for (const [statement] of text.matchAll(typedefStatement)) {
    for (const word of statement.match(/\w+/g) ?? []) found(word);
  }
}

const definingStatement = /\b(?:struct|union|enum)\s+\w*(?:\s*##\s*\w+)+\s*\\?\s*\{|\btypedef\b[^;]{1,400};|\}\s*\w+(?:\s*##\s*\w+)+/g;
const pasted = /\w*(?:\s*##\s*\w+)+/g;

/** Patterns of the type names that the text's macros make with `##`: `trace_event_raw_##call` as prefix and suffix. */
export function pastedNamesIn(text: string): readonly NamePattern[] {
  return [...text.matchAll(definingStatement)].flatMap(([statement]) => (statement.match(pasted) ?? []).map(patternOf));
}

/** One of the parts is the macro's parameter; which one, the names decide. */
function patternOf(name: string): NamePattern {
  const parts = name.split('##').map((part) => part.trim().replace(/^\\\s*/, ''));
  return { prefix: parts[0] ?? '', suffix: parts.length > 2 ? (parts[parts.length - 1] ?? '') : '', last: parts[1] ?? '' };
}

export interface NamePattern {
  readonly prefix: string;
  /** Third part of three. */
  readonly suffix: string;
  /** Second part: the parameter, or the fixed end where the first is the parameter. */
  readonly last: string;
}

/** What the parameter of a pattern must be for a name; undefined where it does not fit. */
export function stemOf(name: string, pattern: NamePattern): string | undefined {
  const { prefix, suffix, last } = pattern;
  if (name.startsWith(prefix) && name.endsWith(suffix) && name.length > prefix.length + suffix.length && prefix !== '') {
    return name.slice(prefix.length, name.length - suffix.length);
  }
  return suffix === '' && name.endsWith(last) && name.length > last.length ? name.slice(0, name.length - last.length) : undefined;
}

/**
 * Those of the wanted words that a macro may make a type's name of: the first or second argument of what may be a
 * macro called on a line of its own, and `name` of a line `struct name WORD;`. `likely` for the first argument of a
 * call that begins in the first column, as those at file scope do.
 */
export function callArgumentsIn(text: string, wanted: (word: string) => boolean, found: (word: string, likely: boolean) => void): void {
  for (let line = 0; line !== -1 && line < text.length; line = nextLine(text, line)) {
    const start = afterBlanks(text, line);
    if (!isIdentifierStart(text.charCodeAt(start))) continue;
    let at = identifierEnd(text, start);
    if (text.charCodeAt(at) !== 40) {
      if (start === line) bracelessTag(text, line, wanted, found);
      continue;
    }
    for (let position = 0; position < 2; position += 1) {
      at += 1;
      while (text.charCodeAt(at) <= 32) at += 1;
      if (!isIdentifierStart(text.charCodeAt(at))) break;
      const end = identifierEnd(text, at);
      const word = text.slice(at, end);
      if (wanted(word)) found(word, position === 0 && start === line);
      at = end;
      if (text.charCodeAt(at) !== 44) break;
    }
  }
}

const braceless = /(?:struct|union)[ \t]+(\w+)[ \t]+\w+;/y;

function bracelessTag(text: string, line: number, wanted: (word: string) => boolean, found: (word: string, likely: boolean) => void): void {
  braceless.lastIndex = line;
  const name = braceless.exec(text)?.[1];
  if (name !== undefined && wanted(name)) found(name, true);
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at += 1;
  return at;
}

function nextLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline === -1 ? -1 : newline + 1;
}
