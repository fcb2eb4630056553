import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { MachineProfile } from '../machine/profile';
import { withCpus } from '../machine/rescale';
import { applyStrategies } from '../strategy/applyStrategies';
import { type ContextParts, strategyContext } from './compare';
import { contentionOf, type Contention } from './contention';
import { costOf, type Cost } from './cost';
import { lifeTime } from './gain';

/** CPU counts of a before-and-after sweep. */
export const sweepCpus: readonly number[] = [1, 4, 16, 64, 128, 256, 512, 1024];

export interface SweepPoint {
  readonly cpus: number;
  readonly before: { readonly cost: Cost; readonly contention: Contention };
  readonly after: { readonly cost: Cost; readonly contention: Contention };
}

/**
 * Before and after on machines of the same kind with other CPU counts, all possible ones online: one sweep for each
 * list of strategies, which are applied in its order.
 */
export function sweepStrategies(
  combinations: readonly (readonly string[])[],
  lifeCycle: LifeCycle,
  machine: MachineProfile,
  parts: ContextParts = {},
  cpus: readonly number[] = sweepCpus,
): readonly (readonly SweepPoint[])[] {
  const machines = cpus.map((count) => {
    const scaled = withCpus(machine, count, count);
    const at = (one: LifeCycle): SweepPoint['before'] => ({ cost: costOf(one, scaled), contention: contentionOf(one, scaled) });
    return { count, at, before: at(lifeCycle), context: strategyContext(scaled, parts) };
  });
  return combinations.map((ids) =>
    machines.map(({ count, at, before, context }) => ({ cpus: count, before, after: at(applyStrategies(ids, lifeCycle, context).lifeCycle) })));
}

/**
 * Smallest CPU count of the sweep from which on the strategy always saves time, and at least that share of it, nobody
 * else creating; null: never.
 */
export function paysFrom(sweep: readonly SweepPoint[], share = 0): number | null {
  const pays = sweep.map(({ before, after }) => (lifeTime(after.cost)?.mid ?? Infinity) < (1 - share) * (lifeTime(before.cost)?.mid ?? 0));
  const lastLoss = pays.lastIndexOf(false);
  return sweep[lastLoss + 1]?.cpus ?? null;
}
