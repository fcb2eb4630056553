import type { Cost, LockHold } from '../estimate/cost';
import type { Contention } from '../estimate/contention';
import type { Step } from '../lifecycle/step';
import type { WireContention, WireCost, WireLifeCycleCost, WireLock, WireStep } from '../protocol/report';
import { add, type Interval } from '../util/interval';
import type { Reason } from '../util/reason';

/** Values of the analysis in the shapes of the wire. */

export function wireCost(reason: Reason): WireCost {
  return reason.value === null ? { ns: null, reason: reason.note ?? 'not known' } : { ns: reason.value };
}

export function wireLocks(locks: Readonly<Record<string, LockHold>>): Readonly<Record<string, WireLock>> {
  return Object.fromEntries(
    Object.entries(locks).map(([name, hold]) => [name, { hold_ns: together(hold.create, hold.destroy), irqs_off: hold.irqsOff }]),
  );
}

function together(create: Reason | null, destroy: Reason | null): Interval | null {
  const present = [create, destroy].filter((reason): reason is Reason => reason !== null);
  const values = present.flatMap(({ value }) => (value === null ? [] : [value]));
  return values.length < present.length || values.length === 0 ? null : values.reduce(add);
}

export function wireContention(contention: Contention): WireContention {
  const { bottleneck, locks } = contention;
  return {
    throughput_per_s: contention.throughputPerSecond.value,
    wait_ns: contention.waitNs.value,
    utilisation: bottleneck === null ? null : (locks[bottleneck]?.utilisation.value ?? null),
    knee_cpus: contention.kneeCpus.value,
    bottleneck,
    assumption: contention.assumption,
  };
}

export function wireLifeCycleCost(cost: Cost, contention: Contention): WireLifeCycleCost {
  return {
    create: wireCost(cost.create),
    destroy: wireCost(cost.destroy),
    locks: wireLocks(cost.locks),
    knee_cpus: contention.kneeCpus.value,
    throughput_per_s: finite(contention.throughputPerSecond.value),
    footprint: cost.footprintBytes.value?.mid ?? null,
    read_error: cost.accuracy?.attainableUnits.value?.mid ?? null,
    read_error_unit: cost.accuracy?.unit ?? null,
    read_error_bytes: cost.accuracy?.attainableBytes?.value?.mid ?? null,
  };
}

/**
 * Steps and their prices side by side, flat: a price has one part for every step, and that of a hold has its lock
 * first and then the steps inside.
 */
export function wireSteps(steps: readonly Step[], price: Reason): readonly WireStep[] {
  const total = price.value?.mid ?? 0;
  return steps.flatMap((step, index) => flatStep(step, price.parts[index], total, []));
}

function flatStep(step: Step, price: Reason | undefined, total: number, under: readonly string[]): WireStep[] {
  if (price === undefined) return [];
  if (step.kind === 'work') return [wireStep(step.label, step.at, price, total, under)];
  const [lock, ...inside] = price.parts;
  const inner = [...under, step.lock];
  const own = lock === undefined ? [] : [wireStep(lock.label, step.at, lock, total, under)];
  return [...own, ...step.steps.flatMap((one, index) => flatStep(one, inside[index], total, inner))];
}

function wireStep(label: string, at: string, price: Reason, total: number, under: readonly string[]): WireStep {
  const share = price.value === null || total === 0 ? null : price.value.mid / total;
  return { label, at, ns: price.value, share, under };
}

/** Null where nothing is left to do, so that there is no rate: JSON has no infinity. */
export function finite(value: Interval | null): Interval | null {
  return value !== null && [value.low, value.mid, value.high].every(Number.isFinite) ? value : null;
}
