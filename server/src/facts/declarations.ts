import { type Token, textOf } from './cTokens';
import { attribute } from './declarationAttributes';
import { annotated, declarator } from './declarators';
import type { Condition, TypeExpression } from './fileFacts';
import { completed } from './initializers';
import { specifiers, type Specifiers } from './specifiers';
import { bracketed, peek, peekKind, skipOne, type TokenReader } from './tokenReader';

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
  const { packed, aligned, retype } = attributes;
  if (retype !== null) type = { kind: 'macro', text: `__attribute__((${retype}))` };
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
