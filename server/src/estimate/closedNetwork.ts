/** A visit with a definite service time, ns. */
export interface PointVisit {
  readonly lock: string;
  readonly own: number;
  readonly nested: readonly PointVisit[];
}

export interface PointDemands {
  readonly think: number;
  readonly visits: readonly PointVisit[];
}

export interface LockLoad {
  /** Share of time the lock is held, 0 to 1. */
  readonly utilisation: number;
  /** Wait before the lock per operation, over all its visits, ns. */
  readonly wait: number;
  /** Wait of one visit, ns: mean over visits. */
  readonly waitPerVisit: number;
}

export interface Solution {
  /** Operations per ns. */
  readonly throughput: number;
  /** Time of one operation with its waits, ns. */
  readonly residence: number;
  readonly locks: ReadonlyMap<string, LockLoad>;
}

interface LockState {
  /** Mean number present (waiting or holding) and utilisation, by visits of their own and from inside another lock. */
  direct: Presence;
  nested: Presence;
}

interface Presence {
  readonly queue: number;
  readonly utilisation: number;
  /** Mean service of a visit, ns. */
  readonly service: number;
}

const nobody: Presence = { queue: 0, utilisation: 0, service: 0 };

/**
 * Mean value analysis of a closed network by recursion over its clients: one station a lock, first come first served,
 * and a think time. For visits that do not nest and exponential service (`variation` 1) it is exact. A visit inside
 * another lock is part of that lock's service: it waits for visitors from outside only, since the outer lock admits
 * one client; and visitors from outside wait for it. `variation` is the squared coefficient of variation of service.
 */
export function solveClosed(demands: PointDemands, clients: number, variation = 1): Solution {
  let state = new Map<string, LockState>();
  let solution = withClients(demands, 1, state, variation);
  for (let count = 2; count <= clients; count++) {
    state = solution.state;
    solution = withClients(demands, count, state, variation);
  }
  return solution;
}

interface Step extends Solution {
  readonly state: Map<string, LockState>;
}

interface Residence {
  readonly lock: string;
  readonly nested: boolean;
  readonly wait: number;
  readonly service: number;
}

function withClients(demands: PointDemands, clients: number, seen: ReadonlyMap<string, LockState>, variation: number): Step {
  const residences = demands.visits.flatMap((visit) => residencesOf(visit, seen, variation, null));
  const outer = residences.filter(({ nested }) => !nested);
  const free = demands.think + outer.reduce((sum, { wait, service }) => sum + wait + service, 0);
  const held = heldPerOperation(residences);
  const [bottleneck, longest] = [...held].reduce<[string | null, number]>((most, one) => (one[1] > most[1] ? one : most), [null, 0]);
  const residence = Math.max(free, longest * clients);
  const waits = bottleneck === null ? residences : withMoreWait(residences, bottleneck, residence - free);
  return summary(waits, held, clients / residence, residence);
}

function residencesOf(visit: PointVisit, seen: ReadonlyMap<string, LockState>, variation: number, outer: PointVisit | null): Residence[] {
  const inner = visit.nested.flatMap((one) => residencesOf(one, seen, variation, visit));
  const service = visit.own + inner.reduce((sum, one) => sum + one.wait + one.service, 0);
  const own = seen.get(visit.lock);
  const wait = own === undefined ? 0 : outer === null ? behind(own.direct, variation) + behind(own.nested, variation) : waitInside(own, visit, outer, seen, variation);
  return [{ lock: visit.lock, nested: outer !== null, service, wait }, ...inner];
}

/**
 * A visitor from inside another lock meets only those from outside: the outer lock keeps its like away. While the
 * outer lock is idle that is what they leave behind on average; while it is handed on at once, each holder comes a
 * hand-off after the last one left, and finds what arrived meanwhile and was not served in that gap.
 */
function waitInside(state: LockState, visit: PointVisit, outer: PointVisit, seen: ReadonlyMap<string, LockState>, variation: number): number {
  const busy = Math.min(1, seen.get(outer.lock)?.direct.utilisation ?? 0);
  const usual = behind(state.direct, variation);
  return (1 - busy) * usual + busy * leftBehind(state.direct, visit.own, outer.own);
}

/** Mean work (ns) that a holder finds: arrivals over one turn (Poisson), less what the gap between two holders serves. */
function leftBehind({ utilisation, service }: Presence, held: number, gap: number): number {
  if (utilisation === 0 || service === 0) return 0;
  let left = 0;
  for (let round = 0; round < 8; round++) {
    const turn = left + held + gap;
    left = meanLeft((utilisation / service) * turn, service, gap, gap / turn);
  }
  return left;
}

function meanLeft(arrivals: number, service: number, gap: number, lateShare: number): number {
  let probability = Math.exp(-arrivals);
  let mean = 0;
  for (let count = 1; count <= 12; count++) {
    probability *= arrivals / count;
    const served = gap * (1 - lateShare ** count / (count + 1));
    mean += probability * Math.max(0, count * service - served);
  }
  return mean;
}

function behind({ queue, utilisation, service }: Presence, variation: number): number {
  return Math.max(0, queue * service - (utilisation * service * (1 - variation)) / 2);
}

function heldPerOperation(residences: readonly Residence[]): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  for (const { lock, service } of residences) held.set(lock, (held.get(lock) ?? 0) + service);
  return held;
}

/** Where the bottleneck's own limit is tighter, the missing time is waited for there. */
function withMoreWait(residences: readonly Residence[], lock: string, more: number): readonly Residence[] {
  if (more <= 0) return residences;
  const visits = residences.filter((one) => one.lock === lock && !one.nested).length;
  return residences.map((one) => (one.lock === lock && !one.nested ? { ...one, wait: one.wait + more / Math.max(1, visits) } : one));
}

function summary(residences: readonly Residence[], held: ReadonlyMap<string, number>, throughput: number, residence: number): Step {
  const names = [...held.keys()];
  const state = new Map(names.map((lock) => {
    const of = (nested: boolean): Presence => presence(residences.filter((one) => one.lock === lock && one.nested === nested), throughput);
    return [lock, { direct: of(false), nested: of(true) }] as const;
  }));
  const locks = new Map(names.map((lock) => {
    const visits = residences.filter((one) => one.lock === lock);
    const wait = visits.reduce((sum, one) => sum + one.wait, 0);
    return [lock, { utilisation: throughput * (held.get(lock) ?? 0), wait, waitPerVisit: wait / visits.length }] as const;
  }));
  return { throughput, residence, locks, state };
}

function presence(visits: readonly Residence[], throughput: number): Presence {
  if (visits.length === 0) return nobody;
  const service = visits.reduce((sum, one) => sum + one.service, 0);
  const present = visits.reduce((sum, one) => sum + one.wait + one.service, 0);
  return { queue: throughput * present, utilisation: throughput * service, service: service / visits.length };
}
