import { isAnnotationWord } from '../syntax/annotations';
import { pairBrackets, partnerOf, type Brackets } from '../syntax/brackets';
import { Code } from '../syntax/characters';
import type { Segment } from '../syntax/segment';
import { endAt, isIdentifier, kindAt, startAt, wordAt } from '../syntax/tokenAccess';
import { TokenKind, type Tokens } from '../syntax/tokens';
import { qualifiers, storageWords, tagKeywords } from '../syntax/words';
import type { TableFact } from './fileFacts';
import { textOf } from './siteArguments';

type Field = TableFact['fields'][number];

/** Longer values are data, and no name of a function or of another table. */
const longestValue = 200;

/**
 * The structure that an initialiser segment fills by designators (`.init = f`), elements of an array one after
 * the other, members of members as `outer.inner`; undefined where it has none. Values that name nothing are left out.
 */
export function tableFact(tokens: Tokens, segment: Segment, condition: string | null): TableFact | undefined {
  const { first, last, span } = segment;
  const equals = topLevelEquals(tokens, first, last);
  if (equals === -1 || kindAt(tokens, equals + 1) !== Code.openBrace) return undefined;
  const declared = declaredType(tokens, first, equals);
  if (declared === undefined) return undefined;
  const brackets = pairBrackets(tokens, equals, last);
  const fields = fieldsBetween(tokens, brackets, equals + 1, last);
  return fields.length === 0 ? undefined : { ...declared, fields, span: { start: 0, end: span.end - span.start }, condition };
}

function topLevelEquals(tokens: Tokens, first: number, last: number): number {
  let depth = 0;
  for (let at = first; at < last; at++) {
    const kind = kindAt(tokens, at);
    if (kind === Code.open || kind === Code.openSquare) depth++;
    else if (kind === Code.close || kind === Code.closeSquare) depth--;
    else if (kind === Code.openBrace) return -1;
    else if (kind === Code.equals && depth <= 0) return at;
  }
  return -1;
}

/** Tag (or typedef name) and variable of `static const struct tag name[] __annotation =`. */
function declaredType(tokens: Tokens, first: number, equals: number): { type: string; name: string } | undefined {
  const words: string[] = [];
  for (let at = first; at < equals; at++) {
    const kind = kindAt(tokens, at);
    if (kind === Code.openSquare || kind === Code.open) break;
    if (kind !== TokenKind.identifier) continue;
    const word = wordAt(tokens, at);
    const plain = !tagKeywords.has(word) && !qualifiers.has(word) && !storageWords.has(word) && !isAnnotationWord(word);
    if (plain) words.push(word);
  }
  const [type, name] = words;
  return type === undefined || name === undefined ? undefined : { type, name };
}

/** All designated members in the braces that open at `open`, walked without recursion. */
function fieldsBetween(tokens: Tokens, brackets: Brackets, open: number, last: number): Field[] {
  const fields: Field[] = [];
  const prefixes: { readonly prefix: string; readonly close: number }[] = [];
  const end = partnerOf(brackets, open) === -1 ? last : partnerOf(brackets, open);
  for (let at = open + 1; at < end; at++) {
    while ((prefixes.at(-1)?.close ?? end) < at) prefixes.pop();
    const designator = designatorAt(tokens, at, end);
    if (designator === undefined) continue;
    const prefix = prefixes.at(-1)?.prefix ?? '';
    const value = designator.value;
    const close = partnerOf(brackets, value);
    if (kindAt(tokens, value) === Code.openBrace) {
      if (close > value) prefixes.push({ prefix: `${prefix}${designator.field}.`, close });
      at = value;
    } else {
      const valueEnd = endOfValue(tokens, brackets, value, end);
      const text = namesSomething(tokens, value, valueEnd) ? textOf(tokens, value, valueEnd) : '';
      if (text !== '') fields.push({ field: `${prefix}${designator.field}`, value: text });
      at = valueEnd - 1;
    }
  }
  return fields;
}

/** `.field =`, `.field.inner =` or the old `field:` at token `at`, with the token where its value starts. */
function designatorAt(tokens: Tokens, at: number, end: number): { readonly field: string; readonly value: number } | undefined {
  if (kindAt(tokens, at) !== Code.dot) return undefined;
  let field = '';
  let next = at;
  while (kindAt(tokens, next) === Code.dot && isIdentifier(tokens, next + 1)) {
    field += `${field === '' ? '' : '.'}${wordAt(tokens, next + 1)}`;
    next += 2;
  }
  return field !== '' && kindAt(tokens, next) === Code.equals && next + 1 < end ? { field, value: next + 1 } : undefined;
}

function endOfValue(tokens: Tokens, brackets: Brackets, from: number, end: number): number {
  let at = from;
  while (at < end && kindAt(tokens, at) !== Code.comma && kindAt(tokens, at) !== Code.closeBrace) at = Math.max(at, partnerOf(brackets, at)) + 1;
  return Math.min(at, end);
}

/** A value with a name or a string in it, and not too long for one. */
function namesSomething(tokens: Tokens, from: number, to: number): boolean {
  if (to <= from || endAt(tokens, to - 1) - startAt(tokens, from) > longestValue) return false;
  for (let at = from; at < to; at++) {
    const kind = kindAt(tokens, at);
    if (kind === TokenKind.identifier || kind === TokenKind.string) return true;
  }
  return false;
}
