import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { MachineProfile } from '../machine/profile';
import { applyStrategies } from '../strategy/applyStrategies';
import { isPerProcess, threadsOf } from '../strategy/rewriting';
import { standingText, strategies } from '../strategy/strategies';
import type { Objection, Strategy, StrategyContext } from '../strategy/strategy';
import { exactly } from '../util/interval';
import { onDemand } from '../util/onDemand';
import type { Reason } from '../util/reason';
import { contentionOf, type Load, waitOf } from './contention';
import { type Cost, costOf, type CostOptions } from './cost';
import { type Gain, gainOf, lifeTime, type Side } from './gain';

export interface ComparedStrategy {
  readonly id: string;
  readonly title: string;
  readonly changes: Strategy['changes'];
  readonly applies: boolean;
  readonly why: string;
  readonly standing: string;
  readonly standingKind: Strategy['standing']['kind'];
  readonly objections: readonly Objection[];
  readonly prices: readonly string[];
  readonly checklist: readonly string[];
  readonly sources: readonly string[];
  readonly before: Side;
  /** Null where it does not apply. */
  readonly after: Side | null;
  readonly gain: Gain | null;
}

/** What strategies ask of more than the machine. */
export type ContextParts = Partial<Pick<StrategyContext, 'sites' | 'releases' | 'threads'>>;

/** The facts that strategies ask for. */
export function strategyContext({ topology }: MachineProfile, parts: ContextParts = {}): StrategyContext {
  const { possibleCpus, onlineCpus, nodes, coresPerLlc, smt } = topology;
  return { possibleCpus, onlineCpus, nodes, cpusPerLlc: coresPerLlc * smt, sites: [], ...parts };
}

export interface CompareOptions {
  readonly context?: StrategyContext;
  readonly load?: Load;
  readonly cost?: CostOptions;
  /** How often such an object is created on the whole machine, 1/s; null or absent: not known. */
  readonly rate?: Reason | null;
}

/**
 * Every strategy on this life cycle: applicable ones first, by the time that they save at the rate of the class;
 * memory, accuracy and the limit with all CPUs at work stand beside it.
 */
export function compareStrategies(lifeCycle: LifeCycle, machine: MachineProfile, options: CompareOptions = {}): readonly ComparedStrategy[] {
  const context = options.context ?? strategyContext(machine);
  const before = sideOf(lifeCycle, machine, options);
  return strategies.map((strategy) => compareOne(strategy, lifeCycle, before, machine, context, options)).sort((a, b) => rank(b) - rank(a));
}

function rank({ applies, gain }: ComparedStrategy): number {
  if (!applies || gain === null) return -Infinity;
  return gain.savedNs.value?.mid ?? (gain.throughputRatio?.mid ?? 1) - 1;
}

function compareOne(
  strategy: Strategy,
  lifeCycle: LifeCycle,
  before: Side,
  machine: MachineProfile,
  context: StrategyContext,
  options: CompareOptions,
): ComparedStrategy {
  const { lifeCycle: rewritten, outcome } = applyStrategies([strategy.id], lifeCycle, context);
  const applies = outcome[0]?.applied ?? false;
  const after = applies ? sideOf(rewritten, machine, options) : null;
  const { id, title, changes, objections, prices, checklist, sources } = strategy;
  return {
    id, title, changes, applies, why: outcome[0]?.why ?? '', objections, prices, checklist, sources,
    standing: standingText(strategy), standingKind: strategy.standing.kind,
    before, after, gain: after === null ? null : gainOf(before, after, options.rate ?? null),
  };
}

/** Cost and contention of a life cycle, as compared. */
export function sideOf(lifeCycle: LifeCycle, machine: MachineProfile, { context, load = {}, cost: costOptions = {}, rate = null }: CompareOptions): Side {
  const cost = costOf(lifeCycle, machine, { updaters: updatersOf(lifeCycle, machine, context), ...costOptions });
  const waitAtRate = rate === null || costOptions.notModelled !== undefined ? null : waitAt(rate, cost, lifeCycle, machine);
  const contention = onDemand(() => contentionOf(lifeCycle, machine, load));
  return { lifeCycle, cost, waitAtRate, get contention() { return contention(); } };
}

/** CPUs that may update one object at the same time: those of a process's threads, else all that are online. */
function updatersOf(lifeCycle: LifeCycle, machine: MachineProfile, context = strategyContext(machine)): number {
  return isPerProcess(lifeCycle, context) ? Math.min(threadsOf(context), context.onlineCpus) : context.onlineCpus;
}

/** All online CPUs create at the rate together: what is left of a CPU's share of time is other work. */
function waitAt({ value }: Reason, cost: Cost, lifeCycle: LifeCycle, machine: MachineProfile): Reason | null {
  const own = lifeTime(cost)?.mid;
  if (value === null || own === undefined || value.mid <= 0) return null;
  const each = (1e9 * machine.topology.onlineCpus) / value.mid;
  return waitOf(lifeCycle, machine, { think: exactly(Math.max(0, Math.round(each - own))) });
}
