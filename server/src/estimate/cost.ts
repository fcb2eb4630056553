import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { Hold, Step } from '../lifecycle/step';
import type { MachineProfile } from '../machine/profile';
import { priceOf } from '../pricing/priceOf';
import { alone, type PricingState } from '../pricing/state';
import { stepsTime } from '../pricing/stepTime';
import type { Interval } from '../util/interval';
import { onDemand } from '../util/onDemand';
import { given, product, type Reason, sum, unknown } from '../util/reason';
import { type Accuracy, accuracyOf } from '../pricing/accuracy';
import { sharedHolds } from './demandReasons';
import { type Memory, memoryOf } from './memory';

/** How long a shared lock is held by creating and by destroying one object, ns; null where it is not taken. */
export interface LockHold {
  readonly create: Reason | null;
  readonly destroy: Reason | null;
  readonly irqsOff: boolean;
}

/** What one object costs on a machine where nobody else creates one; times in ns with a part for every step. */
export interface Cost {
  readonly create: Reason;
  readonly destroy: Reason;
  /** One update; null where the subject has none. */
  readonly use: Reason | null;
  /** One update while `updaters` CPUs update, without waits; null where one CPU updates, or the subject has none. */
  readonly contendedUse: Reason | null;
  readonly locks: Readonly<Record<string, LockHold>>;
  /** Time with interrupts off over the whole life, ns. */
  readonly irqsOff: Reason;
  /** Lines in other CPUs' caches that creating one object takes away: live data of neighbours with them. */
  readonly dirtiedLines: Reason;
  readonly footprintBytes: Reason;
  readonly memory: Memory;
  readonly accuracy: Accuracy | null;
  /** The values of the times alone. */
  readonly times: Times;
  /** What every time has to be read with; null on a calibrated machine. */
  readonly caveat: string | null;
}

/** What the reasons of a cost come to, ns, without making them; null: not known, or there is none. */
export interface Times {
  readonly create: Interval | null;
  readonly destroy: Interval | null;
  readonly use: Interval | null;
}

export interface CostOptions {
  /** Why times of this kernel are not modelled (PREEMPT_RT, KASAN …); bytes still are. */
  readonly notModelled?: string;
  /** CPUs that update one object at the same time; 1 where absent. */
  readonly updaters?: number;
}

export const uncalibrated = 'uncalibrated: order of magnitude';

export function costOf(lifeCycle: LifeCycle, machine: MachineProfile, options: CostOptions = {}): Cost {
  const priced = (label: string, steps: readonly Step[], state = alone): Reason => pricedSteps(label, steps, machine, options, state);
  const { updaters = 1 } = options;
  const create = onDemand(() => priced('create', lifeCycle.create));
  const destroy = onDemand(() => priced('destroy', lifeCycle.destroy));
  const use = onDemand(() => (lifeCycle.use.length === 0 ? null : priced('use', lifeCycle.use)));
  const contendedUse = onDemand(() =>
    (lifeCycle.use.length === 0 || updaters <= 1 ? null : priced('use by many CPUs', lifeCycle.use, { creators: updaters })));
  const locks = onDemand(() => lockHolds(lifeCycle, priced));
  const irqsOff = onDemand(() => priced('interrupts off', [...lifeCycle.create, ...lifeCycle.destroy].flatMap(irqsOffHolds)));
  const dirtiedLines = onDemand(() => dirtiedLinesOf(lifeCycle, machine));
  const memory = onDemand(() => memoryOf(lifeCycle, machine));
  const timed = (steps: readonly Step[]): Interval | null => (options.notModelled === undefined ? stepsTime(steps, machine, alone) : null);
  const times = onDemand((): Times => ({
    create: timed(lifeCycle.create),
    destroy: timed(lifeCycle.destroy),
    use: lifeCycle.use.length === 0 ? null : timed(lifeCycle.use),
  }));
  const accuracy = onDemand(() => (lifeCycle.counters === null ? null : accuracyOf(lifeCycle.counters, machine)));
  // Thousands of lives are compared by one or two of their figures.
  return {
    get create() { return create(); },
    get destroy() { return destroy(); },
    get use() { return use(); },
    get contendedUse() { return contendedUse(); },
    get locks() { return locks(); },
    get irqsOff() { return irqsOff(); },
    get dirtiedLines() { return dirtiedLines(); },
    get footprintBytes() { return memory().footprint; },
    get memory() { return memory(); },
    get accuracy() { return accuracy(); },
    get times() { return times(); },
    caveat: machine.calibrated ? null : uncalibrated,
  };
}

function pricedSteps(label: string, steps: readonly Step[], machine: MachineProfile, { notModelled }: CostOptions, state: PricingState): Reason {
  if (notModelled !== undefined) return unknown(label, 'ns', `not modelled: ${notModelled}`);
  const note = machine.calibrated ? undefined : uncalibrated;
  return sum(label, 'ns', steps.map((step) => priceOf(step, machine, state)), note);
}

function lockHolds(lifeCycle: LifeCycle, priced: (label: string, steps: readonly Step[]) => Reason): Readonly<Record<string, LockHold>> {
  const created = sharedHolds(lifeCycle.create);
  const destroyed = sharedHolds(lifeCycle.destroy);
  const names = [...new Set([...created, ...destroyed].map(({ lock }) => lock))];
  return Object.fromEntries(names.map((lock) => {
    const held = (holds: readonly Hold[]): Reason | null => {
      const own = holds.filter((hold) => hold.lock === lock);
      return own.length === 0 ? null : priced(`${lock} held`, own);
    };
    const irqsOff = [...created, ...destroyed].some((hold) => hold.lock === lock && hold.irqsOff);
    return [lock, { create: held(created), destroy: held(destroyed), irqsOff }];
  }));
}

/** With a granule of 4 bytes an area shares its lines with others, whose CPUs have to fetch them again. */
function dirtiedLinesOf({ areas }: LifeCycle, { topology, name }: MachineProfile): Reason {
  const lines = areas.reduce((total, { size }) => total + Math.max(1, Math.ceil(size / 64)), 0);
  return product('lines dirtied in other CPUs\' units', 'count', [
    given('lines of the areas', 'count', lines, { kind: 'derived', at: 'size of the areas in 64-byte lines' }),
    given('other online CPUs', 'CPUs', topology.onlineCpus - 1, { kind: 'profile', at: name }),
  ]);
}

/** Outermost holds with interrupts off. */
function irqsOffHolds(step: Step): readonly Hold[] {
  if (step.kind === 'work') return [];
  return step.irqsOff ? [step] : step.steps.flatMap(irqsOffHolds);
}
