import type { LifeCycle } from '../lifecycle/lifeCycle';
import { add, type Interval } from '../util/interval';
import { onDemand } from '../util/onDemand';
import { derived, type Reason, unknown } from '../util/reason';
import type { Accuracy } from '../pricing/accuracy';
import type { Contention } from './contention';
import type { Cost } from './cost';

/** A life cycle's cost, and what happens when all CPUs create such objects. */
export interface Side {
  readonly lifeCycle: LifeCycle;
  readonly cost: Cost;
  /** Back to back on every online CPU, or under the load given. */
  readonly contention: Contention;
  /** Wait before locks at the rate of its class, ns; null where no rate is known. */
  readonly waitAtRate: Reason | null;
}

/** What a strategy changes; shares are of what there was: positive is less. No one of them decides alone. */
export interface Gain {
  /** Share of create and destroy together that is saved, nobody else creating: 1 is all of it. */
  readonly saved: Interval | null;
  /** The same in ns, with the waits at the rate of the class where one is known. */
  readonly savedNs: Reason;
  /** CPU time that the whole machine saves, in CPUs: the rate of the class × `savedNs`; null where no rate is known. */
  readonly savedCpus: Reason | null;
  /** Operations per second, after ÷ before, back to back on every online CPU (or under the load given). */
  readonly throughputRatio: Interval | null;
  /** Bytes of one object that are saved, percpu and not. */
  readonly savedBytes: number;
  /** Bytes kept for reuse on the machine. */
  readonly pinnedBytes: number;
  /** How far a cheap read can be off in the worst case, before and after, in units; null where there is no counter or no bound. */
  readonly error: { readonly before: number | null; readonly after: number | null };
  /** ns more for every update. */
  readonly dearerUpdate: number;
  /** Updates in an object's life from which it costs more than it saves; null: none. */
  readonly losesFromUpdates: number | null;
  /** The same where updates come from many CPUs: the lines move between them; null where one CPU updates. */
  readonly contended: { readonly dearerUpdate: number; readonly losesFromUpdates: number | null } | null;
}

export function gainOf(before: Side, after: Side, rate: Reason | null): Gain {
  const dearerUpdate = (after.cost.times.use?.mid ?? 0) - (before.cost.times.use?.mid ?? 0);
  const alone = (lifeTime(before.cost)?.mid ?? 0) - (lifeTime(after.cost)?.mid ?? 0);
  const savedNs = savedTime(before, after);
  const throughputRatio = onDemand(() => ratio(after.contention.throughputPerSecond.value, before.contention.throughputPerSecond.value));
  const error = onDemand(() => ({ before: boundOf(before.cost.accuracy), after: boundOf(after.cost.accuracy) }));
  const contended = onDemand(() => contendedOf(before, after, alone));
  return {
    saved: savedShare(lifeTime(before.cost), lifeTime(after.cost)),
    savedNs,
    savedCpus: rate === null ? null : savedOnMachine(rate, savedNs),
    get throughputRatio() { return throughputRatio(); },
    savedBytes: bytesOf(before.cost) - bytesOf(after.cost),
    pinnedBytes: after.cost.memory.pinned.value?.mid ?? 0,
    get error() { return error(); },
    dearerUpdate,
    losesFromUpdates: losesFrom(alone, dearerUpdate),
    get contended() { return contended(); },
  };
}

function losesFrom(saved: number, dearerUpdate: number): number | null {
  return dearerUpdate > 0 ? Math.max(0, saved / dearerUpdate) : null;
}

function contendedOf({ cost: before }: Side, { cost: after }: Side, saved: number): Gain['contended'] {
  if (after.contendedUse === null) return null;
  const dearerUpdate = (after.contendedUse.value?.mid ?? 0) - (before.contendedUse?.value?.mid ?? 0);
  return { dearerUpdate, losesFromUpdates: losesFrom(saved, dearerUpdate) };
}

/** Create and destroy together, ns; null where times are not known. */
export function lifeTime({ times: { create, destroy } }: Pick<Cost, 'times'>): Interval | null {
  return create === null || destroy === null ? null : add(create, destroy);
}

function timesOf({ cost, waitAtRate }: Side): readonly Reason[] {
  return [cost.create, cost.destroy, ...(waitAtRate === null ? [] : [waitAtRate])];
}

/** The same without the reasons. */
function valuesOf({ cost: { times }, waitAtRate }: Side): readonly (Interval | null)[] {
  return [times.create, times.destroy, ...(waitAtRate === null ? [] : [waitAtRate.value])];
}

/** Both sides are on one machine: its constants err together, so bounds are compared with like bounds. */
function savedTime(before: Side, after: Side): Reason {
  const parts = onDemand(() => [...timesOf(before), ...timesOf(after)]);
  if ([...valuesOf(before), ...valuesOf(after)].includes(null)) {
    const missing = parts().find(({ value }) => value === null);
    return unknown('saved per object', 'ns', missing?.note ?? 'a step has no known price', parts());
  }
  const at = (side: Side, corner: keyof Interval): number => valuesOf(side).reduce((sum, value) => sum + (value?.[corner] ?? 0), 0);
  const [low, mid, high] = (['low', 'mid', 'high'] as const).map((corner) => at(before, corner) - at(after, corner));
  const value = derived('saved per object', 'ns', spanning([low ?? 0, high ?? 0], mid ?? 0), [], 'create, destroy and waits before, less those after');
  return { ...value, get parts() { return parts(); } };
}

function savedOnMachine(rate: Reason, saved: Reason): Reason {
  if (rate.value === null || saved.value === null) return unknown('CPU time saved', 'CPUs', saved.note ?? rate.note ?? 'no rate is known', [rate, saved]);
  const [often, each] = [rate.value, saved.value];
  const ends = [often.low, often.high].flatMap((per) => [each.low, each.high].map((ns) => per * ns * 1e-9));
  return derived('CPU time saved', 'CPUs', spanning(ends, often.mid * each.mid * 1e-9), [rate, saved], 'rate of the class × time saved per object');
}

function spanning(ends: readonly number[], mid: number): Interval {
  return { low: Math.min(mid, ...ends), mid, high: Math.max(mid, ...ends) };
}

function bytesOf({ memory }: Cost): number {
  return (memory.footprint.value?.mid ?? 0) + (memory.shared.value?.mid ?? 0);
}

function boundOf(accuracy: Accuracy | null): number | null {
  return accuracy?.strictUnits.value?.mid ?? null;
}

function savedShare(before: Interval | null, after: Interval | null): Interval | null {
  const ratios = ratio(after, before);
  return ratios === null ? null : { low: 1 - ratios.high, mid: 1 - ratios.mid, high: 1 - ratios.low };
}

export function ratio(over: Interval | null, under: Interval | null): Interval | null {
  if (over === null || under === null || under.low <= 0) return null;
  const values = [over.low / under.low, over.mid / under.mid, over.high / under.high];
  return { low: Math.min(...values), mid: over.mid / under.mid, high: Math.max(...values) };
}
