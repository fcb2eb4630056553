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

/** Relative change of throughput below which one more client only waits. */
const settled = 1e-13;

/**
 * Mean value analysis of a closed network by recursion over its clients: one station a lock, first come first served,
 * and a think time. For visits that do not nest and exponential service (`variation` 1) it is exact. A visit inside
 * another lock is part of that lock's service: it waits for visitors from outside only, since the outer lock admits
 * one client; and visitors from outside wait for it. `variation` is the squared coefficient of variation of service.
 */
export function solveClosed(demands: PointDemands, clients: number, variation = 1): Solution {
  const network = compile(demands);
  let previous = 0;
  for (let count = 1; count <= clients; count++) {
    advance(network, count, variation);
    if (count > 2 && Math.abs(network.throughput / previous - 1) < settled) return finish(network, clients - count);
    previous = network.throughput;
  }
  return finish(network, 0);
}

/** Equal visits of one lock, inside the same outer one, are counted once. */
interface Visit {
  readonly lock: Lock;
  readonly outer: Visit | null;
  readonly inner: Visit[];
  readonly own: number;
  readonly times: number;
  wait: number;
  /** `own` with the waits and services inside. */
  service: number;
}

interface Lock {
  readonly name: string;
  /** What arrivals meet, with one client less: visits of their own, and from inside another lock. */
  readonly direct: Presence;
  readonly nested: Presence;
  held: number;
}

interface Presence {
  queue: number;
  utilisation: number;
  /** Mean service of a visit, ns. */
  service: number;
}

interface Network {
  readonly think: number;
  readonly outer: readonly Visit[];
  /** Inner visits before the visits around them. */
  readonly visits: readonly Visit[];
  readonly locks: readonly Lock[];
  throughput: number;
  residence: number;
  /** Growth of each lock's queue in the last step. */
  growth: number[];
}

const nobody = (): Presence => ({ queue: 0, utilisation: 0, service: 0 });

function compile(demands: PointDemands): Network {
  const locks = new Map<string, Lock>();
  const visits: Visit[] = [];
  const outer = compileVisits(demands.visits, null, locks, visits);
  return { think: demands.think, outer, visits, locks: [...locks.values()], throughput: 0, residence: 0, growth: [] };
}

function compileVisits(list: readonly PointVisit[], outer: Visit | null, locks: Map<string, Lock>, all: Visit[]): Visit[] {
  const counted = new Map<string, { visit: PointVisit; times: number }>();
  for (const visit of list) {
    const key = JSON.stringify(visit);
    const known = counted.get(key);
    if (known === undefined) counted.set(key, { visit, times: 1 });
    else known.times++;
  }
  return [...counted.values()].map(({ visit, times }) => compileVisit(visit, times, outer, locks, all));
}

function compileVisit(visit: PointVisit, times: number, outer: Visit | null, locks: Map<string, Lock>, all: Visit[]): Visit {
  const lock = locks.get(visit.lock) ?? { name: visit.lock, direct: nobody(), nested: nobody(), held: 0 };
  locks.set(visit.lock, lock);
  const inner: Visit[] = [];
  const compiled: Visit = { lock, outer, inner, own: visit.own, times: times * (outer?.times ?? 1), wait: 0, service: visit.own };
  inner.push(...compileVisits(visit.nested, compiled, locks, all));
  all.push(compiled);
  return compiled;
}

function advance(network: Network, clients: number, variation: number): void {
  for (const visit of network.visits) {
    visit.wait = waitOf(visit, variation);
    visit.service = visit.own + visit.inner.reduce((sum, one) => sum + (one.times / visit.times) * (one.wait + one.service), 0);
  }
  const free = network.outer.reduce((sum, { times, wait, service }) => sum + times * (wait + service), network.think);
  const bottleneck = countHeld(network);
  network.residence = Math.max(free, (bottleneck?.held ?? 0) * clients);
  network.throughput = clients / network.residence;
  if (bottleneck !== null && network.residence > free) waitMore(network, bottleneck, network.residence - free);
  remember(network);
}

function waitOf({ lock, outer, service }: Visit, variation: number): number {
  if (outer === null) return behind(lock.direct, variation) + behind(lock.nested, variation);
  return waitInside(lock, outer, service, variation);
}

function behind({ queue, utilisation, service }: Presence, variation: number): number {
  return Math.max(0, queue * service - (utilisation * service * (1 - variation)) / 2);
}

/**
 * A visitor from inside another lock meets only those from outside: the outer lock keeps its like away. While the
 * outer lock is idle that is what they leave behind on average; while it is handed on at once, each holder comes a
 * hand-off after the last one left, and finds what arrived meanwhile and was not served in that gap.
 */
function waitInside(lock: Lock, outer: Visit, held: number, variation: number): number {
  const busy = Math.min(1, outer.lock.direct.utilisation);
  const usual = behind(lock.direct, variation);
  return (1 - busy) * usual + (busy === 0 ? 0 : busy * leftBehind(lock.direct, held, outer.own));
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
  let late = 1;
  let mean = 0;
  for (let count = 1; count <= 12; count++) {
    probability *= arrivals / count;
    late *= lateShare;
    mean += probability * Math.max(0, count * service - gap * (1 - late / (count + 1)));
  }
  return mean;
}

/** Time each lock is held per operation; answers the lock that is held longest. */
function countHeld({ locks, visits }: Network): Lock | null {
  for (const lock of locks) lock.held = 0;
  for (const { lock, times, service } of visits) lock.held += times * service;
  return locks.reduce<Lock | null>((most, lock) => (most === null || lock.held > most.held ? lock : most), null);
}

/** Where the bottleneck's own limit is tighter, the missing time is waited for there. */
function waitMore({ visits }: Network, lock: Lock, more: number): void {
  const waiting = visits.filter((one) => one.lock === lock && one.outer === null);
  const times = waiting.reduce((sum, one) => sum + one.times, 0);
  for (const visit of waiting) visit.wait += more / Math.max(1, times);
}

function remember(network: Network): void {
  const before = network.locks.map(({ direct }) => direct.queue);
  for (const lock of network.locks) {
    presence(network, lock, false);
    presence(network, lock, true);
  }
  network.growth = network.locks.map(({ direct }, at) => direct.queue - (before[at] ?? 0));
}

function presence({ visits, throughput }: Network, lock: Lock, nested: boolean): void {
  let service = 0;
  let present = 0;
  let times = 0;
  for (const visit of visits) {
    if (visit.lock !== lock || (visit.outer !== null) !== nested) continue;
    service += visit.times * visit.service;
    present += visit.times * (visit.wait + visit.service);
    times += visit.times;
  }
  const state = nested ? lock.nested : lock.direct;
  state.queue = throughput * present;
  state.utilisation = throughput * service;
  state.service = times === 0 ? 0 : service / times;
}

/** `more` clients beyond the ones solved for only lengthen the queue that grows already. */
function finish(network: Network, more: number): Solution {
  const { throughput, visits, locks, growth } = network;
  const growing = growth.indexOf(Math.max(...growth));
  const residence = network.residence + more / throughput;
  const loads = locks.map((lock, at) => {
    const own = visits.filter((visit) => visit.lock === lock);
    const times = own.reduce((sum, visit) => sum + visit.times, 0);
    const wait = own.reduce((sum, visit) => sum + visit.times * visit.wait, 0) + (at === growing ? more / throughput : 0);
    return [lock.name, { utilisation: throughput * lock.held, wait, waitPerVisit: wait / times }] as const;
  });
  return { throughput, residence, locks: new Map(loads) };
}
