import type { Demands, Visit } from '../../server/src/estimate/demands';

/** A small generator of its own, so that the reference shares nothing with what it checks. */
function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

type Action = { readonly kind: 'run'; readonly ns: number } | { readonly kind: 'take' | 'drop'; readonly lock: string };

/** The operation's work and visits in their order; a hold's own time comes before what is nested in it. */
function actionsOf({ think, visits }: Demands): Action[] {
  const between = visits.reduce((sum, { after }) => sum + after.mid, 0);
  return [...visits.flatMap((visit) => [run(visit.after.mid), ...visitActions(visit)]), run(think.mid - between)];
}

function visitActions({ lock, own, moved, nested }: Visit): Action[] {
  return [{ kind: 'take', lock }, run(own.mid + moved.mid), ...nested.flatMap(visitActions), { kind: 'drop', lock }];
}

function run(ns: number): Action {
  return { kind: 'run', ns };
}

interface Lock {
  holder: number | null;
  /** Who held it last. */
  last: number | null;
  grants: number;
  /** Grants to another client than the last. */
  changes: number;
  readonly waiting: number[];
}

/**
 * Throughput (operations per ns) of clients that run a program with nested first-come first-served locks, event by
 * event: the reference for the analysis. Times vary evenly by `spread` around their mean.
 */
export function simulateNestedLocks(demands: Demands, clients: number, operations: number, spread: number): number {
  return simulate(demands, clients, operations, spread).throughput;
}

/** Share of the grants of each lock that went to another client than the one that held it last. */
export function simulateHolders(demands: Demands, clients: number, operations: number, spread: number): ReadonlyMap<string, number> {
  const { locks } = simulate(demands, clients, operations, spread);
  return new Map([...locks].map(([lock, { changes, grants }]) => [lock, changes / grants]));
}

function simulate(demands: Demands, clients: number, operations: number, spread: number): { throughput: number; locks: ReadonlyMap<string, Lock> } {
  const random = randomStream(7);
  const program = actionsOf(demands);
  const locks = new Map<string, Lock>();
  const position = new Array<number>(clients).fill(0);
  const events: { at: number; client: number }[] = Array.from({ length: clients }, (_, client) => ({ at: random() * demands.think.mid, client }));
  let now = 0;
  let done = 0;
  let measuredFrom = 0;
  const warm = operations / 5;
  const step = (client: number): void => {
    for (;;) {
      const action = program[position[client] ?? 0];
      if (action === undefined) {
        position[client] = 0;
        done++;
        if (done === warm) measuredFrom = now;
        continue;
      }
      if (action.kind === 'take') {
        const lock = locks.get(action.lock) ?? { holder: null, last: null, grants: 0, changes: 0, waiting: [] };
        locks.set(action.lock, lock);
        if (lock.holder !== null && lock.holder !== client) {
          lock.waiting.push(client);
          return;
        }
        if (lock.holder === null) grant(lock, client);
      } else if (action.kind === 'drop') {
        const lock = locks.get(action.lock);
        const next = lock?.waiting.shift() ?? null;
        if (lock !== undefined) lock.holder = null;
        if (lock !== undefined && next !== null) grant(lock, next);
        if (next !== null) events.push({ at: now, client: next });
      }
      position[client] = (position[client] ?? 0) + 1;
      if (action.kind === 'run' && action.ns > 0) {
        events.push({ at: now + action.ns * (1 + spread * (2 * random() - 1)), client });
        return;
      }
    }
  };
  while (done < warm + operations) {
    let first = 0;
    for (let at = 1; at < events.length; at++) if ((events[at]?.at ?? 0) < (events[first]?.at ?? 0)) first = at;
    const [event] = events.splice(first, 1);
    if (event === undefined) break;
    now = event.at;
    step(event.client);
  }
  return { throughput: operations / (now - measuredFrom), locks };
}

function grant(lock: Lock, client: number): void {
  lock.holder = client;
  lock.grants++;
  if (lock.last !== client) lock.changes++;
  lock.last = client;
}
