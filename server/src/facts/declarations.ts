import { closingBracket, type Token, textOf } from './cTokens';
import { attribute, type Attributes, isAnnotation, noAttributes } from './declarationAttributes';
import type { Condition, EnumFact, MemberFact, RecordFact, TypeExpression } from './fileFacts';

/** One declarator of a declaration with the type it declares. */
export interface Declaration {
  /** Null for an anonymous struct or union, a padding bit-field, or a type declared alone. */
  readonly name: string | null;
  readonly type: TypeExpression;
  readonly bits: string | null;
  readonly packed: boolean;
  readonly aligned: readonly string[];
  readonly isTypedef: boolean;
  readonly condition: Condition;
}

/** Tokens with a reading position; conditions, where present, run parallel to the tokens. */
export interface TokenReader {
  readonly tokens: readonly Token[];
  readonly conditions: readonly Condition[] | undefined;
  /** `#pragma pack` in force. */
  readonly pack: number | null;
  /** Macros are expanded: a word that no macro removed means that its definition is missing. */
  readonly expanded: boolean;
  /** Brackets around. */
  readonly depth: number;
  at: number;
}

/** A reader of text as written. */
export function readerOf(tokens: readonly Token[], conditions?: readonly Condition[]): TokenReader {
  return { tokens, conditions, pack: null, expanded: false, depth: 0, at: 0 };
}

/** A reader of tokens whose macros are expanded, with the `#pragma pack` in force. */
export function expandedReaderOf(tokens: readonly Token[], pack: number | null): TokenReader {
  return { tokens, conditions: undefined, pack, expanded: true, depth: 0, at: 0 };
}

export function peek(reader: TokenReader, ahead = 0): string {
  return reader.tokens[reader.at + ahead]?.text ?? '';
}

/** Code that people write nests no deeper; a RangeError as for a stack that overflows. */
const deepestNesting = 200;

export function deeper({ depth }: TokenReader): number {
  if (depth >= deepestNesting) throw new RangeError('nested too deeply');
  return depth + 1;
}

function peekKind(reader: TokenReader, ahead = 0): Token['kind'] | undefined {
  return reader.tokens[reader.at + ahead]?.kind;
}

/** Reads `(…)`, `[…]` or `{…}` and gives what is inside. */
export function bracketed(reader: TokenReader): readonly Token[] {
  const close = closingBracket(reader.tokens, reader.at);
  const inside = reader.tokens.slice(reader.at + 1, close);
  reader.at = close + 1;
  return inside;
}

const qualifiers = new Set([
  'const', 'volatile', 'restrict', '__restrict', '__restrict__', '__const', '__volatile', '__volatile__', '_Atomic',
  '__extension__', 'static', 'extern', 'register', 'auto', 'inline', '__inline', '__inline__', '_Thread_local', '__thread', '_Noreturn',
  '__signed__const', 'noinline',
]);

const scalarWords = new Set([
  'void', 'char', 'short', 'int', 'long', 'float', 'double', 'signed', 'unsigned', '_Bool', '__int128', '__int128_t', '__uint128_t',
  '__signed', '__signed__', '__builtin_va_list', '_Float16', '__float128', '_Complex',
]);

const typeofWords = new Set(['typeof', '__typeof__', '__typeof', '__typeof_unqual__', 'typeof_unqual', 'TYPEOF_UNQUAL']);

/** Whether a token can only begin a type. */
export function beginsType(text: string): boolean {
  return scalarWords.has(text) || qualifiers.has(text) || typeofWords.has(text) || text === 'struct' || text === 'union' || text === 'enum';
}

/** The canonical name of a scalar from its words in any order. */
function scalarName(words: readonly string[]): string {
  const has = (word: string): boolean => words.includes(word);
  const unsigned = has('unsigned') || has('__uint128_t');
  if (has('void')) return 'void';
  if (has('_Bool')) return '_Bool';
  if (has('__builtin_va_list')) return '__builtin_va_list';
  if (has('float')) return 'float';
  if (has('_Float16')) return '_Float16';
  if (has('__float128')) return 'long double';
  if (has('double')) return has('long') ? 'long double' : 'double';
  if (has('char')) return unsigned ? 'unsigned char' : has('signed') || has('__signed__') || has('__signed') ? 'signed char' : 'char';
  return (unsigned ? 'unsigned ' : '') + integerName(words);
}

