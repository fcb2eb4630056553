/** A visit with a definite mean service time, ns. */
export interface PointVisit {
  readonly lock: string;
  readonly own: number;
  /** Variance of `own`, ns²; `own` squared where it is exponential. */
  readonly variance: number;
  readonly nested: readonly PointVisit[];
}

export interface PointDemands {
  readonly think: number;
  readonly visits: readonly PointVisit[];
  /** By lock: to what share its visitors come back so soon that they take turns at it; 0 where absent. */
  readonly turns?: ReadonlyMap<string, number>;
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
  /** Of each visit of the demands, nested ones too: wait, and time held with all that happens inside, ns. */
  readonly timings: ReadonlyMap<PointVisit, Timing>;
}

export interface Timing {
  readonly wait: number;
  readonly service: number;
}

/** Relative change of throughput below which one more client only waits. */
const settled = 1e-11;

/**
 * Mean value analysis of a closed network by recursion over its clients: one station a lock, first come first served,
 * and a think time. For visits that do not nest and exponential service it is exact (Reiser and Lavenberg, J. ACM
 * 27(2), 1980). Else who is served stays for the residual time E[S²]/2E[S] (Reiser, IEEE Trans. Softw. Eng. 5(3),
 * 1979). A visit inside another lock is part of that lock's service: it waits for visitors from outside only, since
 * the outer lock admits one client; and visitors from outside wait for it.
 */
export function solveClosed(demands: PointDemands, clients: number): Solution {
  const network = compile(demands);
  let previous = 0;
  for (let count = 1; count <= clients; count++) {
    advance(network, count);
    if (count > 2 && Math.abs(network.throughput / previous - 1) < settled) return finish(network, clients - count);
    previous = network.throughput;
  }
  return finish(network, 0);
}

/** Operations per ns of one client, of two, … up to `clients`. */
export function throughputsOf(demands: PointDemands, clients: number): readonly number[] {
  const network = compile(demands);
  return Array.from({ length: clients }, (_, count) => {
    advance(network, count + 1);
    return network.throughput;
  });
}

/** Equal visits of one lock, inside the same outer one, are counted once. */
interface Visit {
  readonly lock: Lock;
  readonly outer: Visit | null;
  readonly inner: Visit[];
  readonly own: number;
  readonly variance: number;
  readonly times: number;
  wait: number;
  /** `own` with the waits and services inside. */
  service: number;
  /** Mean square of `service`. */
  square: number;
  /** Of a visit inside another: the work that it finds where the outer lock is handed on at once; nearly as with one client less. */
  readonly left: Left;
}

/** Work that waits at a lock, ns. */
interface Left {
  mean: number;
  variance: number;
}

interface Lock {
  readonly name: string;
  readonly turns: number;
  /** What arrivals meet, with one client less: visits of their own, and from inside another lock. */
  readonly direct: Presence;
  readonly nested: Presence;
  held: number;
}

interface Presence {
  readonly visits: Visit[];
  queue: number;
  /** Of the queue, with the last client that was added. */
  growth: number;
  utilisation: number;
  /** Mean service of a visit, ns. */
  service: number;
  /** Mean time for which who is served still stays when somebody comes, ns. */
  residual: number;
}

interface Network {
  readonly think: number;
  readonly outer: readonly Visit[];
  /** Inner visits before the visits around them. */
  readonly visits: readonly Visit[];
  readonly locks: readonly Lock[];
  readonly visitOf: ReadonlyMap<PointVisit, Visit>;
  throughput: number;
  residence: number;
}

const nobody = (): Presence => ({ visits: [], queue: 0, growth: 0, utilisation: 0, service: 0, residual: 0 });

function compile(demands: PointDemands): Network {
  const parts: Compiled = { locks: new Map(), visits: [], visitOf: new Map(), turns: demands.turns ?? new Map<string, number>() };
  const outer = compileVisits(demands.visits, null, parts);
  const { visits, visitOf } = parts;
  return { think: demands.think, outer, visits, locks: [...parts.locks.values()], visitOf, throughput: 0, residence: 0 };
}

interface Compiled {
  readonly locks: Map<string, Lock>;
  readonly visits: Visit[];
  readonly visitOf: Map<PointVisit, Visit>;
  readonly turns: ReadonlyMap<string, number>;
}

