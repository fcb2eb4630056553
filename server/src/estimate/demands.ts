import type { Hold, LockName, Step } from '../lifecycle/step';
import type { MachineProfile } from '../machine/profile';
import type { PricingState } from '../pricing/state';
import { lockTime, workTime } from '../pricing/stepTime';
import { add, type Interval, zero } from '../util/interval';

/** One trip through a lock that others want too. */
export interface Visit {
  readonly lock: LockName;
  readonly irqsOff: boolean;
  /** Time held without the visits inside, ns: lock cost and work. */
  readonly own: Interval;
  /** Visits to further locks while this one is held. */
  readonly nested: readonly Visit[];
}

/** What one operation asks for: time without a shared lock, ns, and visits to shared locks. */
export interface Demands {
  readonly think: Interval;
  readonly visits: readonly Visit[];
}

/** A station besides the percpu locks, e.g. the idr mutex of tc rules: its serial time per operation. */
export interface Downstream {
  readonly lock: LockName;
  readonly ns: Interval;
}

export const noDemands: Demands = { think: zero, visits: [] };

/** Null where a step has no known price. */
export function demandsOf(steps: readonly Step[], machine: MachineProfile, state: PricingState): Demands | null {
  let think = zero;
  const visits: Visit[] = [];
  for (const step of steps) {
    const part = demandsOfStep(step, machine, state);
    if (part === null) return null;
    think = add(think, part.think);
    visits.push(...part.visits);
  }
  return { think, visits };
}

export function together(a: Demands, b: Demands): Demands {
  return { think: add(a.think, b.think), visits: [...a.visits, ...b.visits] };
}

export function withDownstream(demands: Demands, think: Interval, stations: readonly Downstream[]): Demands {
  const visits = stations.map(({ lock, ns }) => ({ lock, irqsOff: false, own: ns, nested: [] }));
  return together(demands, { think, visits });
}

function demandsOfStep(step: Step, machine: MachineProfile, state: PricingState): Demands | null {
  if (step.kind === 'work') return asThink(workTime(step, machine, state));
  if (step.scope !== 'object') return demandsOfHold(step, machine, state);
  const inner = demandsOf(step.steps, machine, state);
  const cost = lockTime(step, machine, state);
  return inner === null || cost === null ? null : together(inner, { think: cost, visits: [] });
}

function demandsOfHold(hold: Hold, machine: MachineProfile, state: PricingState): Demands | null {
  const inner = demandsOf(hold.steps, machine, state);
  const cost = lockTime(hold, machine, state);
  if (inner === null || cost === null) return null;
  const visit = { lock: hold.lock, irqsOff: hold.irqsOff, own: add(cost, inner.think), nested: inner.visits };
  return { think: zero, visits: [visit] };
}

function asThink(time: Interval | null): Demands | null {
  return time === null ? null : { think: time, visits: [] };
}
