import type { LifeCycle } from '../lifecycle/lifeCycle';
import { strategies, strategyById } from './strategies';
import type { StrategyContext } from './strategy';

/** Each of these replaces how the counters of an object are kept: one excludes the others. */
const counterSchemes = ['dual-mode', 'cid-indexed', 'per-task', 'per-node', 'hierarchical', 'size-on-contention'];

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
  if (!applies) return refused(why);
  return { lifeCycle: strategy.rewrite(lifeCycle, context), outcome: [...outcome, { id, applied: true, why }] };
}

/** Why a strategy cannot follow those already applied; undefined where it can. */
export function contradiction(id: string, applied: readonly string[]): string | undefined {
  const scheme = applied.find((other) => counterSchemes.includes(other) && counterSchemes.includes(id));
  if (scheme !== undefined) return `contradicts ${scheme}: both replace how the counters are kept`;
  if (applied.includes('static')) return 'contradicts static: nothing is created any more';
  if (id === 'grouping' && applied.includes('ctor-dtor')) return 'comes before ctor-dtor: after it nothing is allocated per object';
  return undefined;
}
