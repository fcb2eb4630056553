import { isFreeArea } from '../allocator/allocator';
import type { WorkEffect } from './assumedWork';
import { moveBack, moveBefore, type Cause, type Choice, type Move, type Operation } from './operation';
import type { Failure } from './replica';
import { AHEAD, endOf, markHere, operationAt, rewind, step, type Schedule } from './schedule';

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
  | Move
  /** Another way to explain what was explained before. */
  | { readonly kind: 'instead'; readonly choice: Choice; readonly off: Move; readonly on: Move }
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
/** Distances before a failure at which marks are taken to begin trials from. */
const CLOSE = [256, 96, 32, 8, 0];
/** Branches of a depth that are followed. */
const WIDTH = 8;
const TRIALS = 200;
/** How far behind the failure an order must hold to be believed at once. */
const PROOF = 96;
/** Earlier explanations that may be looked at again, and how far from the place found another is tried. */
const CHOICES = 6;
const NEAR = 6;
/** Operations before a failure of which another order is tried although they did not fail. */
const QUIET = 48;
/** Later runs of the balance work that are tried, in operations. */
const LAGS = [8, 32, 128, 512];

/**
 * The state is behind the failed operation on return: with it explained, or (null) as it was after the failure.
 */
export function explain(schedule: Schedule, failure: Failure): Explanation | null {
  const goal = schedule.next - 1;
  const marks = schedule.marks;
  const { credit } = schedule;
  if (credit <= 0) return null;
  const changes = search(schedule, failure, goal);
  // Searching that finds something may go on for longer than searching that finds nothing, but not for ever.
  if (changes.length > 0) schedule.credit = (schedule.credit + credit) / 2;
  for (const change of changes) {
    apply(schedule, change);
    keepChoice(schedule, change);
  }
  const from = Math.min(goal, ...changes.map(startOf));
  rewind(schedule, from);
  schedule.credit -= goal - schedule.next;
  while (schedule.next <= goal) step(schedule);
  // Later marks are of an order that is no longer assumed.
  schedule.marks = marks.filter((mark) => mark.index <= from);
  return changes.length === 0 ? null : explanationOf(changes, failure);
}

/** Marks close before an index, so that trials begin near it. */
function markBefore(schedule: Schedule, index: number): void {
  const near = CLOSE.map((distance) => index - distance).filter((at) => at > (schedule.marks.at(-1)?.index ?? 0));
  rewind(schedule, index);
  schedule.credit -= index - schedule.next;
  for (const at of near) {
    while (schedule.next < at) step(schedule);
    schedule.marks = [...schedule.marks, markHere(schedule)];
  }
}

/** Remembers where else an operation that was moved may have been: next to its place, in its task's bounds. */
function keepChoice(schedule: Schedule, change: Change): void {
  if (change.kind === 'instead') change.choice.chosen = change.on;
  if (change.kind !== 'move') return;
  const { operation, before: place, cause } = change;
  const from = Math.max(operation.earliest + 1, place.index - NEAR, schedule.first);
  const to = Math.min(operation.index, place.index + NEAR, endOf(schedule));
  const places = schedule.operations.slice(from - schedule.first, to - schedule.first).filter((other) => other !== place && other !== operation && !other.moved);
  const near = places.sort((a, b) => Math.abs(a.index - place.index) - Math.abs(b.index - place.index));
  schedule.choices.push({ chosen: change, others: near.map((other) => ({ kind: 'move', operation, before: other, cause })) });
  if (schedule.choices.length > CHOICES) schedule.choices.shift();
}

