import { workSpread } from '../pricing/variation';
import type { Solution } from './closedNetwork';
import type { Demands, Visit } from './demands';
import type { Corner } from './knee';

/** Operations that a client is followed for before its throughput is counted, and then as long as it is. */
const runIn = 40;
const counted = 160;

/** Mean values are off by as much at other counts: below that the schedule would only put a step at two into a curve over CPU counts. */
const meanValuesError = 0.04;

/** One thing that a client does next: work, ask for a lock or give it back. `moved`: time more where the other one held it last. */
type Move =
  | { readonly kind: 'work'; readonly ns: number }
  | { readonly kind: 'take'; readonly lock: string; readonly moved: number }
  | { readonly kind: 'give'; readonly lock: string };

/**
 * A solution for two clients. Nothing averages out between them: who waited goes on in step with the one that it waited
 * for, so that they meet each time or never. Their schedule is followed for some operations, each lock first come first
 * served, in place of the mean queue that an arrival finds. Where they wait for each other for ever the solution stays as
 * it is.
 */
export function inStep(solution: Solution, demands: Demands, corner: Corner): Solution {
  const moves = movesOf(demands, corner);
  const followed = follow(moves);
  if (followed === null) return solution;
  const { cycle, waits } = followed;
  const residence = Math.max(cycle, 2 * longestHeld(moves));
  const share = solution.residence / residence;
  if (Math.abs(share - 1) < meanValuesError) return solution;
  const locks = [...solution.locks].map(([lock, { utilisation, wait: mean, waitPerVisit }]) => {
    const wait = waits.get(lock) ?? 0;
    const visits = mean === 0 ? moves.filter((move) => move.kind === 'take' && move.lock === lock).length : mean / waitPerVisit;
    return [lock, { utilisation: Math.min(1, utilisation * share), wait, waitPerVisit: wait / visits }] as const;
  });
  return { ...solution, throughput: 2 / residence, residence, locks: new Map(locks) };
}

function movesOf(demands: Demands, corner: Corner): readonly Move[] {
  return [...demands.visits.flatMap((visit) => movesOfVisit(visit, corner)), { kind: 'work', ns: demands.tail[corner] }];
}

function movesOfVisit(visit: Visit, corner: Corner): readonly Move[] {
  // What lies before the visits inside is a part of `own`.
  const before = visit.nested.reduce((sum, { after }) => sum + after[corner], 0);
  return [
    { kind: 'work', ns: visit.after[corner] }, { kind: 'take', lock: visit.lock, moved: visit.moved[corner] },
    ...visit.nested.flatMap((one) => movesOfVisit(one, corner)),
    { kind: 'work', ns: Math.max(0, visit.own[corner] - before) }, { kind: 'give', lock: visit.lock },
  ];
}

/** Time, ns, for which an operation holds the lock that it holds longest, where it never waits. */
function longestHeld(moves: readonly Move[]): number {
  const taken = new Map<string, number>();
  const held = new Map<string, number>();
  let now = 0;
  for (const move of moves) {
    if (move.kind === 'work') now += move.ns;
    else if (move.kind === 'take') taken.set(move.lock, now);
    else held.set(move.lock, (held.get(move.lock) ?? 0) + now - (taken.get(move.lock) ?? now));
  }
  return Math.max(0, ...held.values());
}

interface Client {
  now: number;
  at: number;
  done: number;
  /** The lock that it waits for, since `now`. */
  waitsFor: string | null;
  /** Makes its work vary. */
  random: number;
}

/** Time of an operation of the first client, ns, and its wait before each lock. */
interface Followed {
  readonly cycle: number;
  readonly waits: ReadonlyMap<string, number>;
}

/** The second client starts when the first is half done. Null where both wait for ever, or nothing takes time. */
function follow(moves: readonly Move[]): Followed | null {
  const alone = moves.reduce((sum, move) => sum + (move.kind === 'work' ? move.ns : 0), 0);
  if (alone === 0) return null;
  const first: Client = { now: 0, at: 0, done: 0, waitsFor: null, random: 88675123 };
  const second: Client = { ...first, now: alone / 2, random: 521288629 };
  const locks: Locks = { held: new Set(), lastHolder: new Map(), moved: 0, until: new Map(), waits: new Map() };
  while (first.done < runIn + counted) {
    if (first.waitsFor !== null && second.waitsFor !== null) return null;
    const isFirst = first.waitsFor === null && (second.waitsFor !== null || first.now <= second.now);
    const [own, other] = isFirst ? [first, second] : [second, first];
    const move = moves[own.at];
    if (move !== undefined) {
      step(own, other, moves, move, locks, isFirst);
      continue;
    }
    own.at = 0;
    own.done += 1;
    if (!isFirst || own.done !== runIn) continue;
    locks.waits.clear();
    locks.moved = 0;
  }
  const waits = new Map([...locks.waits].map(([lock, wait]) => [lock, wait / counted]));
  // The mean of the work is known better than from what was drawn.
  return { cycle: alone + locks.moved / counted + [...waits.values()].reduce((sum, wait) => sum + wait, 0), waits };
}

/** Of the next piece of work, as a share of its mean: evenly between the ends of its variation, always the same numbers (xorshift, Marsaglia 2003). */
function variation(client: Client): number {
  let { random } = client;
  random ^= random << 13;
  random ^= random >>> 17;
  random ^= random << 5;
  client.random = random;
  return 1 + workSpread * (2 * ((random >>> 0) / 2 ** 32) - 1);
}

interface Locks {
  readonly held: Set<string>;
  readonly lastHolder: Map<string, Client>;
  /** Time so far, ns, that lines took to come to the first client. */
  moved: number;
  /** When each was given back last. */
  readonly until: Map<string, number>;
  /** The first client's waits so far, ns. */
  readonly waits: Map<string, number>;
}

function step(own: Client, other: Client, moves: readonly Move[], move: Move, locks: Locks, isFirst: boolean): void {
  if (move.kind === 'take' && locks.held.has(move.lock)) {
    own.waitsFor = move.lock;
    return;
  }
  own.at += 1;
  if (move.kind === 'work') own.now += move.ns * variation(own);
  else if (move.kind === 'take') {
    locks.held.add(move.lock);
    waitUntil(own, locks.until.get(move.lock) ?? 0, move.lock, isFirst ? locks.waits : null);
    fetchLines(own, move, locks, isFirst);
  } else if (other.waitsFor === move.lock) {
    other.waitsFor = null;
    waitUntil(other, own.now, move.lock, isFirst ? null : locks.waits);
    fetchLines(other, moves[other.at], locks, !isFirst);
    other.at += 1;
  } else {
    locks.held.delete(move.lock);
    locks.until.set(move.lock, own.now);
  }
}

/** Of what it just got: from the other one, where that held it last. */
function fetchLines(client: Client, move: Move | undefined, locks: Locks, isFirst: boolean): void {
  if (move?.kind !== 'take') return;
  const moved = locks.lastHolder.get(move.lock) === client ? 0 : move.moved;
  client.now += moved;
  if (isFirst) locks.moved += moved;
  locks.lastHolder.set(move.lock, client);
}

function waitUntil(client: Client, time: number, lock: string, waits: Map<string, number> | null): void {
  const wait = Math.max(0, time - client.now);
  client.now += wait;
  waits?.set(lock, (waits.get(lock) ?? 0) + wait);
}
