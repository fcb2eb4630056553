import { closingBracket, type Token, tokensOf } from '../../facts/cTokens';
import { declarator } from '../../facts/declarators';
import { beginsType } from '../../facts/scalarNames';
import { specifiers } from '../../facts/specifiers';
import { bracketed, deeper, peek, readerOf, type TokenReader } from '../../facts/tokenReader';
import type { TypeExpression } from '../../facts/fileFacts';
import { unresolved } from '../unresolved';
import type { Association, Expression, OffsetStep } from './expression';
import { characterValue, numberOf, stringLength } from './literals';

/** Whether an identifier names a type where it stands. */
export type IsTypeName = (name: string) => boolean;

interface Parser extends TokenReader {
  readonly isTypeName: IsTypeName;
}

/** Parses a whole text as one expression; throws Unresolved where it is none. */
export function parseExpression(text: string, isTypeName: IsTypeName): Expression {
  return parseExpressionTokens(tokensOf(text), isTypeName);
}

export function parseExpressionTokens(tokens: readonly Token[], isTypeName: IsTypeName): Expression {
  const parser: Parser = { ...readerOf(tokens), isTypeName };
  const expression = commaExpression(parser);
  if (parser.at < tokens.length) unresolved(`cannot read the expression at '${peek(parser)}'`);
  return expression;
}

/** Parses a type name such as `struct x *` or `unsigned long [4]`; undefined where the text is none. */
export function parseTypeName(tokens: readonly Token[], isTypeName: IsTypeName): TypeExpression | undefined {
  const parser: Parser = { ...readerOf(tokens), isTypeName };
  if (!startsType(parser, 0)) return undefined;
  const type = typeName(parser);
  return parser.at === tokens.length ? type : undefined;
}

function startsType(parser: Parser, ahead: number): boolean {
  const token = parser.tokens[parser.at + ahead];
  if (token?.kind !== 'identifier') return false;
  return beginsType(token.text) || token.text === '__attribute__' || parser.isTypeName(token.text);
}

function typeName(parser: Parser): TypeExpression {
  const base = specifiers(parser);
  if (base === undefined) return unresolved(`no type at '${peek(parser)}'`);
  return declarator(parser, base.type).type;
}

function expect(parser: Parser, text: string): void {
  if (peek(parser) !== text) unresolved(`expected '${text}' at '${peek(parser)}'`);
  parser.at += 1;
}

function commaExpression(parser: Parser): Expression {
  let value = assignment(parser);
  while (peek(parser) === ',') {
    parser.at += 1;
    value = assignment(parser);
  }
  return value;
}

function assignment(parser: Parser): Expression {
  const left = conditional(parser);
  if (!/^(?:[-+*/%&|^]|<<|>>)?=$/.test(peek(parser))) return left;
  parser.at += 1;
  assignment(parser);
  return left;
}

function conditional(parser: Parser): Expression {
  const condition = binary(parser, 0);
  if (peek(parser) !== '?') return condition;
  parser.at += 1;
  const then = peek(parser) === ':' ? null : commaExpression(parser);
  expect(parser, ':');
  return { kind: 'conditional', condition, then, otherwise: conditional(parser) };
}

const precedence: Readonly<Record<string, number>> = {
  '||': 1, '&&': 2, '|': 3, '^': 4, '&': 5, '==': 6, '!=': 6, '<': 7, '>': 7, '<=': 7, '>=': 7, '<<': 8, '>>': 8,
  '+': 9, '-': 9, '*': 10, '/': 10, '%': 10,
};

function binary(parser: Parser, above: number): Expression {
  let left = unary(parser);
  for (;;) {
    const operator = peek(parser);
    const level = precedence[operator];
    if (level === undefined || level <= above) return left;
    parser.at += 1;
    left = { kind: 'binary', operator, left, right: binary(parser, level) };
  }
}

const sizeofWords = new Set(['sizeof', '__alignof__', '_Alignof', '__alignof', 'alignof']);

function unary(parser: Parser): Expression {
  const operator = peek(parser);
  if (operator === '++' || operator === '--' || operator === '__extension__') {
    parser.at += 1;
    return unary(parser);
  }
  if (['!', '~', '-', '+', '*', '&'].includes(operator)) {
    parser.at += 1;
    return { kind: 'unary', operator, operand: unary(parser) };
  }
  if (sizeofWords.has(operator)) return measure(parser, operator === 'sizeof' ? 'size' : 'align');
  if (operator === '(' && startsType(parser, 1)) return castOrLiteral(parser);
  return postfix(parser, primary(parser));
}

function measure(parser: Parser, what: 'size' | 'align'): Expression {
  parser.at += 1;
  if (peek(parser) !== '(' || !startsType(parser, 1)) return { kind: 'measure', measure: what, operand: unary(parser) };
  const close = closingBracket(parser.tokens, parser.at);
  if (parser.tokens[close + 1]?.text === '{') return { kind: 'measure', measure: what, operand: unary(parser) };
  return { kind: 'typeMeasure', measure: what, type: parenthesizedType(parser) };
}

function innerParser(parser: Parser): Parser {
  return { ...parser, tokens: bracketed(parser), depth: deeper(parser), at: 0 };
}

