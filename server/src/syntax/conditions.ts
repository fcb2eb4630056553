import { foldText, type Directive } from './directives';

/**
 * The open `#if`s at a place: an immutable list, innermost first. `outer` is the place's state before the
 * innermost `#if`; null only for `outsideConditions`.
 */
export interface ConditionStack {
  readonly outer: ConditionStack | null;
  /** What the branches before this one of the same `#if` leave: the conjunction of their negations. */
  readonly earlier: Conjunction;
  readonly current: string | null;
  readonly all: Conjunction;
}

interface Conjunction {
  readonly terms: number;
  /** As C text; a single term stands as written, several are parenthesised where they must be. */
  readonly text: string;
}

const always: Conjunction = { terms: 0, text: '' };

/** Nobody writes such a condition; beyond it terms are dropped so that hostile nesting stays linear. */
const longestCondition = 8_192;

export const outsideConditions: ConditionStack = { outer: null, earlier: always, current: null, all: always };

/** Conjunction of all open branches as C text, e.g. `defined(CONFIG_SMP) && !(X > 2)`; null outside any. */
export function conditionText(stack: ConditionStack): string | null {
  return stack.all.terms === 0 ? null : stack.all.text;
}

/** The stack after an `#if` whose condition is `condition`; null for an include guard, which is no condition. */
export function opened(stack: ConditionStack, condition: string | null): ConditionStack {
  return branch(stack, always, condition);
}

/** The stack after `#elif condition`, or `#else` where it is null; unchanged where no `#if` is open. */
export function alternated(stack: ConditionStack, condition: string | null): ConditionStack {
  if (stack.outer === null) return stack;
  const earlier = stack.current === null ? stack.earlier : and(stack.earlier, negated(stack.current));
  return branch(stack.outer, earlier, condition);
}

/** The stack after `#endif`; unchanged where no `#if` is open. */
export function closed(stack: ConditionStack): ConditionStack {
  return stack.outer ?? stack;
}

function branch(outer: ConditionStack, earlier: Conjunction, current: string | null): ConditionStack {
  const before = earlier.terms === 0 ? outer.all : and(outer.all, earlier.text, earlier.terms);
  return { outer, earlier, current, all: current === null ? before : and(before, current) };
}

function and(left: Conjunction, right: string, terms = 1): Conjunction {
  if (left.terms === 0) return { terms, text: right };
  if (left.text.length + right.length > longestCondition) return left;
  const first = left.terms === 1 ? factor(left.text) : left.text;
  return { terms: left.terms + terms, text: `${first} && ${terms === 1 ? factor(right) : right}` };
}

/** Condition of an `#if`, `#ifdef`, `#ifndef`, `#elif`, `#elifdef` or `#elifndef` as a C expression. */
export function conditionOf(directive: Directive, text: string, end: number): string {
  const operand = foldText(text.slice(directive.operand, end));
  if (directive.word.endsWith('ndef')) return `!defined(${firstWord(operand)})`;
  if (directive.word.endsWith('def')) return `defined(${firstWord(operand)})`;
  return operand === '' ? '0' : operand;
}

export function firstWord(text: string): string {
  return /^\w*/.exec(text)?.[0] ?? '';
}

function negated(condition: string): string {
  const inner = /^!\s*(defined\s*\(\s*\w+\s*\)|\w+)$/.exec(condition);
  return inner?.[1] ?? (isPrimary(condition) ? `!${condition}` : `!(${condition})`);
}

/** A condition as an operand of `&&`: parenthesised where its own operators may bind more loosely. */
function factor(condition: string): string {
  const bare = condition.startsWith('!') ? condition.slice(1).trimStart() : condition;
  return isPrimary(bare) ? condition : `(${condition})`;
}

/** A word, a number, `word(…)` or `(…)`: nothing that an operator in front could split. */
function isPrimary(text: string): boolean {
  const head = /^\w*\s*/.exec(text)?.[0] ?? '';
  if (head.length === text.length) return true;
  if (text[head.length] !== '(') return false;
  let depth = 0;
  for (let at = head.length; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at === text.length - 1;
  }
  return false;
}
