import type { Hold, Step, Work } from '../lifecycle/step';
import type { MachineProfile } from '../machine/profile';
import { add, type Interval, zero } from '../util/interval';
import { lockCost, priceOf } from './priceOf';
import type { PricingState } from './state';

/** Prices of steps without their reasons: where thousands of lives are compared, the trees would be most of the work. */

/** By what decides them: a knee asks for the same ones at many numbers of creators, and lives that are compared have most steps alike. */
type Times = Map<number, Interval | null>;

const knownTimes = new WeakMap<MachineProfile, Times>();
const mostTimes = 50_000;

export function workTime(work: Work, machine: MachineProfile, state: PricingState): Interval | null {
  return remembered(machine, state, numberOf(work, keyOfWork), () => priceOf(work, machine, state).value);
}

export function lockTime(hold: Hold, machine: MachineProfile, state: PricingState): Interval | null {
  return remembered(machine, state, numberOf(hold, keyOfHold), () => lockCost(hold, machine, state).value);
}

/** What `priceOf` says of a step, ns, without the reasons. */
export function stepTime(step: Step, machine: MachineProfile, state: PricingState): Interval | null {
  if (step.kind === 'work') return workTime(step, machine, state);
  return stepsTime(step.steps, machine, state, lockTime(step, machine, state));
}

/** Steps one after the other, ns; null where one has no known price. */
export function stepsTime(steps: readonly Step[], machine: MachineProfile, state: PricingState, before: Interval | null = zero): Interval | null {
  let total = before;
  for (const step of steps) {
    const time = stepTime(step, machine, state);
    if (total === null || time === null) return null;
    total = add(total, time);
  }
  return total;
}

function keyOfWork({ operation }: Work): string {
  return JSON.stringify(operation);
}

function keyOfHold({ lockKind, scope }: Hold): string {
  return `${lockKind} ${scope ?? ''}`;
}

/** Numbers of what decides a price: steps that do the same have the same one. */
const numbers = new Map<string, number>();
const numbered = new WeakMap<Step, number>();

function numberOf<Kind extends Step>(step: Kind, keyOf: (step: Kind) => string): number {
  const known = numbered.get(step);
  if (known !== undefined) return known;
  const key = keyOf(step);
  const number = numbers.get(key) ?? numbers.size;
  numbers.set(key, number);
  numbered.set(step, number);
  return number;
}

/** More than any number of creators. */
const creatorsRange = 1 << 14;

function remembered(machine: MachineProfile, { creators }: PricingState, number: number, price: () => Interval | null): Interval | null {
  const times = knownTimes.get(machine) ?? new Map<number, Interval | null>();
  knownTimes.set(machine, times);
  const key = number * creatorsRange + creators;
  const known = times.get(key);
  if (known !== undefined) return known;
  if (times.size >= mostTimes) times.clear();
  const value = price();
  times.set(key, value);
  return value;
}
