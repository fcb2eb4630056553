import { isFreeArea } from '../allocator/allocator';
import type { WorkEffect } from './assumedWork';
import { moveBack, moveBefore, type Cause, type Operation } from './operation';
import type { Failure } from './replica';
import { AHEAD, endOf, operationAt, rewind, step, type Schedule } from './schedule';

/**
 * Looks for an order of the lock under which an operation that failed does not: tracepoints of allocations come after the
 * lock was given up, so that those of several CPUs may come in another order than the lock was held, and asynchronous
 * work is not in the trace at all. Only orders that the trace allows are tried, and one counts only if it leads
 * further without failure than taking the kernel's placement over. What is found is not proven: the operations
 * concerned are reported as undetermined.
 */
export interface Explanation {
  readonly cause: Cause;
  /** Operations whose place was found by where the kernel put them. */
  readonly undetermined: readonly Operation[];
}

/** A change of the assumed order. */
type Change =
  | { readonly kind: 'move'; readonly operation: Operation; readonly before: Operation; readonly cause: Cause }
  | { readonly kind: 'effect'; readonly effect: WorkEffect }
  | { readonly kind: 'lag'; readonly from: number; readonly to: number; readonly lag: number };

/** The first failure on a way, at the operation with this index; the index is infinite where there is none. */
interface Reach {
  readonly failure: Failure | null;
  readonly index: number;
}

/** Changes that lead to a failure, and what may be changed further. */
interface Branch {
  readonly changes: readonly Change[];
  readonly failure: Failure;
  readonly candidates: readonly Change[];
  /** The operation moved last fits where it was moved. */
  readonly fits: boolean;
}

interface Search {
  readonly schedule: Schedule;
  readonly goal: number;
  trials: number;
  best: { readonly changes: readonly Change[]; readonly index: number };
}

const DEPTH = 6;
/** Branches of a depth that are followed. */
const WIDTH = 8;
const TRIALS = 200;
/** How far behind the failure an order must hold to be believed at once. */
const PROOF = 96;
/** Later runs of the balance work that are tried, in operations. */
const LAGS = [8, 32, 128, 512];

/**
 * The state is behind the failed operation on return: with it explained, or (null) as it was after the failure.
 */
export function explain(schedule: Schedule, failure: Failure): Explanation | null {
  const goal = schedule.next - 1;
  const changes = schedule.credit > 0 ? search(schedule, failure, goal) : [];
  changes.forEach((change) => apply(schedule, change));
  rewind(schedule, Math.min(goal, ...changes.map(startOf)));
  while (schedule.next <= goal) step(schedule);
  return changes.length === 0 ? null : explanationOf(changes, failure);
}

function search(schedule: Schedule, failure: Failure, goal: number): readonly Change[] {
  const root: Branch = { changes: [], failure, candidates: [...candidates(schedule, failure, goal)], fits: true };
  failure.operation.adopted = true;
  const adopted = goThrough(schedule, goal, goal + PROOF);
  failure.operation.adopted = false;
  const found: Search = { schedule, goal, trials: TRIALS, best: { changes: [], index: adopted.index } };
  let branches: readonly Branch[] = [root];
  for (let depth = 1; depth <= DEPTH && branches.length > 0; depth += 1) {
    const next: Branch[] = [];
    for (const branch of branches) if (extend(found, branch, next)) return found.best.changes;
    branches = [...next.filter((branch) => branch.fits), ...next.filter((branch) => !branch.fits)].slice(0, WIDTH);
  }
  return found.best.changes;
}

/** Tries each further change of a branch; those that uncover another failure become branches. True when one is believed. */
function extend(search: Search, branch: Branch, next: Branch[]): boolean {
  const { schedule, goal } = search;
  for (const change of branch.candidates) {
    if (search.trials <= 0 || schedule.credit <= 0) return true;
    search.trials -= 1;
    const changes = [...branch.changes, change];
    changes.forEach((one) => apply(schedule, one));
    const reach = goThrough(schedule, Math.min(...changes.map(startOf)), goal + PROOF);
    if (reach.index > goal && isBetter(search, reach)) search.best = { changes, index: reach.index };
    if (reach.failure !== null && reach.index <= goal && !sameFailure(reach.failure, branch.failure)) {
      const fits = change.kind !== 'move' || reach.failure.operation !== change.operation;
      next.push({ changes, failure: reach.failure, candidates: [...candidates(schedule, reach.failure, reach.index)], fits });
    }
    [...changes].reverse().forEach((one) => revert(schedule, one));
    if (reach.failure === null && reach.index > goal) return true;
  }
  return false;
}

function isBetter(search: Search, reach: Reach): boolean {
  if (search.best.changes.length === 0 && reach.failure === null) return true;
  return reach.index > search.best.index && reach.failure?.kind !== 'unknown-area';
}

function sameFailure(a: Failure, b: Failure): boolean {
  return a.operation === b.operation && a.model?.base === b.model?.base && a.model?.at === b.model?.at;
}

/** Goes through the order as it is now, from a mark before `from` to behind `to`, up to the first failure. */
function goThrough(schedule: Schedule, from: number, to: number): Reach {
  if (!rewind(schedule, from)) return { failure: null, index: -1 };
  const start = schedule.next;
  const limit = Math.min(to + 1, endOf(schedule));
  let failure: Failure | null = null;
  while (schedule.next < limit && failure === null) {
    const found = step(schedule);
    if (found !== null && found.kind !== 'unexpected') failure = found;
  }
  schedule.credit -= schedule.next - start;
  return { failure, index: failure === null ? Number.POSITIVE_INFINITY : schedule.next - 1 };
}

