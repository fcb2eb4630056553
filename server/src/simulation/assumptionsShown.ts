import type { AssumptionShown } from '../protocol/simulation';
import { type Assumption, changesOf } from '../scenario/scenario';
import { kernelAssumptions } from './kernelActivity';
import type { Plan } from './plan';
import type { Point } from './pointRun';

/** The scenarios' assumptions and the kernel's, with what was set in their place; named by scenario where several run beside each other. */
export function assumptionsShown(plan: Plan, point: Point): AssumptionShown[] {
  const several = point.parts.length > 1;
  const own = point.parts.flatMap(({ scenario }) => {
    const changed = changesOf(scenario, plan.request.assumptions);
    return scenario.assumptions.map((item) => ({
      ...shown(item, changed[item.id] ?? null, true),
      ...(several ? { id: `${scenario.id}.${item.id}`, label: `${scenario.id}: ${item.label}` } : {}),
    }));
  });
  return [...own, ...kernelAssumptions.map((item) => shown(item, null, false))];
}

function shown({ id, label, unit, value, source }: Assumption, changed: number | null, editable: boolean): AssumptionShown {
  return { id, label, unit, ...value, source: source.at, changed, editable };
}
