import { Code } from '../../syntax/characters';
import { isIdentifier, kindAt, startAt, wordAt } from '../../syntax/tokenAccess';
import type { Tokens } from '../../syntax/tokens';
import { argumentsOf, closeOf, textOf } from '../siteArguments';
import { closes, isAtomicGuard, mayRelease, opens, type Section } from './atomicSections';
import { holdingOf, isFreeing, isHarmless, isReleasing, mayTearDown, ownersOf, type Holding } from './holdings';
import type { State } from './state';
import type { Range } from './statements';
import type { Walk } from './walk';

/** Where an expression stands, as far as it decides what a name in it does. */
export type Standing = 'statement' | 'condition' | 'return';

/** What executing the expression in a range makes of a state: sections opened and closed, holdings made, handed on, lost. */
export function afterRange(walk: Walk, { first, last }: Range, before: State, standing: Standing): State {
  const { tokens } = walk;
  let state = before;
  const callees: string[] = [];
  const made: Holding[] = [];
  let isOptional = walk.conditions > 0 || walk.hasLeft;
  for (let at = first; at < last; at += 1) {
    const kind = kindAt(tokens, at);
    if (kind === Code.open) callees.push(isIdentifier(tokens, at - 1) ? wordAt(tokens, at - 1) : (callees.at(-1) ?? ''));
    else if (kind === Code.close) callees.pop();
    else if (decides(tokens, at)) isOptional = true;
    else if (isIdentifier(tokens, at) && !isMember(tokens, at)) {
      if (kindAt(tokens, at + 1) === Code.open) state = afterCall(walk, { at, last, standing, isOptional }, state, made);
      else {
        const name = nameAt(tokens, at, last);
        const use = { name: name.text, callee: callees.at(-1) ?? '', isAssigned: isAssigned(tokens, name.next), at, standing };
        state = afterUse(walk, state, use);
        if (use.isAssigned) state = { ...state, failing: failingAfter(tokens, state.failing, name) };
        at = name.next - 1;
      }
    }
  }
  return made.length === 0 ? state : { ...state, holdings: [...state.holdings, ...made] };
}

/** `&&`, `||` and `?`: what comes after them may be left out. */
function decides(tokens: Tokens, at: number): boolean {
  const kind = kindAt(tokens, at);
  if (kind === question) return true;
  return (kind === Code.ampersand || kind === bar) && kindAt(tokens, at + 1) === kind && startAt(tokens, at + 1) === startAt(tokens, at) + 1;
}

const question = 63;
const bar = 124;

function isMember(tokens: Tokens, at: number): boolean {
  const before = kindAt(tokens, at - 1);
  return before === Code.dot || (before === Code.greater && kindAt(tokens, at - 2) === Code.minus);
}

/** `a->b.c` from its first word on. */
function nameAt(tokens: Tokens, from: number, last: number): { readonly text: string; readonly next: number } {
  let text = wordAt(tokens, from);
  let at = from + 1;
  while (at < last) {
    const isArrow = kindAt(tokens, at) === Code.minus && kindAt(tokens, at + 1) === Code.greater;
    const member = isArrow ? at + 2 : kindAt(tokens, at) === Code.dot ? at + 1 : -1;
    if (member === -1 || !isIdentifier(tokens, member)) break;
    text += `${isArrow ? '->' : '.'}${wordAt(tokens, member)}`;
    at = member + 1;
  }
  return { text, next: at };
}

function isAssigned(tokens: Tokens, at: number): boolean {
  return kindAt(tokens, at) === Code.equals && kindAt(tokens, at + 1) !== Code.equals;
}

/** The variable known to hold an error after an assignment. */
function failingAfter(tokens: Tokens, failing: string | null, { text, next }: { readonly text: string; readonly next: number }): string | null {
  const isError = kindAt(tokens, next + 1) === Code.minus && /^E[A-Z]/.test(wordAt(tokens, next + 2));
  if (isError || wordAt(tokens, next + 1) === 'PTR_ERR') return text;
  return failing === text ? null : failing;
}

interface Call {
  readonly at: number;
  readonly last: number;
  readonly standing: Standing;
  readonly isOptional: boolean;
}

function afterCall(walk: Walk, { at, last, standing, isOptional }: Call, state: State, made: Holding[]): State {
  const { tokens } = walk;
  const word = wordAt(tokens, at);
  const site = walk.sites.get(startAt(tokens, at) - walk.base);
  if (site !== undefined) {
    walk.reach(site.span.start, state.sections, !isOptional);
    const holding = standing === 'return' ? null : holdingOf(site, walk.locals, standing === 'condition');
    if (holding !== null) made.push(holding);
    return state;
  }
  const group = word === 'guard' && isAtomicGuard(wordAt(tokens, at + 2)) ? 'guard' : opens(word);
  if (group !== undefined) return { ...state, sections: [...state.sections, sectionAt(walk, at, last, group)] };
  const closed = closes(word);
  if (closed !== undefined) return { ...state, sections: withoutLast(state.sections, closed, firstArgument(walk, at, last)) };
  return mayRelease(word) ? { ...state, sections: [] } : state;
}

function firstArgument(walk: Walk, at: number, last: number): string {
  return (argumentsOf(walk.tokens, walk.brackets, at + 1, last)[0] ?? '').replace(/\s+/g, '');
}

function sectionAt(walk: Walk, at: number, last: number, group: string): Section {
  const close = closeOf(walk.tokens, walk.brackets, at + 1, last);
  const call = textOf(walk.tokens, at, close + 1);
  return { group, lock: firstArgument(walk, at, last), call, at, scope: group === 'guard' ? walk.depth : null };
}

/** The last section of the group, of that lock where one is named; a release of an unknown lock may be of any. */
function withoutLast(sections: readonly Section[], group: string, lock: string): readonly Section[] {
  const index = sections.findLastIndex((one) => one.group === group && (one.lock === lock || group !== 'spin'));
  if (index !== -1) return sections.filter((_, at) => at !== index);
  return sections.filter((one) => one.group !== group);
}

interface Use {
  readonly name: string;
  /** The call whose argument it is; empty outside calls. */
  readonly callee: string;
  readonly isAssigned: boolean;
  readonly at: number;
  readonly standing: Standing;
}

function afterUse(walk: Walk, state: State, use: Use): State {
  if (state.holdings.length === 0) return state;
  return { ...state, holdings: state.holdings.flatMap((holding) => held(walk, holding, use) ?? []) };
}

/** What is still this function's to release after the use of a name; null where it is not. */
function held(walk: Walk, holding: Holding, use: Use): Holding | null {
  const { key, test } = holding;
  if (use.isAssigned && (use.name === test?.name || use.name === key)) return null;
  if (use.name === key) {
    if (isReleasing(use.callee)) walk.release(holding.site);
    return isLeftAlone(use) ? holding : null;
  }
  const owners = ownersOf(key);
  if (owners.includes(use.name)) {
    if (isFreeing(use.callee)) {
      if (test === null && holding.isOwn) walk.lose(holding.site, use.at, `${use.callee}(${use.name})`);
      return null;
    }
    if (isLeftAlone(use)) return holding;
    return mayTearDown(use.callee) ? null : { ...holding, isOwn: false };
  }
  const [root] = owners;
  const isRelated = root !== undefined && (use.name.startsWith(`${root}->`) || use.name.startsWith(`${root}.`));
  return isRelated && mayTearDown(use.callee) ? null : holding;
}

function isLeftAlone({ callee, standing, isAssigned: assigned }: Use): boolean {
  if (assigned || standing === 'return') return false;
  return callee === '' ? standing === 'condition' : isHarmless(callee);
}
