import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { MachineProfile } from '../machine/profile';
import { withCpus } from '../machine/rescale';
import { applyStrategies } from '../strategy/applyStrategies';
import { type ContextParts, strategyContext } from './compare';
import { contentionOf, type Contention } from './contention';
import { costOf, type Cost } from './cost';
import { lifeTime } from './gain';

/** CPU counts of a before-and-after sweep. */
export const sweepCpus: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

export interface SweepPoint {
  readonly cpus: number;
  readonly before: { readonly cost: Cost; readonly contention: Contention };
  readonly after: { readonly cost: Cost; readonly contention: Contention };
}

/** Before and after a strategy (or several, in order) on machines of the same kind with other CPU counts. */
export function sweepStrategies(
  ids: readonly string[],
  lifeCycle: LifeCycle,
  machine: MachineProfile,
  parts: ContextParts = {},
  cpus: readonly number[] = sweepCpus,
): readonly SweepPoint[] {
  return cpus.map((count) => {
    const scaled = withCpus(machine, count, count);
    const rewritten = applyStrategies(ids, lifeCycle, strategyContext(scaled, parts)).lifeCycle;
    const at = (one: LifeCycle): SweepPoint['before'] => ({ cost: costOf(one, scaled), contention: contentionOf(one, scaled) });
    return { cpus: count, before: at(lifeCycle), after: at(rewritten) };
  });
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
