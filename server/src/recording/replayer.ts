import type { Allocator } from '../allocator/allocator';
import { isAreaStart } from '../allocator/allocator';
import { nextSet } from '../allocator/bitmap';
import { explain } from './explain';
import type { AllocationRequest, Cause, Operation } from './operation';
import { adoptPlacement, newReplica, type Failure } from './replica';
import { AHEAD, CREDIT, CREDIT_PER_OPERATION, endOf, markIfDue, newSchedule, operationAt, retire, step, type Schedule } from './schedule';

/** What is counted on the way. */
export interface Tally {
  events: number;
  allocations: number;
  exact: number;
  mismatched: number;
  undetermined: number;
  unconfirmed: number;
  failedRequests: number;
  frees: number;
  /** Frees of areas that the model does not have. */
  unknownFrees: number;
  created: number;
  destroyed: number;
  /** Steps of the balance work in the recording, and those in which the model's work did something else. */
  workSteps: number;
  workDifferences: number;
  /** Operations in the order of the lock by probes, and by their tracepoints alone. */
  probed: number;
  whole: number;
  /** Runs of the balance work that the recording does not show. */
  assumedWork: number;
  lost: number;
  readonly causes: Map<Cause, number>;
  firstMismatch: Mismatch | null;
  /** Allocations and frees in chunks that the model has. */
  knownChunks: number;
  firstBase: string;
  /** A kernel's placement was taken over: the model's state is no longer its own. */
  adopted: boolean;
}

/** Offsets in bytes. */
export interface Mismatch {
  readonly timestamp: number;
  readonly size: number;
  readonly align: number;
  readonly kernel: { readonly base: string; readonly offset: number } | null;
  readonly model: { readonly base: string; readonly offset: number } | null;
}

export interface Replayer {
  readonly schedule: Schedule;
  readonly tally: Tally;
  /** Told of every operation once it was applied; a later order may still move it by a few places. */
  readonly applied: ((operation: Operation) => void) | null;
}

/** A request waits this long, in operations, for its tracepoint. */
const PATIENCE = 65536;

export function newReplayer(allocator: Allocator, applied: Replayer['applied'] = null): Replayer {
  return {
    applied,
    schedule: newSchedule(newReplica(allocator)),
    tally: {
      events: 0, allocations: 0, exact: 0, mismatched: 0, undetermined: 0, unconfirmed: 0, failedRequests: 0, frees: 0,
      unknownFrees: 0, created: 0, destroyed: 0, workSteps: 0, workDifferences: 0, probed: 0, whole: 0, assumedWork: 0, lost: 0, causes: new Map(),
      firstMismatch: null, knownChunks: 0, firstBase: '', adopted: false,
    },
  };
}

/** Applies the operations for which enough is known. */
export function advance(replayer: Replayer): void {
  const { schedule } = replayer;
  for (;;) {
    const operation = operationAt(schedule, schedule.next);
    if (operation === undefined || !isReady(schedule, operation)) break;
    applyNext(replayer, operation);
  }
  retireAll(replayer);
}

/** Applies what is left when the recording has ended. */
export function finish(replayer: Replayer): void {
  const { schedule } = replayer;
  for (;;) {
    const operation = operationAt(schedule, schedule.next);
    if (operation === undefined) break;
    applyNext(replayer, operation);
  }
  schedule.marks = [];
  retireAll(replayer);
}

function isReady(schedule: Schedule, operation: Operation): boolean {
  const waiting = endOf(schedule) - schedule.next;
  if (!operation.probed) return waiting > AHEAD;
  return operation.request === null || operation.request.resolved || waiting > PATIENCE;
}

function applyNext(replayer: Replayer, operation: Operation): void {
  const { schedule } = replayer;
  if (operation.probed) schedule.marks = [];
  else markIfDue(schedule);
  schedule.credit = Math.min(schedule.credit + CREDIT_PER_OPERATION, CREDIT);
  noteChunk(replayer, operation);
  if (operation.request !== null && wasThereBefore(replayer, operation, operation.request)) {
    operation.moved = true;
    settleAs(operation.request, 'undetermined', 'before the state');
  }
  const failure = step(schedule);
  if (failure !== null) resolve(replayer, failure);
  replayer.applied?.(operation);
}

