import type { FrequencyClass } from '../resolve/resolvedSite';
import type { LifeCycle } from './lifeCycle';
import type { Operation, Step } from './step';

/** Classes whose objects come and go at the same rate, so that freed areas serve the next allocation. */
const churningClasses: ReadonlySet<FrequencyClass> = new Set<FrequencyClass>(['fork-exec', 'thread', 'socket', 'user-request']);

/** Share of allocations of a class that enlarge what is in use: 0 where objects come and go, 1 where they stay. */
export function growthOf(frequencyClass: FrequencyClass): number {
  return churningClasses.has(frequencyClass) ? 0 : 1;
}

/** The same life cycle where every object replaces one that was destroyed: nothing populates, areas are reused. */
export function inChurn(lifeCycle: LifeCycle): LifeCycle {
  const known = churning.get(lifeCycle);
  if (known !== undefined) return known;
  const made = { ...lifeCycle, create: lifeCycle.create.map(settledStep) };
  churning.set(lifeCycle, made);
  return made;
}

/** Made once for each: the analysis asks at many numbers of CPUs. */
const churning = new WeakMap<LifeCycle, LifeCycle>();

function settledStep(step: Step): Step {
  if (step.kind === 'hold') return { ...step, steps: step.steps.map(settledStep) };
  return { ...step, operation: settled(step.operation) };
}

function settled(operation: Operation): Operation {
  return operation.op === 'populate' || operation.op === 'zero' ? { ...operation, growth: 0 } : operation;
}
