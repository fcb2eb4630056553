import { initializerLength } from '../../facts/initializers';
import type { TypeExpression } from '../../facts/fileFacts';
import { attempt, unresolved } from '../unresolved';
import { type Constant, evaluate } from './evaluate';
import type { Expression } from './expression';
import { expressionType } from './expressionType';
import type { TypeContext } from './typeContext';

type Call = Expression & { kind: 'call' };

function calleeName(call: Call): string {
  return call.callee.kind === 'name' ? call.callee.name : '';
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

function trailingZeros(value: bigint): number {
  return value === 0n ? 0 : bitLength(value & -value) - 1;
}

function ones(value: bigint): number {
  return value.toString(2).replaceAll('0', '').length;
}

function swapped(value: bigint, bytes: number): bigint {
  let result = 0n;
  for (let index = 0n; index < bytes; index += 1n) result = (result << 8n) | ((value >> (index * 8n)) & 255n);
  return result;
}

/** Builtins of one argument on its unsigned value; the suffix of the name gives the width. */
const bitBuiltins: Readonly<Record<string, (value: bigint, bits: number) => number>> = {
  ffs: (value) => (value === 0n ? 0 : trailingZeros(value) + 1),
  clz: (value, bits) => bits - bitLength(value),
  ctz: (value) => trailingZeros(value),
  popcount: (value) => ones(value),
  parity: (value) => ones(value) % 2,
};

function bitBuiltin(name: string, argument: Expression | undefined, context: TypeContext): Constant | undefined {
  const match = /^__builtin_(ffs|clz|ctz|popcount|parity)(l{0,2})$/.exec(name);
  const compute = bitBuiltins[match?.[1] ?? ''];
  if (match === null || compute === undefined || argument === undefined) return undefined;
  const bits = match[2] === '' ? 32 : 64;
  return { value: BigInt(compute(BigInt.asUintN(bits, evaluate(argument, context).value), bits)), type: 'int' };
}

function swapBuiltin(name: string, argument: Expression | undefined, context: TypeContext): Constant | undefined {
  const bits = Number(/^__builtin_bswap(16|32|64)$/.exec(name)?.[1] ?? 0);
  if (bits === 0 || argument === undefined) return undefined;
  const value = swapped(BigInt.asUintN(bits, evaluate(argument, context).value), bits / 8);
  return { value, type: bits === 64 ? 'unsigned long' : 'unsigned int' };
}

function elementCount(call: Call, context: TypeContext): bigint {
  let next = 0n;
  let count = 0n;
  for (const argument of call.arguments) {
    const index = evaluate(argument, context).value;
    next = index < 0n ? next + 1n : index + 1n;
    if (next > count) count = next;
  }
  return count;
}

/** Evaluates a call that a compiler folds to a constant; Unresolved for any other. */
export function builtinCall(call: Call, context: TypeContext): Constant {
  const name = calleeName(call);
  const [first, second, third] = call.arguments;
  if (name === '__builtin_constant_p') {
    const known = first !== undefined && (first.kind === 'string' || attempt(() => evaluate(first, context)).known);
    return { value: known ? 1n : 0n, type: 'int' };
  }
  if (name === '__builtin_choose_expr' && first !== undefined && second !== undefined && third !== undefined) {
    return evaluate(evaluate(first, context).value !== 0n ? second : third, context);
  }
  if (name === '__builtin_expect' && first !== undefined) return evaluate(first, context);
  if (name === '__builtin_strlen' && first?.kind === 'string') return { value: BigInt(first.length), type: 'unsigned long' };
  if (name === initializerLength) return { value: elementCount(call, context), type: 'unsigned long' };
  const known = bitBuiltin(name, first, context) ?? swapBuiltin(name, first, context);
  return known ?? unresolved(name === '' ? 'a call is no constant' : `${name}() is computed at run time`);
}

/** The type of a builtin's call; undefined for any other function. */
export function builtinType(call: Call, context: TypeContext): TypeExpression | undefined {
  const name = calleeName(call);
  const [first, second, third] = call.arguments;
  if (name === '__builtin_choose_expr' && first !== undefined && second !== undefined && third !== undefined) {
    return expressionType(evaluate(first, context).value !== 0n ? second : third, context);
  }
  if (name === '__builtin_expect') return { kind: 'scalar', name: 'long' };
  if (name === '__builtin_bswap64' || name === '__builtin_strlen') return { kind: 'scalar', name: 'unsigned long' };
  return name.startsWith('__builtin_') ? { kind: 'scalar', name: 'int' } : undefined;
}