function parenthesizedType(parser: Parser): TypeExpression {
  const inner = innerParser(parser);
  const type = typeName(inner);
  return inner.at === inner.tokens.length ? type : unresolved(`cannot read a type at '${peek(inner)}'`);
}

function castOrLiteral(parser: Parser): Expression {
  const type = parenthesizedType(parser);
  if (peek(parser) !== '{') return { kind: 'cast', type, operand: unary(parser) };
  bracketed(parser);
  return postfix(parser, { kind: 'literal', type });
}

function primary(parser: Parser): Expression {
  const token = parser.tokens[parser.at];
  if (token === undefined) return unresolved('the expression is empty or cut short');
  if (token.text === '(') {
    if (peek(parser, 1) === '{') {
      bracketed(parser);
      return { kind: 'unsupported', what: 'a statement expression' };
    }
    const inner = innerParser(parser);
    const value = commaExpression(inner);
    return inner.at === inner.tokens.length ? value : unresolved(`cannot read the expression at '${peek(inner)}'`);
  }
  parser.at += 1;
  switch (token.kind) {
    case 'number':
      return numberOf(token.text);
    case 'character':
      return { kind: 'number', value: characterValue(token.text), type: 'int' };
    case 'string':
      return stringLiteral(parser, token.text);
    case 'identifier':
      return named(parser, token.text);
    case 'punctuator':
      return unresolved(`cannot read the expression at '${token.text}'`);
  }
}

function stringLiteral(parser: Parser, first: string): Expression {
  let length = stringLength(first);
  while (parser.tokens[parser.at]?.kind === 'string') {
    length += stringLength(peek(parser));
    parser.at += 1;
  }
  return { kind: 'string', length };
}

function named(parser: Parser, name: string): Expression {
  if (peek(parser) !== '(') return { kind: 'name', name };
  if (name === '__builtin_offsetof' || name === 'offsetof') return offset(parser);
  if (name === '__builtin_types_compatible_p') return compatible(parser);
  if (name === '_Generic') return generic(parser);
  return { kind: 'name', name };
}

/** Splits tokens at the commas outside brackets. */
export function splitAtCommas(tokens: readonly Token[]): (readonly Token[])[] {
  const groups: (readonly Token[])[] = [];
  let from = 0;
  for (let at = 0; at <= tokens.length; at += 1) {
    const text = tokens[at]?.text;
    if (text === '(' || text === '[' || text === '{') at = closingBracket(tokens, at);
    else if (text === ',' || at === tokens.length) {
      groups.push(tokens.slice(from, at));
      from = at + 1;
    }
  }
  return groups;
}

function typeOf(tokens: readonly Token[], parser: Parser): TypeExpression {
  return parseTypeName(tokens, parser.isTypeName) ?? unresolved(`no type in '${tokens.map((token) => token.text).join(' ')}'`);
}

function offset(parser: Parser): Expression {
  const [type = [], ...rest] = splitAtCommas(bracketed(parser));
  const path: OffsetStep[] = [];
  const designator = rest[0] ?? [];
  for (let at = 0; at < designator.length; at += 1) {
    const token = designator[at];
    if (token?.kind === 'identifier') path.push({ member: token.text });
    if (token?.text === '[') {
      const close = closingBracket(designator, at);
      path.push({ index: parseExpressionTokens(designator.slice(at + 1, close), parser.isTypeName) });
      at = close;
    }
  }
  return { kind: 'offset', type: typeOf(type, parser), path };
}

function compatible(parser: Parser): Expression {
  const [left = [], right = []] = splitAtCommas(bracketed(parser));
  return { kind: 'compatible', left: typeOf(left, parser), right: typeOf(right, parser) };
}

function generic(parser: Parser): Expression {
  const [control = [], ...rest] = splitAtCommas(bracketed(parser));
  const associations = rest.map((tokens): Association => {
    const colon = tokens.findIndex((token) => token.text === ':');
    const type = tokens[0]?.text === 'default' ? null : typeOf(tokens.slice(0, colon), parser);
    return { type, value: parseExpressionTokens(tokens.slice(colon + 1), parser.isTypeName) };
  });
  return { kind: 'generic', control: parseExpressionTokens(control, parser.isTypeName), associations };
}

function postfix(parser: Parser, start: Expression): Expression {
  let value = start;
  for (;;) {
    const text = peek(parser);
    if (text === '(') {
      const groups = splitAtCommas(bracketed(parser)).filter((group) => group.length > 0);
      value = { kind: 'call', callee: value, arguments: groups.map((group) => argument(group, parser)) };
    } else if (text === '[') {
      value = { kind: 'index', of: value, index: parseExpressionTokens(bracketed(parser), parser.isTypeName) };
    } else if (text === '.' || text === '->') {
      value = { kind: 'member', of: value, name: peek(parser, 1), arrow: text === '->' };
      parser.at += 2;
    } else if (text === '++' || text === '--') parser.at += 1;
    else return value;
  }
}

/** An argument that is no expression (a type given to a macro-like builtin) does not spoil the call. */
function argument(tokens: readonly Token[], parser: Parser): Expression {
  const inner: Parser = { ...readerOf(tokens), isTypeName: parser.isTypeName };
  if (startsType(inner, 0)) return { kind: 'unsupported', what: 'a type as an argument' };
  return parseExpressionTokens(tokens, parser.isTypeName);
}
