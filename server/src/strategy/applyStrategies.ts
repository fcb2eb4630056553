import type { LifeCycle } from '../lifecycle/lifeCycle';
import { strategies, strategyById } from './strategies';
import type { Strategy, StrategyContext } from './strategy';

/** Each of these replaces how the counters of an object are kept: one excludes the others. */
const counterSchemes = ['dual-mode', 'cid-indexed', 'per-task', 'per-node', 'hierarchical', 'size-on-contention'];

/** The order in which strategies compose: what does away with an area before what moves, keeps or caches it. */
const order = ['static', 'no-percpu', ...counterSchemes, 'on-demand', 'lazy-switch', 'fused-sum', 'grouping', 'ctor-dtor', 'percpu-cache'];

/** What was done with one of the strategies asked for. */
export interface AppliedStrategy {
  readonly id: string;
  readonly applied: boolean;
  /** Why it applies, or why not: not applicable, contradicting an earlier one, or no such strategy. */
  readonly why: string;
}

export interface Combination {
  readonly lifeCycle: LifeCycle;
  /** In the order of application. */
  readonly outcome: readonly AppliedStrategy[];
}

/**
 * Applies strategies one after the other, in the given order: each sees what the ones before left. One that does not
 * apply or contradicts an earlier one is left out, with the reason.
 */
export function applyStrategies(ids: readonly string[], lifeCycle: LifeCycle, context: StrategyContext): Combination {
  return ids.reduce<Combination>((combination, id) => applyOne(id, combination, context), { lifeCycle, outcome: [] });
}

function applyOne(id: string, { lifeCycle, outcome }: Combination, context: StrategyContext): Combination {
  const refused = (why: string): Combination => ({ lifeCycle, outcome: [...outcome, { id, applied: false, why }] });
  const strategy = strategyById(id);
  if (strategy === undefined) return refused(`no such strategy; known are ${strategies.map((known) => known.id).join(', ')}`);
  if (lifeCycle.strategies.includes(id)) return refused('already applied');
  const contradicted = contradiction(id, lifeCycle.strategies);
  if (contradicted !== undefined) return refused(contradicted);
  const { applies, why } = strategy.applies(lifeCycle, context);
  if (!applies) return refused(`${why}${outOfOrder(id, lifeCycle.strategies)}`);
  return { lifeCycle: strategy.rewrite(lifeCycle, context), outcome: [...outcome, { id, applied: true, why }] };
}

/** Why a strategy cannot follow those already applied; undefined where it can. */
export function contradiction(id: string, applied: readonly string[]): string | undefined {
  const scheme = applied.find((other) => counterSchemes.includes(other) && counterSchemes.includes(id));
  if (scheme !== undefined) return `contradicts ${scheme}: both replace how the counters are kept`;
  if (applied.includes('static')) return 'contradicts static: nothing is created any more';
  if (isPair(id, applied, 'lazy-switch', 'ctor-dtor')) {
    return `contradicts ${id === 'ctor-dtor' ? 'lazy-switch' : 'ctor-dtor'}: a constructor initialises every slot once, so there is nothing left to do at a switch`;
  }
  if (id === 'grouping' && applied.includes('ctor-dtor')) return 'comes before ctor-dtor: after it nothing is allocated per object';
  return undefined;
}

function isPair(id: string, applied: readonly string[], a: string, b: string): boolean {
  return (id === a && applied.includes(b)) || (id === b && applied.includes(a));
}

function outOfOrder(id: string, applied: readonly string[]): string {
  const later = applied.find((other) => order.indexOf(other) > order.indexOf(id));
  return later === undefined ? '' : `; it would have to come before ${later}`;
}

/** Strategies in the order in which they compose. */
export function inOrder(ids: readonly string[]): readonly string[] {
  return [...ids].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/** Two strategies that each apply: together in order, or why not. */
export interface Pairing {
  readonly ids: readonly [string, string];
  readonly combination: Combination;
  /** Null where they compose. */
  readonly conflict: string | null;
}

/** Every pair of strategies that apply by themselves, in the order in which they would be done. */
export function pairings(lifeCycle: LifeCycle, context: StrategyContext): readonly Pairing[] {
  const ids = inOrder(strategies.filter((one: Strategy) => one.applies(lifeCycle, context).applies).map(({ id }) => id));
  return ids.flatMap((first, index) => ids.slice(index + 1).map((second) => paired(first, second, lifeCycle, context)));
}

function paired(first: string, second: string, lifeCycle: LifeCycle, context: StrategyContext): Pairing {
  const combination = applyStrategies([first, second], lifeCycle, context);
  const refused = combination.outcome.find(({ applied }) => !applied);
  return { ids: [first, second], combination, conflict: refused === undefined ? null : refused.why };
}
