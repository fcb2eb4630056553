import type { Hold, LockName, Step } from '../lifecycle/step';
import type { MachineProfile } from '../machine/profile';
import { alone, otherShare, type PricingState } from '../pricing/state';
import { lockTime, workTime } from '../pricing/stepTime';
import { add, type Interval, scale, subtract, zero } from '../util/interval';

/** One trip through a lock that others want too. */
export interface Visit {
  readonly lock: LockName;
  readonly irqsOff: boolean;
  /** Work since the visit before, or since the operation or the hold around this one began, ns. */
  readonly after: Interval;
  /** Time held without the visits inside, ns: lock cost and work, all lines at hand. */
  readonly own: Interval;
  /** Time more, ns, where another CPU held the lock last: its lines, and those of what it protects, come from there. */
  readonly moved: Interval;
  /** Time, ns, for which the balance worker holds the lock to open the pages that this visit uses up: a share of a burst. */
  readonly populate: Interval;
  /** Visits to further locks while this one is held. */
  readonly nested: readonly Visit[];
}

/** What one operation asks for, in order: time without a shared lock, ns, and visits to shared locks. */
export interface Demands {
  /** All of it: what lies before visits (their `after`) and behind the last one. */
  readonly think: Interval;
  /** What of it lies behind the last visit. */
  readonly tail: Interval;
  readonly visits: readonly Visit[];
}

/** A station besides the percpu locks, e.g. the idr mutex of tc rules: its serial time per operation. */
export interface Downstream {
  readonly lock: LockName;
  readonly ns: Interval;
}

export const noDemands: Demands = { think: zero, tail: zero, visits: [] };

/** Null where a step has no known price. */
export function demandsOf(steps: readonly Step[], machine: MachineProfile, state: PricingState): Demands | null {
  const parts: Demands[] = [];
  for (const step of steps) {
    const part = demandsOfStep(step, machine, state);
    if (part === null) return null;
    parts.push(part);
  }
  return inOrder(parts);
}

/** One after the other. */
export function inOrder(parts: readonly Demands[]): Demands {
  const visits: Visit[] = [];
  let think = zero;
  let tail = zero;
  for (const part of parts) {
    think = add(think, part.think);
    visits.push(...later(part.visits, tail));
    tail = part.visits.length === 0 ? add(tail, part.tail) : part.tail;
  }
  return { think, tail, visits };
}

export function repeated(demands: Demands, times: number): Demands {
  return inOrder(Array.from({ length: times }, () => demands));
}

/** Time outside shared locks and nothing else. */
export function outside(time: Interval): Demands {
  return { think: time, tail: time, visits: [] };
}

/** The same visits, the first of them later by so much work. */
function later([first, ...rest]: readonly Visit[], by: Interval): readonly Visit[] {
  return first === undefined ? [] : [{ ...first, after: add(by, first.after) }, ...rest];
}

export function withDownstream(demands: Demands, think: Interval, stations: readonly Downstream[]): Demands {
  const visits = stations.map(({ lock, ns }): Visit => ({ lock, irqsOff: false, after: zero, own: ns, moved: zero, populate: zero, nested: [] }));
  return inOrder([demands, { think, tail: think, visits }]);
}

function demandsOfStep(step: Step, machine: MachineProfile, state: PricingState): Demands | null {
  if (step.kind === 'work') return asThink(workTime(step, machine, state));
  if (step.scope !== 'object') return demandsOfHold(step, machine, state);
  const inner = demandsOf(step.steps, machine, state);
  const cost = lockTime(step, machine, state);
  return inner === null || cost === null ? null : inOrder([outside(cost), inner]);
}

function demandsOfHold(hold: Hold, machine: MachineProfile, state: PricingState): Demands | null {
  const cost = lockTime(hold, machine, alone);
  const contended = lockTime(hold, machine, state);
  if (cost === null || contended === null) return null;
  const parts: Demands[] = [outside(cost)];
  let moved = fromElsewhere(contended, cost, state);
  let populate = zero;
  for (const step of hold.steps) {
    const shared = sharedData(step, machine, state);
    const part = demandsOfStep(step, machine, shared === null ? state : alone);
    if (part === null) return null;
    if (step.kind === 'work' && step.operation.op === 'populate') populate = add(populate, part.think);
    else parts.push(part);
    if (shared !== null) moved = add(moved, shared);
  }
  const inner = inOrder(parts);
  const visit: Visit = { lock: hold.lock, irqsOff: hold.irqsOff, after: zero, own: inner.think, moved, populate, nested: inner.visits };
  return { think: zero, tail: zero, visits: [visit] };
}

/** Time for the lines of what a lock protects to come from its last holder, ns; null for any other step. */
function sharedData(step: Step, machine: MachineProfile, state: PricingState): Interval | null {
  if (step.kind !== 'work' || !protectedOperations.has(step.operation.op)) return null;
  const here = workTime(step, machine, alone);
  const elsewhere = workTime(step, machine, state);
  return here === null || elsewhere === null ? null : fromElsewhere(elsewhere, here, state);
}

/** Prices count lines with a rule of thumb for the chance that they move; here they move for certain. */
function fromElsewhere(elsewhere: Interval, here: Interval, state: PricingState): Interval {
  const share = otherShare(state);
  return share === 0 ? zero : scale(subtract(elsewhere, here), 1 / share);
}

/** Operations on the chunk and on the list of counters: every holder of their lock touches the same lines. */
const protectedOperations: ReadonlySet<string> = new Set(['place-area', 'free-area', 'list']);

function asThink(time: Interval | null): Demands | null {
  return time === null ? null : outside(time);
}
