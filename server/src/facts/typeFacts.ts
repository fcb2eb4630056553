import { type Token, tokensOf } from './cTokens';
import { type Declaration, declarationsOf } from './declarations';
import { readerOf } from './tokenReader';
import { definitionsIn } from './definitionsIn';
import type { Condition, TypeFact } from './fileFacts';

interface Conditioned {
  readonly tokens: readonly Token[];
  /** For each token the condition it stands under. */
  readonly conditions: readonly Condition[];
}

/** One level of `#if` nesting: the branch read now and those before it. */
interface Level {
  current: string;
  readonly before: string[];
}

function negated(condition: string): string {
  return /^(?:!?\w+|!?defined\(\w+\))$/.test(condition) ? (condition.startsWith('!') ? condition.slice(1) : `!${condition}`) : `!(${condition})`;
}

function conjunction(outer: Condition, levels: readonly Level[]): Condition {
  const parts = levels.flatMap(({ current, before }) => [...before.map(negated), ...(current === '' ? [] : [current])]);
  const all = outer === null ? parts : [outer, ...parts];
  return all.length === 0 ? null : all.join(' && ');
}

/** Conditionals nested deeper than in any code that people write are not told apart. */
const deepestCondition = 64;

/** Takes directives out of the tokens and notes for each other token the condition it stands under. */
function conditioned(tokens: readonly Token[], text: string, outer: Condition): Conditioned {
  const levels: Level[] = [];
  const kept: Token[] = [];
  const conditions: Condition[] = [];
  let condition = outer;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.text !== '#' || !token.first) {
      kept.push(token);
      conditions.push(condition);
      continue;
    }
    let end = at + 1;
    while (end < tokens.length && tokens[end]?.first !== true) end += 1;
    branch(levels, tokens[at + 1]?.text ?? '', written(text, tokens.slice(at + 2, end)));
    if (levels.length <= deepestCondition) condition = conjunction(outer, levels);
    at = end - 1;
  }
  return { tokens: kept, conditions };
}

function written(text: string, tokens: readonly Token[]): string {
  const first = tokens[0];
  const last = tokens[tokens.length - 1];
  if (first === undefined || last === undefined) return '';
  return text.slice(first.start, last.start + last.text.length).replace(/\s*\\\s*\n\s*/g, ' ');
}

function branch(levels: Level[], word: string, expression: string): void {
  const top = levels[levels.length - 1];
  if (word === 'if') levels.push({ current: expression, before: [] });
  else if (word === 'ifdef') levels.push({ current: `defined(${expression})`, before: [] });
  else if (word === 'ifndef') levels.push({ current: `!defined(${expression})`, before: [] });
  else if (word === 'endif') levels.pop();
  else if ((word === 'elif' || word === 'else') && top !== undefined) {
    if (top.current !== '') top.before.push(top.current);
    top.current = expression;
  }
}

function factsOf(declaration: Declaration, span: { readonly start: number; readonly end: number }): readonly TypeFact[] {
  const definitions = definitionsIn(declaration.type).filter(({ kind, name }) => name !== null || kind === 'enum');
  const { isTypedef, name, type, aligned, condition } = declaration;
  return isTypedef && name !== null ? [...definitions, { kind: 'typedef', name, type, aligned, span, condition }] : definitions;
}

/**
 * Types that a piece of a file's text defines, named ones and enumerations, nested ones too; every `#if` branch is
 * kept and each member has its condition. Macros are left as written. Spans count from the start of the file when
 * `baseOffset` is where the text begins in it. Never throws; what cannot be read is left out.
 */
export function typeFactsOf(text: string, condition: Condition, baseOffset: number): readonly TypeFact[] {
  const { tokens, conditions } = conditioned(tokensOf(text), text, condition);
  const shifted = tokens.map((token) => ({ ...token, start: token.start + baseOffset }));
  const span = { start: shifted[0]?.start ?? baseOffset, end: baseOffset + text.length };
  try {
    return declarationsOf(readerOf(shifted, conditions)).flatMap((declaration) => factsOf(declaration, span));
  } catch (error) {
    // Brackets nested deeper than the stack: no code that people write.
    if (error instanceof RangeError) return [];
    throw error;
  }
}