function integerName(words: readonly string[]): string {
  if (words.some((word) => word.includes('int128'))) return '__int128';
  if (words.includes('short')) return 'short';
  const longs = words.filter((word) => word === 'long').length;
  return longs === 0 ? 'int' : longs === 1 ? 'long' : 'long long';
}

interface Specifiers {
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

/** Passes over a word such as `__rcu`; where macros are expanded it makes the type unknown. */
function annotated<T extends TypeExpression | undefined>(reader: TokenReader, type: T): T | TypeExpression {
  const text = peek(reader);
  reader.at += 1;
  if (peek(reader) === '(') bracketed(reader);
  return reader.expanded ? { kind: 'macro', text } : type;
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

/** All declarations up to the end of the reader's tokens: members of a record, or statements at file scope. */
export function declarationsOf(reader: TokenReader): Declaration[] {
  const declarations: Declaration[] = [];
  while (reader.at < reader.tokens.length) {
    const before = reader.at;
    if (peek(reader) === ';') reader.at += 1;
    else if (peek(reader) === '_Static_assert' || peek(reader) === 'static_assert') skipStatement(reader);
    else declaration(reader, declarations);
    if (reader.at === before) reader.at += 1;
  }
  return declarations;
}

function skipStatement(reader: TokenReader): void {
  while (reader.at < reader.tokens.length && peek(reader) !== ';') skipOne(reader);
  reader.at += 1;
}

function skipOne(reader: TokenReader): void {
  if (peek(reader) === '(' || peek(reader) === '[' || peek(reader) === '{') bracketed(reader);
  else reader.at += 1;
}

function declaration(reader: TokenReader, into: Declaration[]): void {
  const condition = reader.conditions?.[reader.at] ?? null;
  const base = specifiers(reader);
  if (base === undefined) {
    skipOne(reader);
    return;
  }
  if (peek(reader) === ';' || reader.at >= reader.tokens.length || (base.type.kind === 'macro' && peekKind(reader) === 'identifier')) {
    into.push(withoutDeclarator(base, condition));
    return;
  }
  for (;;) {
    into.push(declared(reader, base, condition));
    if (peek(reader) !== ',') break;
    reader.at += 1;
  }
  // A function body ends its declaration without a semicolon.
  if (peek(reader) === '{') bracketed(reader);
  else skipStatement(reader);
}

function withoutDeclarator(base: Specifiers, condition: Condition): Declaration {
  const { packed, aligned } = base.attributes;
  return { name: null, type: base.type, bits: null, packed, aligned, isTypedef: base.isTypedef, condition };
}

function declared(reader: TokenReader, base: Specifiers, condition: Condition): Declaration {
  const { name, type: incomplete } = declarator(reader, base.type);
  let type = incomplete;
  let attributes = base.attributes;
  let bits: string | null = null;
  for (;;) {
    const read = attribute(reader, attributes);
    if (read !== undefined) attributes = read;
    else if (peek(reader) === ':') bits = untilEndOfDeclarator(reader);
    else if (peek(reader) === '=') type = completed(type, initializer(reader));
    else if (peekKind(reader) === 'identifier') type = annotated(reader, type);
    else break;
  }
  const { packed, aligned } = attributes;
  return { name, type, bits, packed, aligned, isTypedef: base.isTypedef, condition };
}

function untilEndOfDeclarator(reader: TokenReader): string {
  const from = reader.at + 1;
  while (reader.at < reader.tokens.length && ![',', ';', '__attribute__', '__attribute'].includes(peek(reader))) skipOne(reader);
  return textOf(reader.tokens.slice(from, reader.at));
}

function initializer(reader: TokenReader): readonly Token[] {
  const from = reader.at + 1;
  untilEndOfDeclarator(reader);
  return reader.tokens.slice(from, reader.at);
}

/** An array declared without a length has that of its initialiser. */
function completed(type: TypeExpression, value: readonly Token[]): TypeExpression {
  if (type.kind !== 'array' || type.length !== null) return type;
  if (value[0]?.text === '{') return { ...type, length: elementCount(value.slice(1, closingBracket(value, 0))) };
  return value.every((token) => token.kind === 'string') ? { ...type, length: `sizeof ( ${textOf(value)} )` } : type;
}

/** `{ a, [5] = b, c }` as the expression that counts it: the index of each designated element, -1 for the others. */
function elementCount(tokens: readonly Token[]): string {
  const elements: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const close = tokens[at]?.text === '[' ? closingBracket(tokens, at) : undefined;
    const index = close === undefined ? [] : tokens.slice(at + 1, close);
    const dots = index.findIndex((token) => token.text === '...');
    elements.push(index.length === 0 ? '-1' : textOf(index.slice(dots + 1)));
    while (at < tokens.length && tokens[at]?.text !== ',') at = '([{'.includes(tokens[at]?.text ?? ' ') ? closingBracket(tokens, at) + 1 : at + 1;
  }
  return `${initializerLength} ( ${elements.join(' , ')} )`;
}

/** Names the count of an initialiser's elements in a length; no name that C code can have. */
export const initializerLength = '$initializer_length';

type Wrap = (type: TypeExpression) => TypeExpression;

/** A declarator, abstract ones too: gives the declared name and the type built round `base`. */
export function declarator(reader: TokenReader, base: TypeExpression): { name: string | null; type: TypeExpression } {
  const { name, wrap } = declaratorParts(reader);
  return { name, type: wrap(base) };
}

function declaratorParts(reader: TokenReader): { name: string | null; wrap: Wrap } {
  let pointers = 0;
  for (;;) {
    if (peek(reader) === '*') {
      pointers += 1;
      reader.at += 1;
    } else if (qualifiers.has(peek(reader))) reader.at += 1;
    else if (attribute(reader, noAttributes) === undefined) {
      if (peekKind(reader) !== 'identifier' || !isAnnotation(reader)) break;
      annotated(reader, undefined);
    }
  }
  const inner = directDeclarator(reader);
  const suffix = declaratorSuffixes(reader);
  const wrap: Wrap = (type) => {
    let result = type;
    for (let count = 0; count < pointers; count += 1) result = { kind: 'pointer', to: result };
    return inner.wrap(suffix(result));
  };
  return { name: inner.name, wrap };
}

function directDeclarator(reader: TokenReader): { name: string | null; wrap: Wrap } {
  if (peek(reader) === '(' && nestedDeclarator(reader)) {
    const inner = { ...reader, tokens: bracketed(reader), conditions: undefined, depth: deeper(reader), at: 0 };
    return declaratorParts(inner);
  }
  if (peekKind(reader) !== 'identifier') return { name: null, wrap: (type) => type };
  const name = peek(reader);
  reader.at += 1;
  return { name, wrap: (type) => type };
}

/** `(*name)`, `(name)` and `(__attribute__((x)) *name)` nest; `(int, char)` and `()` are parameters. */
function nestedDeclarator(reader: TokenReader): boolean {
  const next = peek(reader, 1);
  if (next === '*' || next === '(' || next === '__attribute__') return true;
  return peekKind(reader, 1) === 'identifier' && !beginsType(next) && peek(reader, 2) === ')';
}

function declaratorSuffixes(reader: TokenReader): Wrap {
  const suffixes: Wrap[] = [];
  for (;;) {
    if (peek(reader) === '[') {
      const inside = bracketed(reader).filter((token) => !qualifiers.has(token.text));
      const length = inside.length === 0 ? null : textOf(inside);
      suffixes.push((of) => ({ kind: 'array', of, length }));
    } else if (peek(reader) === '(') {
      bracketed(reader);
      suffixes.push((returns) => ({ kind: 'function', returns }));
    } else break;
  }
  return (type) => suffixes.reduceRight((result, suffix) => suffix(result), type);
}
