import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { MachineProfile } from '../machine/profile';
import { withCpus } from '../machine/rescale';
import { applyStrategies } from '../strategy/applyStrategies';
import { standingText, strategies } from '../strategy/strategies';
import type { Objection, Strategy, StrategyContext } from '../strategy/strategy';
import type { Interval } from '../util/interval';
import { type Contention, contentionOf, type Load } from './contention';
import { type Cost, costOf, type CostOptions } from './cost';

/** What a strategy changes, as shares of what there was: positive is less. */
export interface Gain {
  /** Share of create and destroy together that is saved, nobody else creating: 1 is all of it. */
  readonly saved: Interval | null;
  /** Operations per second, after ÷ before, back to back on every online CPU (or under the load given). */
  readonly throughputRatio: Interval | null;
  /** Bytes of one object that are saved, percpu and not. */
  readonly savedBytes: number;
  /** Bytes kept for reuse on the machine. */
  readonly pinnedBytes: number;
  /** ns more for every update. */
  readonly dearerUpdate: number;
  /** Updates in an object's life from which it costs more than it saves; null: none. */
  readonly losesFromUpdates: number | null;
}

export interface ComparedStrategy {
  readonly id: string;
  readonly title: string;
  readonly applies: boolean;
  readonly why: string;
  readonly standing: string;
  readonly merged: boolean;
  readonly objections: readonly Objection[];
  readonly prices: readonly string[];
  readonly checklist: readonly string[];
  readonly sources: readonly string[];
  readonly before: Cost;
  /** Null where it does not apply. */
  readonly after: Cost | null;
  readonly contentionBefore: Contention;
  readonly contentionAfter: Contention | null;
  readonly gain: Gain | null;
}

/** The facts of a machine that strategies ask for. */
export function strategyContext(machine: MachineProfile, sites: StrategyContext['sites'] = [], threads?: number): StrategyContext {
  const { possibleCpus, onlineCpus, nodes, coresPerLlc, smt } = machine.topology;
  return { possibleCpus, onlineCpus, nodes, cpusPerLlc: coresPerLlc * smt, sites, ...(threads === undefined ? {} : { threads }) };
}

/**
 * Every strategy on this life cycle: applicable ones first, by what they save of the time that an operation takes
 * with all CPUs at work, then by what they save alone; memory and accuracy stand beside it in the costs.
 */
export function compareStrategies(
  lifeCycle: LifeCycle,
  machine: MachineProfile,
  context: StrategyContext = strategyContext(machine),
  load: Load = {},
  options: CostOptions = {},
): readonly ComparedStrategy[] {
  const before = costOf(lifeCycle, machine, options);
  const contentionBefore = contentionOf(lifeCycle, machine, load);
  return strategies
    .map((strategy) => compareOne(strategy, lifeCycle, machine, context, load, options, before, contentionBefore))
    .sort((a, b) => rank(b) - rank(a));
}

function rank({ applies, gain }: ComparedStrategy): number {
  if (!applies || gain === null) return -Infinity;
  return (gain.throughputRatio?.mid ?? 1) - 1 + (gain.saved?.mid ?? 0) / 100;
}

function compareOne(
  strategy: Strategy,
  lifeCycle: LifeCycle,
  machine: MachineProfile,
  context: StrategyContext,
  load: Load,
  options: CostOptions,
  before: Cost,
  contentionBefore: Contention,
): ComparedStrategy {
  const { lifeCycle: rewritten, outcome } = applyStrategies([strategy.id], lifeCycle, context);
  const applies = outcome[0]?.applied ?? false;
  const after = applies ? costOf(rewritten, machine, options) : null;
  const contentionAfter = applies ? contentionOf(rewritten, machine, load) : null;
  const { id, title, objections, prices, checklist, sources } = strategy;
  return {
    id, title, applies, why: outcome[0]?.why ?? '', objections, prices, checklist, sources,
    standing: standingText(strategy), merged: strategy.standing.kind === 'merged',
    before, after, contentionBefore, contentionAfter,
    gain: after === null || contentionAfter === null ? null : gainOf(before, after, contentionBefore, contentionAfter),
  };
}

function gainOf(before: Cost, after: Cost, contentionBefore: Contention, contentionAfter: Contention): Gain {
  const saved = savedShare(lifeTime(before), lifeTime(after));
  const dearerUpdate = (after.use?.value?.mid ?? 0) - (before.use?.value?.mid ?? 0);
  const savedNs = (lifeTime(before)?.mid ?? 0) - (lifeTime(after)?.mid ?? 0);
  return {
    saved,
    throughputRatio: ratio(contentionAfter.throughputPerSecond.value, contentionBefore.throughputPerSecond.value),
    savedBytes: bytesOf(before) - bytesOf(after),
    pinnedBytes: after.memory.pinned.value?.mid ?? 0,
    dearerUpdate,
    losesFromUpdates: dearerUpdate > 0 ? Math.max(0, savedNs / dearerUpdate) : null,
  };
}

/** Create and destroy together, ns; null where times are not known. */
export function lifeTime({ create, destroy }: Cost): Interval | null {
  if (create.value === null || destroy.value === null) return null;
  const [a, b] = [create.value, destroy.value];
  return { low: a.low + b.low, mid: a.mid + b.mid, high: a.high + b.high };
}

function bytesOf({ memory }: Cost): number {
  return (memory.footprint.value?.mid ?? 0) + (memory.shared.value?.mid ?? 0);
}

/** Both sides are on one machine: its constants err together, so bounds are compared with like bounds. */
function savedShare(before: Interval | null, after: Interval | null): Interval | null {
  const ratios = ratio(after, before);
  return ratios === null ? null : { low: 1 - ratios.high, mid: 1 - ratios.mid, high: 1 - ratios.low };
}

export function ratio(over: Interval | null, under: Interval | null): Interval | null {
  if (over === null || under === null || under.low <= 0) return null;
  const values = [over.low / under.low, over.mid / under.mid, over.high / under.high];
  return { low: Math.min(...values), mid: over.mid / under.mid, high: Math.max(...values) };
}

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
  sites: StrategyContext['sites'] = [],
  cpus: readonly number[] = sweepCpus,
): readonly SweepPoint[] {
  return cpus.map((count) => {
    const scaled = withCpus(machine, count, count);
    const rewritten = applyStrategies(ids, lifeCycle, strategyContext(scaled, sites)).lifeCycle;
    const at = (one: LifeCycle): SweepPoint['before'] => ({ cost: costOf(one, scaled), contention: contentionOf(one, scaled) });
    return { cpus: count, before: at(lifeCycle), after: at(rewritten) };
  });
}

/** Smallest CPU count of the sweep from which on the strategy always saves time, nobody else creating; null: never. */
export function paysFrom(sweep: readonly SweepPoint[]): number | null {
  const pays = sweep.map(({ before, after }) => (lifeTime(after.cost)?.mid ?? Infinity) < (lifeTime(before.cost)?.mid ?? 0));
  const lastLoss = pays.lastIndexOf(false);
  return sweep[lastLoss + 1]?.cpus ?? null;
}
