import type { TypeExpression } from '../../facts/fileFacts';
import { isSignedScalar, scalarLayout } from '../../kernel/abi';
import { attempt, unresolved } from '../unresolved';
import { builtinCall } from './builtins';
import type { Expression, OffsetStep } from './expression';
import { compatibleTypes, expressionType } from './expressionType';
import type { TypeContext } from './typeContext';

/** The value of an integer constant expression with its scalar type. */
export interface Constant {
  readonly value: bigint;
  readonly type: string;
}

/** Brings a value into the range of a scalar type, as a conversion does. */
export function convert(context: TypeContext, value: bigint, type: string): Constant {
  if (type === '_Bool') return { value: value === 0n ? 0n : 1n, type };
  const bits = (scalarLayout(context.abi, type)?.size ?? 8) * 8;
  return { value: isSignedScalar(context.abi, type) ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value), type };
}

function truth(context: TypeContext, expression: Expression): boolean {
  return evaluate(expression, context).value !== 0n;
}

function int(value: boolean | bigint): Constant {
  return { value: typeof value === 'bigint' ? value : value ? 1n : 0n, type: 'int' };
}

function size(value: number): Constant {
  return { value: BigInt(value), type: 'unsigned long' };
}

/** Evaluates a constant expression; throws Unresolved with the reason where its value cannot be had. */
export function evaluate(expression: Expression, context: TypeContext): Constant {
  switch (expression.kind) {
    case 'number':
      return { value: expression.value, type: expression.type };
    case 'name':
      return named(expression.name, context);
    case 'unary':
      return unary(expression, context);
    case 'binary':
      return binary(expression, context);
    case 'conditional':
      return conditional(expression, context);
    case 'cast':
      return cast(expression.type, expression.operand, context);
    case 'typeMeasure':
      return size(context.layout(expression.type)[expression.measure]);
    case 'measure':
      return size(measured(expression, context));
    case 'offset':
      return size(offsetOf(expression.type, expression.path, context));
    case 'compatible':
      return int(compatibleTypes(expression.left, expression.right, context));
    case 'call':
      return builtinCall(expression, context);
    case 'generic':
      return evaluate(chosen(expression, context), context);
    case 'unsupported':
      return unresolved(`${expression.what} is no constant`);
    case 'member':
    case 'index':
      return unresolved(`${describe(expression)} is known at run time only`);
    case 'string':
    case 'literal':
      return unresolved('no integer constant');
  }
}

/** `sizeof expression`; alignment of an object declared with an attribute of its own is that of its type here. */
function measured(expression: Expression & { kind: 'measure' }, context: TypeContext): number {
  if (expression.operand.kind === 'string') return expression.operand.length + 1;
  const type = expressionType(expression.operand, context);
  const stripped = context.strip(type);
  if (stripped.kind === 'array' && stripped.length === null) return unresolved('an array of unknown length');
  return context.layout(type)[expression.measure];
}

function named(name: string, context: TypeContext): Constant {
  const value = context.enumerator(name);
  if (value !== undefined) return value;
  const variable = attempt(() => context.variable(name));
  if (variable.known && variable.value !== undefined) return unresolved(`${name} is known at run time only`);
  return unresolved(`no definition of ${name} found`);
}

/** An lvalue as people write it. */
function describe(expression: Expression): string {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'member':
      return `${describe(expression.of)}${expression.arrow ? '->' : '.'}${expression.name}`;
    case 'index':
      return `${describe(expression.of)}[…]`;
    default:
      return '(…)';
  }
}

export function chosen(expression: Expression & { kind: 'generic' }, context: TypeContext): Expression {
  const control = expressionType(expression.control, context);
  const match = expression.associations.find(({ type }) => type !== null && compatibleTypes(type, control, context));
  const otherwise = expression.associations.find(({ type }) => type === null);
  return (match ?? otherwise)?.value ?? unresolved('no case of _Generic fits');
}

function unary(expression: Expression & { kind: 'unary' }, context: TypeContext): Constant {
  if (expression.operator === '&') return size(Number(addressOf(expression.operand, context)));
  if (expression.operator === '!') return int(!truth(context, expression.operand));
  if (expression.operator === '*') return unresolved('a value in memory is no constant');
  const operand = promoted(evaluate(expression.operand, context), context);
  const value = expression.operator === '-' ? -operand.value : expression.operator === '~' ? ~operand.value : operand.value;
  return convert(context, value, operand.type);
}

function promoted(constant: Constant, context: TypeContext): Constant {
  const bytes = scalarLayout(context.abi, constant.type)?.size ?? 8;
  return bytes < 4 ? { value: constant.value, type: 'int' } : constant;
}

