import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { Interval } from '../util/interval';
import type { Source } from '../util/reason';

/** A quantity of a scenario that is no constant of the machine; people may change it. */
export interface Assumption {
  readonly id: string;
  readonly label: string;
  readonly unit: 'ns' | 'count';
  readonly value: Interval;
  readonly source: Source;
}

/** A part of one operation, in order. `ns` and `times` name assumptions, or are numbers. */
export type Phase =
  /** Time outside the kernel, exponential around its mean. */
  | { readonly kind: 'user'; readonly ns: string }
  /** Kernel work without percpu memory or a lock that counts. */
  | { readonly kind: 'kernel'; readonly ns: string }
  /** Asleep in the kernel (a grace period). */
  | { readonly kind: 'sleep'; readonly ns: string }
  | {
      readonly kind: 'hold';
      readonly lock: string;
      readonly lockKind: 'mutex' | 'spinlock';
      readonly irqsOff: boolean;
      /** A lock of its own in each memory node. */
      readonly perNode?: boolean;
      /** Lines of what it protects that come from the last holder, beside the lock's own. */
      readonly lines?: string;
      readonly phases: readonly Phase[];
    }
  | { readonly kind: 'create' | 'use' | 'destroy'; readonly object: string }
  | { readonly kind: 'repeat'; readonly times: string; readonly phases: readonly Phase[] };

export interface ScenarioObject {
  readonly id: string;
  readonly lifeCycle: LifeCycle;
  /** ns that it lives after its operation; null: the phases destroy it, or it stays. */
  readonly lifetime: string | null;
  /** Objects alive where the phases never destroy: for the memory shown. */
  readonly kept: number | null;
  /** Assumption that holds the threads of the process it belongs to; absent: one. */
  readonly threads?: string;
}

/** What many CPUs do at once, as data. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** What one operation is, for axes: `rules`, `execs`. */
  readonly operation: string;
  /** Clients at most; null: one on every online CPU. */
  readonly clients: number | null;
  readonly objects: readonly ScenarioObject[];
  readonly phases: readonly Phase[];
  readonly assumptions: readonly Assumption[];
  readonly notes: readonly string[];
}

/** Throws where a scenario names what it does not have: a fault of its author. */
export function assumption(scenario: Scenario, id: string): Assumption {
  const found = scenario.assumptions.find((item) => item.id === id);
  if (found === undefined) throw new Error(`scenario ${scenario.id} has no assumption ${id}`);
  return found;
}

/** Values set in place of a scenario's assumptions: `user-time` of all that run beside each other, `netns.user-time` of one. */
export function changesOf({ id, assumptions }: Scenario, changed: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> {
  return Object.fromEntries(assumptions.flatMap((item) => {
    const value = changed[`${id}.${item.id}`] ?? changed[item.id];
    return value === undefined ? [] : [[item.id, value] as const];
  }));
}

/** Whether a phase or the end of its lifetime destroys the object; else it stays. */
export function isDestroyed({ phases }: Scenario, { id, lifetime }: ScenarioObject): boolean {
  return lifetime !== null || leaves(phases).some((phase) => phase.kind === 'destroy' && phase.object === id);
}

/** How many objects of this kind one operation creates; `times` are the values of `repeat`. */
export function createdPerOperation(phases: readonly Phase[], object: string, times: (id: string) => number): number {
  return phases.reduce((sum, phase) => {
    if (phase.kind === 'hold') return sum + createdPerOperation(phase.phases, object, times);
    if (phase.kind === 'repeat') return sum + Math.round(times(phase.times)) * createdPerOperation(phase.phases, object, times);
    return phase.kind === 'create' && phase.object === object ? sum + 1 : sum;
  }, 0);
}

/** Threads of the process that an object belongs to; undefined where the scenario says nothing of threads. */
export function threadsOf(scenario: Scenario, object: ScenarioObject, changed: Readonly<Record<string, number>>): number | undefined {
  const { threads } = object;
  return threads === undefined ? undefined : (changed[threads] ?? assumption(scenario, threads).value.mid);
}

function leaves(phases: readonly Phase[]): readonly Phase[] {
  return phases.flatMap((phase) => (phase.kind === 'hold' || phase.kind === 'repeat' ? leaves(phase.phases) : [phase]));
}

export const assumed = (id: string, label: string, ns: readonly [number, number, number], source: Source): Assumption => ({
  id, label, unit: 'ns', value: { low: ns[0], mid: ns[1], high: ns[2] }, source,
});

export const counted = (id: string, label: string, count: readonly [number, number, number], source: Source): Assumption => ({
  id, label, unit: 'count', value: { low: count[0], mid: count[1], high: count[2] }, source,
});
