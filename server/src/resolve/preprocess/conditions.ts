import { type Token, tokensOf } from '../../facts/cTokens';
import { abiOf } from '../../kernel/abi';
import { evaluate } from '../expression/evaluate';
import { parseExpressionTokens } from '../expression/parseExpression';
import type { TypeContext } from '../expression/typeContext';
import { attempt, unresolved } from '../unresolved';
import { expand, isDefined, type MacroScope } from './macros';

const noTypes: TypeContext = {
  abi: abiOf('x86_64'),
  isTypeName: () => false,
  // A name that no macro defines is 0 in an `#if`.
  enumerator: () => ({ value: 0n, type: 'int' }),
  variable: () => undefined,
  layout: () => unresolved('no types in a condition'),
  strip: (type) => type,
  member: () => unresolved('no types in a condition'),
};

function flag(value: boolean): Token {
  return { kind: 'number', text: value ? '1' : '0', start: 0, first: false };
}

/** The kernel's tests of a configuration option (include/linux/kconfig.h) by their meaning. */
function optionTest(name: string, option: string, scope: MacroScope): boolean | undefined {
  // Numbers are options too: CONFIG_BASE_SMALL=0 is not enabled.
  const isOne = (name: string): boolean => scope.macro(name)?.body[0]?.text === '1';
  const builtIn = (): boolean => isOne(option);
  const asModule = (): boolean => isOne(`${option}_MODULE`);
  switch (name) {
    case 'IS_ENABLED':
      return builtIn() || asModule();
    case 'IS_BUILTIN':
      return builtIn();
    case 'IS_MODULE':
      return asModule();
    case 'IS_REACHABLE':
      return builtIn() || (asModule() && scope.macro('MODULE') !== undefined);
    default:
      return undefined;
  }
}

/** Replaces `defined(X)`, option tests and `__has_…` before macros are expanded. */
function withoutDefined(tokens: readonly Token[], scope: MacroScope): Token[] {
  const result: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const parenthesized = tokens[at + 1]?.text === '(';
    const operand = (parenthesized ? tokens[at + 2] : tokens[at + 1])?.text ?? '';
    const value = token.text === 'defined' ? isDefined(scope, operand) : parenthesized ? tested(token.text, operand, scope) : undefined;
    if (value === undefined) result.push(token);
    else {
      result.push(flag(value));
      at += parenthesized ? 3 : 1;
    }
  }
  return result;
}

function tested(name: string, operand: string, scope: MacroScope): boolean | undefined {
  if (name === '__has_attribute' || name === '__has_builtin') return true;
  if (name === '__has_include' || name === '__has_feature' || name === '__has_extension') return false;
  return operand.startsWith('CONFIG_') ? optionTest(name, operand, scope) : undefined;
}

const tokenCache = new Map<string, readonly Token[]>();

function conditionTokens(text: string): readonly Token[] {
  let tokens = tokenCache.get(text);
  if (tokens === undefined) {
    if (tokenCache.size > 20_000) tokenCache.clear();
    tokens = tokensOf(text);
    tokenCache.set(text, tokens);
  }
  return tokens;
}

/** Whether an `#if` is taken; an expression that cannot be read counts as false, as a compiler would stop there. */
export function conditionHolds(text: string, scope: MacroScope): boolean {
  if (text === '0' || text === '1') return text === '1';
  const value = attempt(() => {
    const tokens = withoutDefined(expand(withoutDefined(conditionTokens(text), scope), scope), scope);
    return evaluate(parseExpressionTokens(tokens, noTypes.isTypeName), noTypes).value;
  });
  return value.known && value.value !== 0n;
}