/** The type in which two operands are computed. */
export function commonType(left: string, right: string, context: TypeContext): string {
  const bytes = (name: string): number => Math.max(4, scalarLayout(context.abi, name)?.size ?? 8);
  const unsigned = (name: string): boolean => (scalarLayout(context.abi, name)?.size ?? 8) >= 4 && !isSignedScalar(context.abi, name);
  const widest = Math.max(bytes(left), bytes(right));
  const isUnsigned = [left, right].some((name) => bytes(name) === widest && unsigned(name));
  const name = widest === 4 ? 'int' : widest === 8 ? 'long' : '__int128';
  return isUnsigned ? `unsigned ${name}` : name;
}

function binary(expression: Expression & { kind: 'binary' }, context: TypeContext): Constant {
  const { operator } = expression;
  if (operator === '&&') return int(truth(context, expression.left) && truth(context, expression.right));
  if (operator === '||') return int(truth(context, expression.left) || truth(context, expression.right));
  const left = promoted(evaluate(expression.left, context), context);
  const right = promoted(evaluate(expression.right, context), context);
  if (operator === '<<') return convert(context, left.value << shiftCount(right), left.type);
  if (operator === '>>') return convert(context, left.value >> shiftCount(right), left.type);
  const type = commonType(left.type, right.type, context);
  return arithmetic(operator, convert(context, left.value, type).value, convert(context, right.value, type).value, type, context);
}

function shiftCount(constant: Constant): bigint {
  return constant.value >= 0n && constant.value < 128n ? constant.value : unresolved('a shift by more than the width of its type');
}

function arithmetic(operator: string, left: bigint, right: bigint, type: string, context: TypeContext): Constant {
  const result = (value: bigint): Constant => convert(context, value, type);
  switch (operator) {
    case '+': return result(left + right);
    case '-': return result(left - right);
    case '*': return result(left * right);
    case '/': return right === 0n ? unresolved('a division by zero') : result(left / right);
    case '%': return right === 0n ? unresolved('a division by zero') : result(left % right);
    case '&': return result(left & right);
    case '|': return result(left | right);
    case '^': return result(left ^ right);
    case '==': return int(left === right);
    case '!=': return int(left !== right);
    case '<': return int(left < right);
    case '>': return int(left > right);
    case '<=': return int(left <= right);
    case '>=': return int(left >= right);
    default: return unresolved(`operator ${operator}`);
  }
}

function conditional(expression: Expression & { kind: 'conditional' }, context: TypeContext): Constant {
  const condition = evaluate(expression.condition, context);
  if (expression.then === null) return condition.value !== 0n ? condition : evaluate(expression.otherwise, context);
  const [taken, other] = condition.value !== 0n ? [expression.then, expression.otherwise] : [expression.otherwise, expression.then];
  const value = evaluate(taken, context);
  // The type is common to both, where the branch not taken has one that is known.
  const otherType = attempt(() => expressionType(other, context));
  if (!otherType.known || otherType.value.kind !== 'scalar') return value;
  return convert(context, value.value, commonType(value.type, otherType.value.name, context));
}

function cast(type: TypeExpression, operand: Expression, context: TypeContext): Constant {
  const target = context.strip(type);
  const { value } = evaluate(operand, context);
  if (target.kind === 'scalar') return target.name === 'void' ? unresolved('a void value') : convert(context, value, target.name);
  if (target.kind === 'pointer') return convert(context, value, 'unsigned long');
  if (target.kind === 'tagged' || target.kind === 'inline') {
    const bytes = context.layout(target).size;
    return convert(context, value, bytes === 4 ? 'unsigned int' : 'unsigned long');
  }
  return unresolved('a cast to no integer type');
}

export function offsetOf(type: TypeExpression, path: readonly OffsetStep[], context: TypeContext): number {
  let offset = 0;
  let current = type;
  for (const step of path) {
    if ('member' in step) {
      const member = context.member(current, step.member);
      offset += member.offset;
      current = member.type;
    } else {
      current = elementType(current, context);
      offset += Number(evaluate(step.index, context).value) * context.layout(current).size;
    }
  }
  return offset;
}

export function elementType(type: TypeExpression, context: TypeContext): TypeExpression {
  const stripped = context.strip(type);
  if (stripped.kind === 'array') return stripped.of;
  if (stripped.kind === 'pointer') return stripped.to;
  return unresolved('an index into what is neither array nor pointer');
}

/** Address of an lvalue whose base is a constant, as in `&((struct x *)0)->member`. */
function addressOf(expression: Expression, context: TypeContext): bigint {
  if (expression.kind === 'unary' && expression.operator === '*') return evaluate(expression.operand, context).value;
  if (expression.kind === 'member') {
    const type = expressionType(expression.of, context);
    const base = expression.arrow ? evaluate(expression.of, context).value : addressOf(expression.of, context);
    return base + BigInt(context.member(expression.arrow ? elementType(type, context) : type, expression.name).offset);
  }
  if (expression.kind === 'index') {
    const element = expressionType(expression, context);
    const index = evaluate(expression.index, context).value;
    return addressOf(expression.of, context) + index * BigInt(context.layout(element).size);
  }
  return unresolved('an address is no constant');
}