function startOf(change: Change): number {
  if (change.kind === 'effect') return change.effect.index;
  return change.kind === 'move' ? change.before.index : change.from;
}

function apply(schedule: Schedule, change: Change): void {
  if (change.kind === 'move') moveBefore(change.operation, change.before);
  else if (change.kind === 'effect') schedule.effects.push(change.effect);
  else schedule.lags.push({ from: change.from, lag: change.lag }, { from: change.to, lag: 0 });
}

function revert(schedule: Schedule, change: Change): void {
  if (change.kind === 'move') moveBack(change.operation, change.before);
  else if (change.kind === 'effect') schedule.effects.pop();
  else schedule.lags.splice(-2);
}

function explanationOf(changes: readonly Change[], failure: Failure): Explanation {
  const moved = changes.flatMap((change) => (change.kind === 'move' ? [change] : []));
  const byWork = moved.length < changes.length;
  const cause = byWork ? 'balance work' : (moved[0]?.cause ?? 'lock order');
  const operations = moved.map((change) => change.operation);
  return { cause, undetermined: byWork ? [...operations, failure.operation] : operations };
}

/** Changes that may let an operation pass, the likeliest first. To be called with the state right after its failure. */
function* candidates(schedule: Schedule, failure: Failure, index: number): Generator<Change> {
  const place = operationAt(schedule, index);
  if (place === undefined) return;
  const { operation, model } = failure;
  const { request } = operation;
  if (failure.kind === 'unknown-area') {
    yield* laterAllocations(schedule, place, operation.base, operation.at, operation.at + 1);
  } else if (request !== null) {
    if (model !== null) {
      yield* laterAllocations(schedule, place, model.base, model.at, model.at + request.bits);
      if (operation === place && !operation.moved) yield* beforeFrees(schedule, operation, model.base, model.at, model.at + request.bits);
    }
    yield* laterFrees(schedule, operation, place);
    yield* lags(schedule, place);
    if (model !== null && model.base !== request.base) {
      for (const [base, effect] of [[model.base, 'sidelined'], [request.base, 'first']] as const) {
        yield { kind: 'effect', effect: { index: place.index, base, effect } };
      }
    }
  }
}

/**
 * Allocations whose tracepoint comes later may have held the lock before: first one whose area is in the way, then
 * others, since an area also changes the hints. Each right before the failure, or before a free that came before it.
 */
function* laterAllocations(schedule: Schedule, place: Operation, base: string, from: number, to: number): Generator<Change> {
  const others: Operation[] = [];
  const limit = Math.min(place.index + AHEAD, endOf(schedule));
  for (let index = place.index + 1; index < limit; index += 1) {
    const operation = operationAt(schedule, index);
    const request = operation?.request;
    if (operation === undefined || request == null || operation.moved || operation.probed || operation.earliest >= place.index) continue;
    if (request.base === base && request.at < to && request.at + request.bits > from) {
      yield { kind: 'move', operation, before: place, cause: 'lock order' };
      yield* movesBeforeFrees(freesBefore(schedule, operation, place.index).slice(0, 8), operation);
      break;
    }
    if (others.length < 8 && index < place.index + 256) others.push(operation);
  }
  for (const operation of others) yield { kind: 'move', operation, before: place, cause: 'lock order' };
}

/** The failed allocation may have held the lock before a free: first the one that made the model's place. */
function beforeFrees(schedule: Schedule, operation: Operation, base: string, from: number, to: number): Generator<Change> {
  const frees = freesBefore(schedule, operation, operation.index);
  const within = frees.filter((free) => free.base === base && free.at >= from && free.at < to);
  return movesBeforeFrees([...new Set([...within.slice(0, 4), ...frees.slice(0, 12)])], operation);
}

function* movesBeforeFrees(frees: readonly Operation[], operation: Operation): Generator<Change> {
  for (const before of frees) yield { kind: 'move', operation, before, cause: 'lock order' };
}

/** Frees between an operation's task's operation before and an index, the last first. */
function freesBefore(schedule: Schedule, operation: Operation, index: number): Operation[] {
  const start = Math.max(operation.earliest + 1, index - 256, schedule.first);
  return schedule.operations.slice(start - schedule.first, index - schedule.first).filter((other) => other.kind === 'free').reverse();
}

/** With clocks that differ between CPUs, a free may have happened before an allocation that is stamped earlier. */
function* laterFrees(schedule: Schedule, operation: Operation, place: Operation): Generator<Change> {
  const { request } = operation;
  const chunk = request === null ? undefined : schedule.replica.chunks.get(request.base);
  if (request === null || chunk === undefined || isFreeArea(chunk, request.at, request.bits)) return;
  for (let index = place.index + 1; index < Math.min(place.index + 65, endOf(schedule)); index += 1) {
    const free = operationAt(schedule, index);
    if (free?.kind !== 'free' || free.moved || free.base !== request.base) continue;
    if (free.at < request.at || free.at >= request.at + request.bits) continue;
    yield { kind: 'move', operation: free, before: place, cause: 'clock' };
    return;
  }
}

/** The balance work may have run later than it was scheduled, since one of the last marks. */
function* lags(schedule: Schedule, place: Operation): Generator<Change> {
  const starts = schedule.marks.map((mark) => mark.index).filter((index) => index <= place.index).reverse();
  for (const from of [starts[0], starts[1], starts[4]]) {
    if (from === undefined) continue;
    for (const lag of LAGS) yield { kind: 'lag', from, to: place.index + 1, lag };
  }
}