function noteChunk(replayer: Replayer, operation: Operation): void {
  const { tally, schedule } = replayer;
  if (operation.kind === 'lost') {
    tally.lost += 1;
    schedule.replica.populating.clear();
  }
  if (operation.kind !== 'attempt' && operation.kind !== 'free') return;
  const base = operation.request?.base ?? operation.base;
  if (tally.firstBase === '') tally.firstBase = base;
  if (schedule.replica.chunks.has(base)) tally.knownChunks += 1;
}

/** Explains a failure where the order is not known, else takes the kernel's placement over. */
function resolve(replayer: Replayer, failure: Failure): void {
  const { schedule, tally } = replayer;
  const { operation } = failure;
  if (failure.kind === 'unexpected') {
    tally.workDifferences += 1;
    return;
  }
  const explanation = operation.probed ? null : explain(schedule, failure);
  if (explanation === null) {
    adopt(replayer, failure);
    return;
  }
  for (const other of explanation.undetermined) {
    if (other.request !== null) settleAs(other.request, 'undetermined', explanation.cause);
  }
}

function settleAs(request: AllocationRequest, outcome: 'undetermined' | 'mismatched', cause: Cause | null): void {
  request.outcome = outcome;
  request.cause = cause;
}

/** The request held the lock before the state was taken, only its tracepoint comes after: the area is there already. */
function wasThereBefore({ schedule }: Replayer, operation: Operation, request: AllocationRequest): boolean {
  if (operation.earliest !== -1 || operation.index >= AHEAD || request.probed || request.failed) return false;
  const chunk = schedule.replica.chunks.get(request.base);
  if (chunk === undefined || !isAreaStart(chunk, request.at)) return false;
  const mentioned = schedule.operations.some((other) => other.index < operation.index && concerns(other, request));
  return !mentioned && nextSet(chunk.boundaries, chunk.bits, request.at + 1) === request.at + request.bits;
}

function concerns(operation: Operation, request: AllocationRequest): boolean {
  const { base, at } = operation.request ?? operation;
  return base === request.base && at === request.at;
}

function adopt(replayer: Replayer, failure: Failure): void {
  const { schedule, tally } = replayer;
  const { operation } = failure;
  const { request } = operation;
  operation.adopted = true;
  tally.adopted = true;
  if (request === null) {
    tally.unknownFrees += 1;
    return;
  }
  adoptPlacement(schedule.replica, failure);
  if (tally.lost > 0) {
    settleAs(request, 'undetermined', 'lost events');
    return;
  }
  settleAs(request, 'mismatched', null);
  tally.firstMismatch ??= mismatchOf(operation, request, failure);
}

function mismatchOf(operation: Operation, request: AllocationRequest, failure: Failure): Mismatch {
  const place = (base: string, at: number): Mismatch['kernel'] => ({ base, offset: at * 4 });
  return {
    timestamp: operation.timestamp,
    size: request.bits * 4,
    align: request.align * 4,
    kernel: request.failed ? null : place(request.base, request.at),
    model: failure.model === null ? null : place(failure.model.base, failure.model.at),
  };
}

function retireAll({ schedule, tally }: Replayer): void {
  tally.assumedWork = schedule.assumed.runs;
  for (const operation of retire(schedule)) count(tally, operation);
}

function count(tally: Tally, operation: Operation): void {
  if (operation.probed) tally.probed += 1;
  else tally.whole += 1;
  switch (operation.kind) {
    case 'attempt':
      if (operation.request !== null) countRequest(tally, operation.request);
      break;
    case 'free':
      tally.frees += 1;
      break;
    case 'create':
      tally.created += 1;
      break;
    case 'destroy':
      tally.destroyed += 1;
      break;
    case 'populated':
    case 'depopulated':
      tally.workSteps += 1;
      break;
    case 'fresh':
    case 'balance':
    case 'balance-return':
    case 'trim':
    case 'trim-return':
    case 'lost':
      break;
  }
}

/** A request with several holds of the lock counts once, with the last. */
function countRequest(tally: Tally, request: AllocationRequest): void {
  const { outcome, cause } = request;
  if (outcome === 'pending') return;
  if (request.failed && outcome === 'exact') tally.failedRequests += 1;
  else if (outcome === 'unconfirmed') tally.unconfirmed += 1;
  else {
    tally.allocations += 1;
    tally[outcome] += 1;
    if (cause !== null) tally.causes.set(cause, (tally.causes.get(cause) ?? 0) + 1);
  }
  request.outcome = 'pending';
}
