import { closingBracket, textOf } from './cTokens';
import { attribute, type Attributes, isAnnotation, noAttributes } from './declarationAttributes';
import { declarationsOf } from './declarations';
import { annotated } from './declarators';
import type { Condition, EnumFact, MemberFact, RecordFact, TypeExpression } from './fileFacts';
import { qualifiers, scalarName, scalarWords, typeofWords } from './scalarNames';
import { bracketed, deeper, peek, peekKind, type TokenReader } from './tokenReader';

export interface Specifiers {
  readonly type: TypeExpression;
  readonly attributes: Attributes;
  readonly isTypedef: boolean;
}

/** Declaration specifiers; undefined where no type is found. */
export function specifiers(reader: TokenReader): Specifiers | undefined {
  const words: string[] = [];
  let type: TypeExpression | undefined;
  let attributes = noAttributes;
  let isTypedef = false;
  for (;;) {
    const text = peek(reader);
    const read = attribute(reader, attributes);
    if (read !== undefined) attributes = read;
    else if (text === 'typedef') {
      isTypedef = true;
      reader.at += 1;
    } else if (qualifiers.has(text)) reader.at += 1;
    else if (type === undefined && scalarWords.has(text)) {
      words.push(text);
      reader.at += 1;
    } else if (type === undefined && words.length === 0 && peekKind(reader) === 'identifier') type = typeSpecifier(reader);
    else if (peekKind(reader) === 'identifier' && isAnnotation(reader)) type = annotated(reader, type);
    else break;
  }
  type ??= words.length > 0 ? { kind: 'scalar', name: scalarName(words) } : undefined;
  return type === undefined ? undefined : { type, attributes, isTypedef };
}

function typeSpecifier(reader: TokenReader): TypeExpression {
  const text = peek(reader);
  if (text === 'struct' || text === 'union') return recordSpecifier(reader, text);
  if (text === 'enum') return enumSpecifier(reader);
  reader.at += 1;
  if (typeofWords.has(text) && peek(reader) === '(') return { kind: 'typeof', expression: textOf(bracketed(reader)) };
  if (peek(reader) === '(' && !declaratorInParens(reader)) return { kind: 'macro', text: `${text} ( ${textOf(bracketed(reader))} )` };
  return { kind: 'named', name: text };
}

/** `name (*f)(…)` declares a function pointer, `NAME(x, y)` calls a macro. */
function declaratorInParens(reader: TokenReader): boolean {
  return peek(reader, 1) === '*' || peek(reader, 1) === '(';
}

function tagAttributes(reader: TokenReader, from: Attributes): Attributes {
  let attributes = from;
  for (let read = attribute(reader, attributes); read !== undefined; read = attribute(reader, attributes)) attributes = read;
  return attributes;
}

function tagName(reader: TokenReader): string | null {
  // `struct __packed name {` before macros are expanded.
  if (peekKind(reader) === 'identifier' && peekKind(reader, 1) === 'identifier' && peek(reader, 2) === '{') reader.at += 1;
  if (peekKind(reader) !== 'identifier') return null;
  const name = peek(reader);
  reader.at += 1;
  return name;
}

function recordSpecifier(reader: TokenReader, kind: 'struct' | 'union'): TypeExpression {
  const span = { start: reader.tokens[reader.at]?.start ?? 0, end: 0 };
  const condition = reader.conditions?.[reader.at] ?? null;
  reader.at += 1;
  const before = tagAttributes(reader, noAttributes);
  const name = tagName(reader);
  const attributes = tagAttributes(reader, before);
  if (peek(reader) !== '{') return { kind: 'tagged', tag: kind, name: name ?? '' };
  const close = closingBracket(reader.tokens, reader.at);
  const members = membersBetween(reader, reader.at + 1, close);
  reader.at = close + 1;
  const { packed, aligned } = tagAttributes(reader, attributes);
  const end = (reader.tokens[close]?.start ?? 0) + 1;
  const definition: RecordFact = { kind, name, members, packed, pack: reader.pack, aligned, span: { ...span, end }, condition };
  return { kind: 'inline', definition };
}

function enumSpecifier(reader: TokenReader): TypeExpression {
  const start = reader.tokens[reader.at]?.start ?? 0;
  const condition = reader.conditions?.[reader.at] ?? null;
  reader.at += 1;
  const before = tagAttributes(reader, noAttributes);
  const name = tagName(reader);
  const attributes = tagAttributes(reader, before);
  if (peek(reader) !== '{') return { kind: 'tagged', tag: 'enum', name: name ?? '' };
  const close = closingBracket(reader.tokens, reader.at);
  const enumerators = enumeratorsBetween(reader, reader.at + 1, close);
  reader.at = close + 1;
  const { packed } = tagAttributes(reader, attributes);
  const end = (reader.tokens[close]?.start ?? 0) + 1;
  const definition: EnumFact = { kind: 'enum', name, enumerators, packed, span: { start, end }, condition };
  return { kind: 'inline', definition };
}

function enumeratorsBetween(reader: TokenReader, from: number, to: number): EnumFact['enumerators'] {
  const enumerators: { name: string; value: string | null; condition: Condition }[] = [];
  for (let at = from; at < to; at += 1) {
    const name = reader.tokens[at];
    let end = at + 1;
    while (end < to && reader.tokens[end]?.text !== ',') end = '([{'.includes(reader.tokens[end]?.text ?? ' ') ? closingBracket(reader.tokens, end) + 1 : end + 1;
    const equals = reader.tokens.slice(at, end).findIndex((token) => token.text === '=');
    const value = equals === -1 ? null : textOf(reader.tokens.slice(at + equals + 1, end));
    if (name?.kind === 'identifier') enumerators.push({ name: name.text, value, condition: reader.conditions?.[at] ?? null });
    at = end;
  }
  return enumerators;
}

function membersBetween(reader: TokenReader, from: number, to: number): MemberFact[] {
  const inner: TokenReader = { ...reader, tokens: reader.tokens.slice(0, to), depth: deeper(reader), at: from };
  return declarationsOf(inner).map(({ name, type, bits, packed, aligned, condition }) => ({ name, type, bits, packed, aligned, condition }));
}
