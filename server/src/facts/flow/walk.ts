import type { Brackets } from '../../syntax/brackets';
import { wordAt } from '../../syntax/tokenAccess';
import type { Tokens } from '../../syntax/tokens';
import type { PlacedSite } from '../segmentFacts';
import { textOf } from '../siteArguments';
import { isAtomicGuard, type Section } from './atomicSections';
import { branchesOf, branchesOfCall, conditionOf, failingIn, returnsError, type Verdict } from './conditions';
import { afterRange } from './effects';
import type { Holding } from './holdings';
import { distinct, join, type State } from './state';
import type { Range, Statement } from './statements';

/** One walk over a function's body, along every way through it that its statements leave open. */
export interface Walk {
  readonly tokens: Tokens;
  readonly brackets: Brackets;
  /** Where the segment starts in the file. */
  readonly base: number;
  /** By the start of their spans. */
  readonly sites: ReadonlyMap<number, PlacedSite>;
  /** Names that the function declares. */
  readonly locals: ReadonlySet<string>;
  /** Blocks around the statement at hand. */
  depth: number;
  /** Conditions around the statement at hand. */
  conditions: number;
  /** The function may have been left, or a statement jumped over, before the statement at hand. */
  hasLeft: boolean;
  /** Statements that may still be looked at. */
  budget: number;
  readonly gotos: Map<string, State[]>;
  readonly breaks: State[][];
  readonly cases: { readonly enter: State; hasDefault: boolean }[];
  /** Tells of a way to a site with these sections open, and whether every call of the function goes it. */
  reach(site: number, sections: readonly Section[], always: boolean): void;
  /** Tells that a site's outcome is tested. */
  check(site: number): void;
  /** Tells that what a site created is released by the function itself, on some way. */
  release(site: number): void;
  /** Tells of a way on which the function fails and what a site created stays. */
  keep(site: number, at: number): void;
  /** Tells of a place at which what a site created cannot be named any more. */
  lose(site: number, at: number, by: string): void;
}

export function runAll(walk: Walk, statements: readonly Statement[], states: readonly State[]): readonly State[] {
  return statements.reduce((current, statement) => distinct(step(walk, statement, current)), states);
}

function step(walk: Walk, statement: Statement, states: readonly State[]): readonly State[] {
  walk.budget -= 1;
  if (walk.budget < 0) return [];
  switch (statement.kind) {
    case 'simple':
      return states.map((state) => afterRange(walk, statement.range, state, 'statement'));
    case 'return':
      for (const state of states) leave(walk, statement.range, afterRange(walk, statement.range, state, 'return'));
      walk.hasLeft = true;
      return [];
    case 'block':
      return inBlock(walk, statement.body, states);
    case 'if':
      return states.flatMap((state) => afterIf(walk, statement, state));
    case 'loop':
      return states.flatMap((state) => afterLoop(walk, statement.head, statement.body, state));
    case 'switch':
      return states.flatMap((state) => afterSwitch(walk, statement.head, statement.body, state));
    case 'guarded':
      return afterGuarded(walk, statement.head, statement.body, states);
    case 'goto':
      walk.hasLeft = true;
      walk.gotos.set(statement.label, [...(walk.gotos.get(statement.label) ?? []), ...states]);
      return [];
    case 'label':
      return [...states, ...(walk.gotos.get(statement.label) ?? [])];
    case 'case':
      return atCase(walk, statement.isDefault, states);
    case 'break':
      walk.breaks.at(-1)?.push(...states);
      return [];
    case 'continue':
      return [];
  }
}

/** A local pointer that nobody else knows ends with its function; where that fails, so should the rest of what it made. */
export function leave(walk: Walk, { first, last }: Range, { holdings, failing }: State): void {
  const isFailure = returnsError(textOf(walk.tokens, first, last), failing);
  for (const { isLocal, isOwn, test, site } of holdings) {
    if (test !== null) continue;
    if (isLocal && isOwn) walk.lose(site, first, 'return');
    else if (isFailure) walk.keep(site, first);
  }
}

