import type { AssumptionShown } from '../protocol/simulation';
import { kernelAssumptions } from './kernelActivity';
import type { Plan } from './plan';
import type { Point } from './pointRun';

/** The scenario's assumptions and the kernel's, with what was set in their place. */
export function assumptionsShown(plan: Plan, point: Point): AssumptionShown[] {
  const own = point.parts.flatMap(({ scenario }) => scenario.assumptions);
  return [...own, ...kernelAssumptions].map(({ id, label, unit, value, source }) => ({
    id,
    label,
    unit,
    ...value,
    source: source.at,
    changed: plan.request.assumptions?.[id] ?? null,
  }));
}
