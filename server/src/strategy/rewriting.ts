import type { Area, LifeCycle } from '../lifecycle/lifeCycle';
import type { Hold, Operation, Step, Work } from '../lifecycle/step';
import type { StrategyContext } from './strategy';

/** All pieces of work in steps, holds opened. */
export function worksIn(steps: readonly Step[]): readonly Work[] {
  return steps.flatMap((step) => (step.kind === 'hold' ? worksIn(step.steps) : [step]));
}

export function isOperation(step: Step, op: Operation['op']): boolean {
  return step.kind === 'work' && step.operation.op === op;
}

function isHoldOf(step: Step, lock: string): step is Hold {
  return step.kind === 'hold' && step.lock === lock;
}

/** Charge, search under the locks, zeroing: what `allocation` made; later initialisation of the copies is not. */
export function isAllocationStep(step: Step): boolean {
  return isAllocatorTrip(step) || isOperation(step, 'memcg-charge') || isOperation(step, 'zero');
}

/** A trip into the allocator, to allocate or to free. */
export function isAllocatorTrip(step: Step): step is Hold {
  return isHoldOf(step, 'pcpu_alloc_mutex') || isHoldOf(step, 'pcpu_lock');
}

export function isListTrip(step: Step): step is Hold {
  return isHoldOf(step, 'percpu_counters_lock');
}

export function isSum(step: Step): step is Hold {
  return isHoldOf(step, 'percpu_counter.lock');
}

export function belongsTo(step: Step, areas: ReadonlySet<string>): boolean {
  return step.of !== undefined && areas.has(step.of);
}

/** Areas that creating an object really allocates, after whatever was rewritten before. */
export function allocatedAreas(lifeCycle: LifeCycle): readonly Area[] {
  const placed = new Set(worksIn(lifeCycle.create).filter((work) => isOperation(work, 'place-area')).map(({ of }) => of));
  return lifeCycle.areas.filter(({ what }) => placed.has(what));
}

/** Areas of percpu_counters that creating an object allocates. */
export function counterAreas(lifeCycle: LifeCycle): readonly Area[] {
  return allocatedAreas(lifeCycle).filter(({ holder }) => holder === 'percpu_counter');
}

export function namesOf(areas: readonly Area[]): ReadonlySet<string> {
  return new Set(areas.map(({ what }) => what));
}

export function listed(areas: readonly Area[]): string {
  return areas.map(({ what }) => what).join(', ');
}

/** Takes the matching steps out and puts `replacement` where the first (or last) of them was. */
export function replaceSteps(
  steps: readonly Step[],
  matches: (step: Step) => boolean,
  replacement: readonly Step[],
  where: 'first' | 'last' = 'first',
): readonly Step[] {
  const positions = steps.flatMap((step, index) => (matches(step) ? [index] : []));
  const at = where === 'first' ? positions[0] : positions.at(-1);
  if (at === undefined) return steps;
  return steps.flatMap((step, index) => (index === at ? replacement : matches(step) ? [] : [step]));
}

/** The list trips of these areas as one, at the place of the last. */
export function oneListTrip(steps: readonly Step[], areas: ReadonlySet<string>, of: string): readonly Step[] {
  const isTrip = (step: Step): boolean => isListTrip(step) && belongsTo(step, areas);
  const trips = steps.filter(isListTrip).filter(isTrip);
  const last = trips.at(-1);
  if (last === undefined) return steps;
  const links = worksIn(trips).reduce((sum, { operation }) => sum + (operation.op === 'list' ? operation.links : 0), 0);
  const work: Work = { kind: 'work', label: 'link every counter in one trip', operation: { op: 'list', links }, at: last.at, of };
  return replaceSteps(steps, isTrip, [{ ...last, steps: [work], of }], 'last');
}

/** The life cycle without the areas that match, and without every step that belongs to one. */
export function withoutAreas(lifeCycle: LifeCycle, gone: readonly Area[]): LifeCycle {
  const names = namesOf(gone);
  const kept = (steps: readonly Step[]): readonly Step[] => steps.filter((step) => !belongsTo(step, names));
  return {
    ...lifeCycle,
    create: kept(lifeCycle.create),
    destroy: kept(lifeCycle.destroy),
    areas: lifeCycle.areas.filter(({ what }) => !names.has(what)),
  };
}

/** Marks a life cycle as rewritten and adds what a reader must know. */
export function rewritten(lifeCycle: LifeCycle, id: string, notes: readonly string[] = []): LifeCycle {
  return {
    ...lifeCycle,
    strategies: [...lifeCycle.strategies, id],
    ...(notes.length === 0 ? {} : { notes: [...(lifeCycle.notes ?? []), ...notes] }),
  };
}

/** Counters of one process: those of an mm, or initialised on the way of every fork or exec. */
export function isPerProcess(lifeCycle: LifeCycle, context: StrategyContext): boolean {
  if (lifeCycle.object !== undefined) return lifeCycle.object.kind === 'mm';
  return context.sites.some(({ reach }) => reach.some(({ frequencyClass }) => frequencyClass === 'fork-exec'));
}

export function threadsOf(context: StrategyContext): number {
  return Math.max(1, context.threads ?? 1);
}