function inBlock(walk: Walk, body: readonly Statement[], states: readonly State[]): readonly State[] {
  walk.depth += 1;
  const after = runAll(walk, body, states);
  const ended = walk.depth;
  walk.depth -= 1;
  return after.map((state) => (state.sections.some(({ scope }) => scope === ended) ? { ...state, sections: state.sections.filter(({ scope }) => scope !== ended) } : state));
}

function afterIf(walk: Walk, { condition, then, otherwise }: Extract<Statement, { kind: 'if' }>, state: State): readonly State[] {
  const text = textOf(walk.tokens, condition.first, condition.last);
  const read = conditionOf(text);
  const entered = afterRange(walk, condition, state, 'condition');
  const known = entered.holdings.map((holding) => ({ holding, verdict: verdictOf(walk, holding, state, read, text) }));
  const failing = failingIn(read);
  const branch = (side: 'then' | 'otherwise'): State => ({
    ...entered,
    failing: side === 'then' && failing !== null ? failing : entered.failing,
    holdings: known.flatMap(({ holding, verdict }) => followed(holding, verdict[side])),
  });
  walk.conditions += 1;
  const positive = runAll(walk, [then], [branch('then')]);
  const negative = otherwise === null ? [branch('otherwise')] : runAll(walk, [otherwise], [branch('otherwise')]);
  walk.conditions -= 1;
  if (positive.length === 0 || negative.length === 0) return [...positive, ...negative];
  const joined = join([...positive, ...negative]);
  return joined === null ? [] : [joined];
}

function verdictOf(walk: Walk, holding: Holding, before: State, condition: ReturnType<typeof conditionOf>, text: string): ReturnType<typeof branchesOf> {
  const isNew = !before.holdings.includes(holding);
  const site = walk.sites.get(holding.site);
  const verdict = isNew && site !== undefined && holding.test === null
    ? branchesOfCall(condition, site.api, site.kind === 'alloc')
    : branchesOf(condition, text, holding);
  if (verdict.then === 'works' || verdict.then === 'fails') walk.check(holding.site);
  return verdict;
}

function followed(holding: Holding, verdict: Verdict): readonly Holding[] {
  if (verdict === 'silent') return [holding];
  return verdict === 'works' ? [{ ...holding, test: null }] : [];
}

function afterLoop(walk: Walk, head: Range, body: Statement, state: State): readonly State[] {
  const entered = afterRange(walk, head, state, 'condition');
  walk.breaks.push([]);
  const around = runAll(walk, [body], [entered]);
  const left = walk.breaks.pop() ?? [];
  const joined = join([entered, ...around, ...left]);
  return joined === null ? [] : [joined];
}

function afterSwitch(walk: Walk, head: Range, body: Statement, state: State): readonly State[] {
  const enter = afterRange(walk, head, state, 'condition');
  const cases = { enter, hasDefault: false };
  walk.cases.push(cases);
  walk.breaks.push([]);
  walk.conditions += 1;
  const through = runAll(walk, [body], []);
  walk.conditions -= 1;
  const left = walk.breaks.pop() ?? [];
  walk.cases.pop();
  const joined = join([...through, ...left, ...(cases.hasDefault ? [] : [enter])]);
  return joined === null ? [] : [joined];
}

function atCase(walk: Walk, isDefault: boolean, states: readonly State[]): readonly State[] {
  const innermost = walk.cases.at(-1);
  if (innermost === undefined) return states;
  innermost.hasDefault ||= isDefault;
  return [...states, innermost.enter];
}

function afterGuarded(walk: Walk, head: Range, body: Statement, states: readonly State[]): readonly State[] {
  const isAtomic = isAtomicGuard(wordAt(walk.tokens, head.first));
  const call = `scoped_guard(${textOf(walk.tokens, head.first, head.last)})`;
  const section: Section = { group: 'scoped_guard', lock: '', call, at: head.first, scope: null };
  const entered = isAtomic ? states.map((state) => ({ ...state, sections: [...state.sections, section] })) : states;
  return runAll(walk, [body], entered).map((state) => ({ ...state, sections: state.sections.filter(({ at }) => at !== section.at) }));
}
