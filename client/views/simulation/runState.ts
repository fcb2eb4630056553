import type { SimulatedPoint } from '../../../server/src/protocol/simulation';
import type { SimulationOutcome, SimulationPlan } from '../messages';

/** What the panel shows, kept over hide and reload. */
export interface RunState {
  readonly plan: SimulationPlan | null;
  readonly points: readonly SimulatedPoint[];
  readonly done: number;
  readonly total: number;
  readonly outcome: SimulationOutcome;
  /** Assumptions changed since, by id: shown as not yet run. */
  readonly changed: Readonly<Record<string, number>>;
}

export const idle: RunState = { plan: null, points: [], done: 0, total: 0, outcome: { state: 'stopped' }, changed: {} };

export function started(plan: SimulationPlan): RunState {
  return { plan, points: [], done: 0, total: plan.params.cpus.length * (plan.params.strategies.length + 1), outcome: { state: 'running' }, changed: {} };
}

/** A run that was going when the page went away is shown as stopped with what it had. */
export function restored(saved: RunState | undefined): RunState {
  if (saved === undefined) return idle;
  const whole = { ...idle, ...saved };
  return whole.outcome.state === 'running' ? { ...whole, outcome: { state: 'stopped' } } : whole;
}

/** The points by strategy in the order asked for, each sorted by CPUs. */
export function byStrategy({ plan, points }: RunState): Map<string, SimulatedPoint[]> {
  const order = ['baseline', ...(plan?.params.strategies ?? [])];
  const found = new Map<string, SimulatedPoint[]>(order.map((id) => [id, []]));
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

/** What the point's throughput may be: every constant drawn from its interval where that was run, else chance alone. */
export function bandOf(point: SimulatedPoint): { readonly low: number; readonly high: number } {
  return point.throughput_band ?? point.throughput_interval;
}

/** A strategy, or several joined by `+`, in words. */
export function titleOf(plan: SimulationPlan | null, strategy: string): string {
  const one = (id: string): string => plan?.strategyTitles[id] ?? id;
  return strategy.split('+').map(one).join(' + ');
}
