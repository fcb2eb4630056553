import type { TypeExpression } from '../../facts/fileFacts';
import { attempt, unresolved } from '../unresolved';
import { builtinType } from './builtins';
import { chosen, commonType, elementType, evaluate } from './evaluate';
import type { Expression } from './expression';
import type { TypeContext } from './typeContext';

const intType: TypeExpression = { kind: 'scalar', name: 'int' };
const sizeType: TypeExpression = { kind: 'scalar', name: 'unsigned long' };
const charType: TypeExpression = { kind: 'scalar', name: 'char' };

/** The type of an expression, as `typeof` gives it; throws Unresolved where a name in it is not declared. */
export function expressionType(expression: Expression, context: TypeContext): TypeExpression {
  switch (expression.kind) {
    case 'number':
      return { kind: 'scalar', name: expression.type };
    case 'string':
      return { kind: 'array', of: charType, length: String(expression.length + 1) };
    case 'name':
      return nameType(expression.name, context);
    case 'unary':
      return unaryType(expression, context);
    case 'binary':
      return binaryType(expression, context);
    case 'conditional':
      return conditionalType(expression, context);
    case 'cast':
    case 'literal':
      return expression.type;
    case 'typeMeasure':
    case 'measure':
    case 'offset':
      return sizeType;
    case 'call':
      return callType(expression, context);
    case 'member': {
      const of = expressionType(expression.of, context);
      return context.member(expression.arrow ? elementType(of, context) : of, expression.name).type;
    }
    case 'index':
      return elementType(expressionType(expression.of, context), context);
    case 'compatible':
      return intType;
    case 'generic':
      return expressionType(chosen(expression, context), context);
    case 'unsupported':
      return unresolved(`the type of ${expression.what} is not analysed`);
  }
}

function nameType(name: string, context: TypeContext): TypeExpression {
  const variable = context.variable(name);
  if (variable !== undefined) return variable;
  const enumerator = context.enumerator(name);
  if (enumerator !== undefined) return { kind: 'scalar', name: enumerator.type };
  return unresolved(`no declaration of ${name} found`);
}

function unaryType(expression: Expression & { kind: 'unary' }, context: TypeContext): TypeExpression {
  if (expression.operator === '!') return intType;
  const operand = expressionType(expression.operand, context);
  if (expression.operator === '&') return { kind: 'pointer', to: operand };
  if (expression.operator === '*') {
    const pointer = context.strip(operand);
    return pointer.kind === 'function' ? pointer : elementType(pointer, context);
  }
  return arithmeticType(operand, operand, context);
}

function decayed(type: TypeExpression, context: TypeContext): TypeExpression {
  const stripped = context.strip(type);
  if (stripped.kind === 'array') return { kind: 'pointer', to: stripped.of };
  return stripped.kind === 'function' ? { kind: 'pointer', to: stripped } : stripped;
}

function scalarOf(type: TypeExpression): string {
  if (type.kind === 'scalar') return type.name;
  // An enumeration computes as unsigned int.
  if (type.kind === 'tagged' && type.tag === 'enum') return 'unsigned int';
  if (type.kind === 'inline' && type.definition.kind === 'enum') return 'unsigned int';
  return unresolved('arithmetic on what is no number');
}

function arithmeticType(left: TypeExpression, right: TypeExpression, context: TypeContext): TypeExpression {
  return { kind: 'scalar', name: commonType(scalarOf(context.strip(left)), scalarOf(context.strip(right)), context) };
}

function binaryType(expression: Expression & { kind: 'binary' }, context: TypeContext): TypeExpression {
  if (['&&', '||', '==', '!=', '<', '>', '<=', '>='].includes(expression.operator)) return intType;
  const left = decayed(expressionType(expression.left, context), context);
  if (expression.operator === '<<' || expression.operator === '>>') return arithmeticType(left, left, context);
  const right = decayed(expressionType(expression.right, context), context);
  if (left.kind === 'pointer' && right.kind === 'pointer') return { kind: 'scalar', name: 'long' };
  if (left.kind === 'pointer') return left;
  if (right.kind === 'pointer') return right;
  return arithmeticType(left, right, context);
}

function isNullPointer(expression: Expression, context: TypeContext): boolean {
  const value = attempt(() => evaluate(expression, context).value);
  return value.known && value.value === 0n;
}

function conditionalType(expression: Expression & { kind: 'conditional' }, context: TypeContext): TypeExpression {
  const then = expression.then ?? expression.condition;
  const left = decayed(expressionType(then, context), context);
  const right = decayed(expressionType(expression.otherwise, context), context);
  if (left.kind === 'pointer' && right.kind === 'pointer') {
    // `1 ? (void *)0 : (int *)p` has the type of the other side only if the first is a null pointer constant.
    if (isVoid(left.to, context)) return isNullPointer(then, context) ? right : left;
    if (isVoid(right.to, context)) return isNullPointer(expression.otherwise, context) ? left : right;
    return left;
  }
  if (left.kind === 'pointer' || (left.kind !== 'scalar' && right.kind !== 'scalar')) return left;
  return right.kind === 'pointer' ? right : arithmeticType(left, right, context);
}

function isVoid(type: TypeExpression, context: TypeContext): boolean {
  const stripped = context.strip(type);
  return stripped.kind === 'scalar' && stripped.name === 'void';
}

function callType(expression: Expression & { kind: 'call' }, context: TypeContext): TypeExpression {
  const builtin = builtinType(expression, context);
  if (builtin !== undefined) return builtin;
  const callee = context.strip(expressionType(expression.callee, context));
  const target = callee.kind === 'pointer' ? context.strip(callee.to) : callee;
  return target.kind === 'function' ? target.returns : unresolved('a call of what is no function');
}

/** Whether two types are the same but for qualifiers, as `__builtin_types_compatible_p` asks. */
export function compatibleTypes(left: TypeExpression, right: TypeExpression, context: TypeContext): boolean {
  const a = context.strip(left);
  const b = context.strip(right);
  if (a.kind === 'scalar' && b.kind === 'scalar') return a.name === b.name;
  if (a.kind === 'pointer' && b.kind === 'pointer') return compatibleTypes(a.to, b.to, context);
  if (a.kind === 'array' && b.kind === 'array') return compatibleTypes(a.of, b.of, context);
  if (a.kind === 'tagged' && b.kind === 'tagged') return a.tag === b.tag && a.name === b.name;
  return a.kind === b.kind && a === b;
}
