import { inChurn } from '../lifecycle/growth';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { Hold, Step } from '../lifecycle/step';
import type { MachineProfile } from '../machine/profile';
import { priceOf } from '../pricing/priceOf';
import { type Reason, sum } from '../util/reason';

/** What contention follows from: time outside shared locks and time each is held, per object, ns, with their steps. */
export function demandReasons(lifeCycle: LifeCycle, machine: MachineProfile, creators: number): readonly Reason[] {
  const churn = inChurn(lifeCycle);
  const steps = [...churn.create, ...churn.destroy];
  const priced = (list: readonly Step[]): readonly Reason[] => list.map((step) => priceOf(step, machine, { creators }));
  const shared = sharedHolds(steps);
  const locks = [...new Set(shared.map(({ lock }) => lock))];
  const outside = steps.filter((step) => step.kind === 'work' || step.scope === 'object');
  return [
    sum('outside shared locks', 'ns', priced(outside)),
    ...locks.map((lock) => sum(`${lock} held`, 'ns', priced(shared.filter((hold) => hold.lock === lock)))),
  ];
}

/** Every hold of a lock that others want, also those inside another. */
export function sharedHolds(steps: readonly Step[]): readonly Hold[] {
  return steps.flatMap((step) => (step.kind === 'hold' ? [...(step.scope === 'object' ? [] : [step]), ...sharedHolds(step.steps)] : []));
}
