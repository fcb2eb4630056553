import { textOf } from './cTokens';
import { attribute, isAnnotation, noAttributes } from './declarationAttributes';
import type { TypeExpression } from './fileFacts';
import { beginsType, qualifiers } from './scalarNames';
import { bracketed, deeper, peek, peekKind, type TokenReader } from './tokenReader';

/** Passes over a word such as `__rcu`; where macros are expanded it makes the type unknown. */
export function annotated<T extends TypeExpression | undefined>(reader: TokenReader, type: T): T | TypeExpression {
  const text = peek(reader);
  reader.at += 1;
  if (peek(reader) === '(') bracketed(reader);
  return reader.expanded ? { kind: 'macro', text } : type;
}

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