function compileVisits(list: readonly PointVisit[], outer: Visit | null, parts: Compiled): Visit[] {
  const alike = new Map<string, PointVisit[]>();
  for (const visit of list) {
    const key = JSON.stringify(visit);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [visit]);
    else known.push(visit);
  }
  return [...alike.values()].map((visits) => compileAlike(visits, outer, parts));
}

function compileAlike(visits: readonly PointVisit[], outer: Visit | null, parts: Compiled): Visit {
  const [visit] = visits;
  if (visit === undefined) throw new Error('no visits that are alike');
  const lock = parts.locks.get(visit.lock) ?? { name: visit.lock, turns: parts.turns.get(visit.lock) ?? 0, direct: nobody(), nested: nobody(), held: 0 };
  parts.locks.set(visit.lock, lock);
  const inner: Visit[] = [];
  const { own, variance } = visit;
  const compiled: Visit = { lock, outer, inner, own, variance, times: visits.length * (outer?.times ?? 1), wait: 0, service: own, square: 0, left: { mean: 0, variance: 0 } };
  parts.visitOf.set(visit, compiled);
  inner.push(...compileVisits(visit.nested, compiled, parts));
  for (const one of visits) sameAs(visit, one, parts.visitOf);
  parts.visits.push(compiled);
  (outer === null ? lock.direct : lock.nested).visits.push(compiled);
  return compiled;
}

function sameAs(known: PointVisit, other: PointVisit, visitOf: Map<PointVisit, Visit>): void {
  const visit = visitOf.get(known);
  if (visit !== undefined) visitOf.set(other, visit);
  known.nested.forEach((inner, at) => {
    const same = other.nested[at];
    if (same !== undefined) sameAs(inner, same, visitOf);
  });
}

function advance(network: Network, clients: number): void {
  for (const visit of network.visits) {
    visit.wait = waitOf(visit);
    serve(visit);
  }
  const free = network.outer.reduce((sum, { times, wait, service }) => sum + times * (wait + service), network.think);
  const bottleneck = countHeld(network);
  network.residence = Math.max(free, (bottleneck?.held ?? 0) * clients);
  network.throughput = clients / network.residence;
  if (bottleneck !== null && network.residence > free) waitMore(bottleneck, network.residence - free);
  remember(network);
}

/** Mean and mean square of the time held. A wait inside varies as much as it is long: most find nobody, some a queue. */
function serve(visit: Visit): void {
  let mean = visit.own;
  let { variance } = visit;
  for (const { times, wait, service, square } of visit.inner) {
    const count = times / visit.times;
    mean += count * (wait + service);
    variance += count * (wait ** 2 + square - service ** 2);
  }
  visit.service = mean;
  visit.square = variance + mean ** 2;
}

function waitOf(visit: Visit): number {
  const { lock, outer } = visit;
  return outer === null ? behind(lock.direct) + behind(lock.nested) : waitInside(visit, outer);
}

/** Who is served stays for its residual time, who is before it for a whole service. */
function behind({ queue, utilisation, service, residual }: Presence): number {
  return Math.max(0, (queue - utilisation) * service) + utilisation * residual;
}

/**
 * A visitor from inside another lock meets only those from outside: the outer lock keeps its like away. While the
 * outer lock is idle that is what they leave behind on average; while it is handed on at once, each holder comes a
 * hand-off after the last one left, and finds what arrived meanwhile and was not served in that gap.
 */
function waitInside(visit: Visit, outer: Visit): number {
  const { direct } = visit.lock;
  const busy = Math.min(1, outer.lock.direct.utilisation);
  return (1 - busy) * behind(direct) + (busy === 0 ? 0 : busy * leftBehind(direct, visit, outer));
}

/**
 * Mean work (ns) that a holder finds: a queue with a permanent customer that comes back after a gap (Boxma and Cohen,
 * IEEE J. Sel. Areas Commun. 9(2), 1991). What arrived over one turn, less what the gap serves; the length of a turn
 * varies with the work found, so that arrivals over it vary more than Poisson's.
 */
