import type { SimulationPoint } from '../../../server/src/protocol/simulationRequests';
import type { SimulationOutcome, SimulationPlan } from '../messages';

/** What the panel shows, kept over hide and reload. */
export interface RunState {
  readonly plan: SimulationPlan | null;
  readonly points: readonly SimulationPoint[];
  readonly done: number;
  readonly total: number;
  readonly outcome: SimulationOutcome;
}

export const idle: RunState = { plan: null, points: [], done: 0, total: 0, outcome: { state: 'stopped' } };

export function started(plan: SimulationPlan): RunState {
  return { plan, points: [], done: 0, total: plan.params.cpus.length * (plan.params.strategies.length + 1), outcome: { state: 'running' } };
}

/** A run that was going when the page went away is shown as stopped with what it had. */
export function restored(saved: RunState | undefined): RunState {
  if (saved === undefined) return idle;
  return saved.outcome.state === 'running' ? { ...saved, outcome: { state: 'stopped' } } : saved;
}

/** The points by strategy in the order asked for, each sorted by CPUs. */
export function byStrategy({ plan, points }: RunState): Map<string, SimulationPoint[]> {
  const order = ['baseline', ...(plan?.params.strategies ?? [])];
  const found = new Map<string, SimulationPoint[]>(order.map((id) => [id, []]));
  for (const point of points) {
    const list = found.get(point.strategy);
    if (list === undefined) found.set(point.strategy, [point]);
    else list.push(point);
  }
  for (const [id, list] of found) {
    if (list.length === 0) found.delete(id);
    else list.sort((a, b) => a.cpus - b.cpus);
  }
  return found;
}

export function titleOf(plan: SimulationPlan | null, strategy: string): string {
  return plan?.strategyTitles[strategy] ?? strategy;
}