function search(schedule: Schedule, failure: Failure, goal: number): readonly Change[] {
  const first = [...candidates(schedule, failure, goal)];
  markBefore(schedule, goal);
  const root: Branch = { changes: [], failure, candidates: first, fits: true };
  failure.operation.adopted = true;
  const adopted = goThrough(schedule, goal, goal + PROOF);
  failure.operation.adopted = false;
  const found: Search = { schedule, goal, trials: TRIALS, best: { changes: [], index: adopted.index } };
  let branches: readonly Branch[] = [root];
  for (let depth = 1; depth <= DEPTH && branches.length > 0; depth += 1) {
    const next: Branch[] = [];
    for (const branch of branches) if (extend(found, branch, next)) return found.best.changes;
    if (found.best.changes.length > 0) return found.best.changes;
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

/** Of two ways that lead equally far, one with the kernel's placement explained is better than one with it adopted. */
function isBetter(search: Search, reach: Reach): boolean {
  if (reach.failure?.kind === 'unknown-area') return false;
  return search.best.changes.length === 0 ? reach.index >= search.best.index : reach.index > search.best.index;
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
  if (change.kind === 'instead') return Math.min(change.off.before.index, change.on.before.index);
  return change.kind === 'move' ? change.before.index : change.from;
}

function apply(schedule: Schedule, change: Change): void {
  if (change.kind === 'move') moveBefore(change.operation, change.before);
  else if (change.kind === 'effect') schedule.effects.push(change.effect);
  else if (change.kind === 'instead') {
    moveBack(change.off.operation, change.off.before);
    moveBefore(change.on.operation, change.on.before);
  } else schedule.lags.push({ from: change.from, lag: change.lag }, { from: change.to, lag: 0 });
}

function revert(schedule: Schedule, change: Change): void {
  if (change.kind === 'move') moveBack(change.operation, change.before);
  else if (change.kind === 'effect') schedule.effects.pop();
  else if (change.kind === 'instead') {
    moveBack(change.on.operation, change.on.before);
    moveBefore(change.off.operation, change.off.before);
  } else schedule.lags.splice(-2);
}

function explanationOf(changes: readonly Change[], failure: Failure): Explanation {
  const moved = changes.flatMap((change) => (change.kind === 'move' ? [change] : change.kind === 'instead' ? [change.on] : []));
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
      if (operation === place && !operation.moved) yield* before(schedule, operation, model.base, model.at, model.at + request.bits);
    }
    yield* laterFrees(schedule, operation, place);
    yield* lags(schedule, place);
    yield* otherChoices(schedule);
    yield* quietMoves(schedule, place);
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
      yield move(operation, place);
      for (const other of operationsBefore(schedule, operation, place.index).slice(0, 8)) yield move(operation, other);
      break;
    }
    if (others.length < 8 && index < place.index + 256) others.push(operation);
  }
  for (const operation of others) yield move(operation, place);
}

/**
 * The failed allocation may have held the lock before other operations: first before the frees that made the model's
 * place, then before any, the nearest first.
 */
function* before(schedule: Schedule, operation: Operation, base: string, from: number, to: number): Generator<Change> {
  const earlier = operationsBefore(schedule, operation, operation.index);
  const within = earlier.filter((other) => other.kind === 'free' && other.base === base && other.at >= from && other.at < to);
  for (const place of new Set([...within.slice(0, 4), ...earlier.slice(0, 24)])) yield move(operation, place);
}

function move(operation: Operation, before: Operation): Change {
  return { kind: 'move', operation, before, cause: 'lock order' };
}

/** What happened between an operation's task's operation before and an index, the last first. */
function operationsBefore(schedule: Schedule, operation: Operation, index: number): Operation[] {
  const start = Math.max(operation.earliest + 1, index - 256, schedule.first);
  return schedule.operations.slice(start - schedule.first, index - schedule.first).filter((other) => !other.moved).reverse();
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

/** What was explained before may have been otherwise, the last explanation first. */
function* otherChoices(schedule: Schedule): Generator<Change> {
  const reach = schedule.marks[0]?.index ?? Number.POSITIVE_INFINITY;
  for (const choice of [...schedule.choices].reverse()) {
    const { chosen: off } = choice;
    if (off.before.index < reach) continue;
    for (const on of choice.others) if (on.before.index >= reach && on !== off) yield { kind: 'instead', choice, off, on };
  }
}

/** Allocations that did not fail may still have held the lock earlier, since order also shows in hints alone. */
function* quietMoves(schedule: Schedule, place: Operation): Generator<Change> {
  for (let index = place.index - 1; index > place.index - QUIET && index >= schedule.first; index -= 1) {
    const operation = operationAt(schedule, index);
    if (operation?.request == null || operation.moved || operation.probed) continue;
    for (const other of operationsBefore(schedule, operation, index).slice(0, 2)) yield move(operation, other);
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
