import { closingBracket, type HiddenNames, identifierEnd, type Token, tokensOf } from '../../facts/cTokens';
import type { OutlineItem } from '../../facts/outline';
import { unresolved } from '../unresolved';

export interface Macro {
  readonly name: string;
  /** Null for an object-like macro. */
  readonly parameters: readonly string[] | null;
  /** Name that stands for the rest of the arguments. */
  readonly variadic: string | null;
  readonly body: readonly Token[];
}

/** What names mean at one place: the macro defined there, if any. */
export interface MacroScope {
  readonly macro: (name: string) => Macro | undefined;
  /** Whether there is one, where its body is not asked for. */
  readonly defined?: (name: string) => boolean;
}

export function isDefined(scope: MacroScope, name: string): boolean {
  return scope.defined === undefined ? scope.macro(name) !== undefined : scope.defined(name);
}

/** Reads a `#define` from its item. */
export function macroOf(text: string, item: Pick<OutlineItem, 'name' | 'body' | 'end'>): Macro {
  const end = item.end;
  if (text.charCodeAt(item.body) !== 40) {
    return { name: item.name, parameters: null, variadic: null, body: tokensOf(text, item.body, end) };
  }
  const tokens = tokensOf(text, item.body, end);
  const close = closingBracket(tokens, 0);
  return { name: item.name, ...parametersOf(tokens.slice(1, close)), body: tokens.slice(close + 1) };
}

function parametersOf(tokens: readonly Token[]): { parameters: readonly string[]; variadic: string | null } {
  const names = tokens.filter((token) => token.kind === 'identifier').map((token) => token.text);
  const dots = tokens.findIndex((token) => token.text === '...');
  if (dots === -1) return { parameters: names, variadic: null };
  const named = tokens[dots - 1]?.kind === 'identifier';
  return named ? { parameters: names.slice(0, -1), variadic: names[names.length - 1] ?? null } : { parameters: names, variadic: '__VA_ARGS__' };
}

/** An object-like macro from text, as compilers take it on their command line. */
export function simpleMacro(name: string, body: string): Macro {
  return { name, parameters: null, variadic: null, body: tokensOf(body) };
}

function holdsName(hidden: HiddenNames | undefined, name: string): boolean {
  for (let each = hidden; each !== undefined; each = each.rest) if (each.name === name) return true;
  return false;
}

/** Tokens that the replacements of one expansion may make, more than any declaration of the kernel needs. */
const mostTokens = 500_000;

interface Budget {
  left: number;
}

/** Expands all macros in `tokens` as a compiler does; throws Unresolved where they grow without end. */
export function expand(tokens: readonly Token[], scope: MacroScope): Token[] {
  return expandWithin(tokens, scope, { left: mostTokens });
}

function expandWithin(tokens: readonly Token[], scope: MacroScope, budget: Budget): Token[] {
  const output: Token[] = [];
  const pending = tokens.slice().reverse();
  for (let token = pending.pop(); token !== undefined; token = pending.pop()) {
    const macro = token.kind === 'identifier' && !holdsName(token.hidden, token.text) ? scope.macro(token.text) : undefined;
    if (macro === undefined || !replace(macro, token, pending, scope, budget)) output.push(token);
  }
  return output;
}

/** Puts the replacement of a macro call before the pending tokens; false where it is not called. */
function replace(macro: Macro, token: Token, pending: Token[], scope: MacroScope, budget: Budget): boolean {
  if (macro.parameters === null) {
    pushAll(pending, substitute(macro, new Map(), scope, budget), macro.name, token, budget);
    return true;
  }
  if (pending[pending.length - 1]?.text !== '(') return false;
  const groups = takeArguments(pending);
  if (groups === undefined) return false;
  pushAll(pending, substitute(macro, argumentMap(macro, groups), scope, budget), macro.name, token, budget);
  return true;
}

function pushAll(pending: Token[], tokens: readonly Token[], name: string, call: Token, budget: Budget): void {
  budget.left -= 1 + tokens.length;
  if (budget.left < 0) unresolved(`the macro ${name} expands to too much`);
  // Most tokens come from the macro's body: they share what is hidden in them.
  const hidden: HiddenNames = { name, rest: call.hidden };
  for (let at = tokens.length - 1; at >= 0; at -= 1) {
    const token = tokens[at];
    if (token !== undefined) pending.push({ ...token, hidden: joined(token.hidden, hidden) });
  }
}

function joined(own: HiddenNames | undefined, added: HiddenNames): HiddenNames {
  if (own === undefined) return added;
  let result = own;
  for (let each: HiddenNames | undefined = added; each !== undefined; each = each.rest) {
    if (!holdsName(result, each.name)) result = { name: each.name, rest: result };
  }
  return result;
}