function leftBehind({ utilisation, service }: Presence, inner: Visit, outer: Visit): number {
  if (utilisation === 0 || service === 0) return 0;
  const gap = outer.own;
  const rate = utilisation / service;
  const { left } = inner;
  for (let round = 0; round < 2; round++) {
    const turn = left.mean + inner.service + gap;
    const excess = rate ** 2 * (left.variance + inner.variance + outer.variance);
    workLeft(left, rate * turn, excess, service, gap, gap / turn);
  }
  return left.mean;
}

/**
 * Of so many arrivals on average, over a time that varies (their variance is larger by `excess`: negative binomial, as
 * over a gamma-distributed time), what `gap` leaves; each comes within the gap with the chance `lateShare`.
 */
function workLeft(left: Left, arrivals: number, excess: number, service: number, gap: number, lateShare: number): void {
  const spread = excess / arrivals;
  let probability = spread < 1e-9 ? Math.exp(-arrivals) : (1 + spread) ** (-arrivals / spread);
  let late = 1;
  let mean = 0;
  let square = 0;
  for (let count = 1; count <= 24; count++) {
    probability *= (arrivals + (count - 1) * spread) / (count * (1 + spread));
    late *= lateShare;
    const work = Math.max(0, count * service - gap * (1 - late / (count + 1)));
    mean += probability * work;
    square += probability * work ** 2;
    if (count > arrivals && probability < 1e-12) break;
  }
  left.mean = mean;
  left.variance = square - mean ** 2;
}

/** Time each lock is held per operation; answers the lock that is held longest. */
function countHeld({ locks, visits }: Network): Lock | null {
  for (const lock of locks) lock.held = 0;
  for (const { lock, times, service } of visits) lock.held += times * service;
  return locks.reduce<Lock | null>((most, lock) => (most === null || lock.held > most.held ? lock : most), null);
}

/** Where the bottleneck's own limit is tighter, the missing time is waited for there. */
function waitMore(lock: Lock, more: number): void {
  const times = timesOf(lock.direct);
  for (const visit of lock.direct.visits) visit.wait += more / Math.max(1, times);
}

function timesOf({ visits }: Presence): number {
  return visits.reduce((sum, { times }) => sum + times, 0);
}

function remember({ locks, throughput }: Network): void {
  for (const lock of locks) {
    presence(lock.direct, throughput, lock.turns);
    presence(lock.nested, throughput, lock.turns);
  }
}

function presence(state: Presence, throughput: number, turns: number): void {
  let service = 0;
  let square = 0;
  let present = 0;
  let times = 0;
  for (const visit of state.visits) {
    service += visit.times * visit.service;
    square += visit.times * visit.square;
    present += visit.times * (visit.wait + visit.service);
    times += visit.times;
  }
  const queue = throughput * present;
  state.growth = queue - state.queue;
  state.queue = queue;
  state.utilisation = throughput * service;
  state.service = times === 0 ? 0 : service / times;
  state.residual = service === 0 ? 0 : (1 - turns) * (square / (2 * service)) + turns * state.service;
}

/** `more` clients beyond the ones solved for only lengthen the queue that grows already. */
function finish(network: Network, more: number): Solution {
  const { throughput, visits, locks } = network;
  const growing = locks.reduce((most, lock, at) => (lock.direct.growth > (locks[most]?.direct.growth ?? -Infinity) ? at : most), 0);
  const residence = network.residence + more / throughput;
  const loads = locks.map((lock, at) => {
    const own = visits.filter((visit) => visit.lock === lock);
    const times = own.reduce((sum, visit) => sum + visit.times, 0);
    const wait = own.reduce((sum, visit) => sum + visit.times * visit.wait, 0) + (at === growing ? more / throughput : 0);
    return [lock.name, { utilisation: throughput * lock.held, wait, waitPerVisit: wait / times }] as const;
  });
  const grown = locks[growing];
  const longer = grown === undefined || more === 0 ? 0 : more / throughput / Math.max(1, timesOf(grown.direct));
  const timings = [...network.visitOf].map(([point, { lock, outer, wait, service }]) =>
    [point, { wait: lock === grown && outer === null ? wait + longer : wait, service }] as const);
  return { throughput, residence, locks: new Map(loads), timings: new Map(timings) };
}