/** Takes `( … )` off the pending tokens, split at the commas outside brackets; undefined where it does not close. */
function takeArguments(pending: Token[]): Token[][] | undefined {
  const groups: Token[][] = [[]];
  let depth = 0;
  for (let at = pending.length - 1; at >= 0; at -= 1) {
    const token = pending[at];
    if (token === undefined) return undefined;
    if (token.text === '(') depth += 1;
    else if (token.text === ')') depth -= 1;
    if (depth === 0) {
      pending.length = at;
      return groups;
    }
    if (depth === 1 && token.text === ',') groups.push([]);
    else if (!(depth === 1 && token.text === '(' && at === pending.length - 1)) groups[groups.length - 1]?.push(token);
  }
  return undefined;
}

function argumentMap(macro: Macro, groups: readonly Token[][]): Map<string, readonly Token[]> {
  const named = macro.parameters ?? [];
  const map = new Map<string, readonly Token[]>();
  named.forEach((name, index) => map.set(name, groups[index] ?? []));
  if (macro.variadic !== null) map.set(macro.variadic, joinWithCommas(groups.slice(named.length)));
  return map;
}

const comma: Token = { kind: 'punctuator', text: ',', start: 0, first: false };

function joinWithCommas(groups: readonly (readonly Token[])[]): Token[] {
  return groups.flatMap((group, index) => (index === 0 ? group : [comma, ...group]));
}

/** A macro's body on its way to becoming tokens. */
interface Substitution {
  readonly macro: Macro;
  readonly given: ReadonlyMap<string, readonly Token[]>;
  readonly scope: MacroScope;
  readonly budget: Budget;
  readonly expanded: Map<string, readonly Token[]>;
  readonly result: Token[];
}

function substitute(macro: Macro, given: ReadonlyMap<string, readonly Token[]>, scope: MacroScope, budget: Budget): Token[] {
  const work: Substitution = { macro, given, scope, budget, expanded: new Map(), result: [] };
  for (let at = 0; at < macro.body.length; ) at = substituteAt(work, at);
  return work.result.filter((token) => token !== placeholder);
}

/** Substitutes what begins at one token of the body and gives the index behind it. */
function substituteAt(work: Substitution, at: number): number {
  const { macro, given, result } = work;
  const token = macro.body[at];
  const next = macro.body[at + 1];
  if (token === undefined) return macro.body.length;
  const named = next === undefined ? undefined : given.get(next.text);
  if (token.text === '#' && macro.parameters !== null && named !== undefined) {
    result.push(stringToken(named));
    return at + 2;
  }
  if (token.text === '##') {
    paste(result, next, given, macro);
    return at + 2;
  }
  if (token.text === '__VA_OPT__' && next?.text === '(') return optional(work, at + 1);
  const argument = token.kind === 'identifier' ? given.get(token.text) : undefined;
  if (argument === undefined) result.push(token);
  else if (next?.text === '##') result.push(...(argument.length === 0 ? [placeholder] : argument));
  else result.push(...expandedArgument(work, token.text, argument));
  return at + 1;
}

function expandedArgument(work: Substitution, name: string, argument: readonly Token[]): readonly Token[] {
  const known = work.expanded.get(name) ?? expandWithin(argument, work.scope, work.budget);
  work.expanded.set(name, known);
  return known;
}

function optional({ macro, given, scope, budget, result }: Substitution, open: number): number {
  const close = closingBracket(macro.body, open);
  const rest = given.get(macro.variadic ?? '') ?? [];
  if (rest.length > 0) result.push(...substitute({ ...macro, body: macro.body.slice(open + 1, close) }, given, scope, budget));
  return close + 1;
}

/** Stands for an empty argument next to `##`. */
const placeholder: Token = { kind: 'punctuator', text: '', start: 0, first: false };

function stringToken(tokens: readonly Token[]): Token {
  const text = tokens.map((token) => token.text).join(' ').replace(/[\\"]/g, '\\$&');
  return { kind: 'string', text: `"${text}"`, start: 0, first: false };
}

function paste(result: Token[], right: Token | undefined, given: ReadonlyMap<string, readonly Token[]>, macro: Macro): void {
  if (right === undefined) return;
  const argument = right.kind === 'identifier' ? given.get(right.text) : undefined;
  const rightTokens = argument ?? [right];
  const left = result[result.length - 1];
  // GNU C: `, ## __VA_ARGS__` drops the comma where there are no more arguments, and pastes nothing where there are.
  if (left?.text === ',' && right.text === macro.variadic) {
    if (rightTokens.length === 0) result.pop();
    else result.push(...rightTokens);
    return;
  }
  const [head, ...rest] = rightTokens;
  if (head === undefined) return;
  if (left === undefined || left === placeholder) {
    if (left === placeholder) result.pop();
    result.push(head, ...rest);
    return;
  }
  result.pop();
  result.push(pasted(left, head), ...rest);
}

function pasted(left: Token, right: Token): Token {
  const text = left.text + right.text;
  const [only, more] = tokensOf(text);
  if (only === undefined || more !== undefined) return { ...left, text };
  const whole = only.kind !== 'identifier' || identifierEnd(text, 0) === text.length;
  return { ...only, kind: whole ? only.kind : left.kind, text, first: false };
}
