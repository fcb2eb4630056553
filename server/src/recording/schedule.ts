import { restoreCheckpoint, takeCheckpoint, type Checkpoint } from '../allocator/checkpoint';
import { allChunks } from '../allocator/allocator';
import { applyEffect, applyWorkCreate, applyWorkDestroy, runWhenDue, type AssumedWork, type Foreseen, type WorkEffect } from './assumedWork';
import { applyObservedWork } from './observedWork';
import type { Choice, Operation } from './operation';
import {
  adoptPlacement, applyCreatingRequest, applyFree, applyProbedAttempt, applyWholeRequest, type Failure, type Replica,
} from './replica';

/**
 * The operations of a recording on their way through the model: those to come (the window looks ahead), and those of
 * late, to return to when the order of the trace turns out not to be the order of the lock.
 */
export interface Schedule {
  readonly replica: Replica;
  /** Index of `operations[0]`; operations are numbered without gaps. */
  first: number;
  operations: Operation[];
  /** Index of the next operation to apply. */
  next: number;
  marks: Mark[];
  readonly assumed: AssumedWork;
  foreseen: Foreseen;
  /** Effects of unseen work, each before the operation with its index. */
  effects: WorkEffect[];
  /** Lags of the assumed work, each from an index on; see lagAt. */
  lags: { readonly from: number; readonly lag: number }[];
  /** Explanations of late; see explain.ts. */
  choices: Choice[];
  /** Operations that may still be gone through in search of explanations; grows with every operation applied. */
  credit: number;
}

/** A point to return to. */
export interface Mark {
  readonly index: number;
  readonly checkpoint: Checkpoint;
  readonly due: number;
}

/** How many operations are looked ahead, how many lie between marks, and how many marks are kept. */
export const AHEAD = 1024;
const MARK_EVERY = 1024;
const MARKS = 8;
/** Bounds the search on recordings that don't fit at all: so many operations at first, and more with every one applied. */
export const CREDIT = 1_500_000;
export const CREDIT_PER_OPERATION = 4;

export function newSchedule(replica: Replica): Schedule {
  const schedule: Schedule = {
    replica,
    first: 0,
    operations: [],
    next: 0,
    marks: [],
    assumed: { due: -1, runs: 0 },
    foreseen: { chunkMadeByWork: () => false, destroyed: () => false },
    effects: [],
    choices: [],
    lags: [{ from: 0, lag: 0 }],
    credit: CREDIT,
  };
  schedule.foreseen = foreseenBy(schedule);
  return schedule;
}

export function operationAt(schedule: Schedule, index: number): Operation | undefined {
  return schedule.operations[index - schedule.first];
}

/** Index behind the last operation in the window. */
export function endOf(schedule: Schedule): number {
  return schedule.first + schedule.operations.length;
}

/** Takes a mark when the last one is old enough. */
export function markIfDue(schedule: Schedule): void {
  const last = schedule.marks.at(-1);
  if (last !== undefined && schedule.next - last.index < MARK_EVERY) return;
  schedule.marks.push(markHere(schedule));
  if (schedule.marks.length > MARKS) schedule.marks.shift();
}

/** A mark of the state as it is, before the next operation. */
export function markHere({ replica, assumed, next, marks }: Schedule): Mark {
  const nearest = marks.findLast((mark) => mark.index <= next);
  return { index: next, checkpoint: takeCheckpoint(replica.allocator, replica.work, nearest?.checkpoint ?? null), due: assumed.due };
}

/** Goes back to the last mark at or before an index, and forgets none; false when none reaches that far. */
export function rewind(schedule: Schedule, index: number): boolean {
  const mark = schedule.marks.findLast((candidate) => candidate.index <= index);
  if (mark === undefined) return false;
  const { replica } = schedule;
  replica.work = restoreCheckpoint(replica.allocator, mark.checkpoint);
  replica.workChunk = null;
  replica.chunks.clear();
  for (const chunk of [...allChunks(replica.allocator), ...(replica.work?.doomed ?? [])]) replica.chunks.set(chunk.base, chunk);
  schedule.assumed.due = mark.due;
  schedule.next = mark.index;
  return true;
}

/** Drops operations that no mark needs any more; returns them, oldest first. */
export function retire(schedule: Schedule): Operation[] {
  const keepFrom = schedule.marks[0]?.index ?? schedule.next;
  const retired = schedule.operations.splice(0, keepFrom - schedule.first);
  schedule.first = keepFrom;
  schedule.effects = schedule.effects.filter((effect) => effect.index >= keepFrom);
  const lag = schedule.lags.findLastIndex((entry) => entry.from <= keepFrom);
  if (lag > 0) schedule.lags.splice(0, lag);
  return retired;
}

export function lagAt(schedule: Schedule, index: number): number {
  return schedule.lags.findLast((entry) => entry.from <= index)?.lag ?? 0;
}

/** Applies the next operation with those moved before it, and what runs after it. The failure of the first that fails. */
export function step(schedule: Schedule): Failure | null {
  const operation = operationAt(schedule, schedule.next);
  if (operation === undefined) return null;
  schedule.next += 1;
  for (const effect of schedule.effects) if (effect.index === operation.index) applyEffect(schedule.replica, effect);
  let failure: Failure | null = null;
  for (const earlier of operation.before) failure ??= applyOrAdopt(schedule, earlier);
  if (!operation.moved) failure ??= applyOrAdopt(schedule, operation);
  if (!operation.probed) {
    const { index } = operation;
    runWhenDue(schedule.replica, schedule.assumed, index, lagAt(schedule, index), schedule.foreseen);
  }
  return failure;
}

/** An operation once adopted is adopted again when it is gone through anew. */
function applyOrAdopt(schedule: Schedule, operation: Operation): Failure | null {
  const failure = apply(schedule, operation);
  if (failure?.operation.adopted !== true) return failure;
  adoptPlacement(schedule.replica, failure);
  return null;
}

function apply(schedule: Schedule, operation: Operation): Failure | null {
  const { replica } = schedule;
  const { kind, request } = operation;
  if (kind === 'attempt') {
    if (request === null) return null;
    return request.probed ? applyProbedAttempt(replica, operation, request) : applyWholeRequest(replica, operation, request);
  }
  if (kind === 'free') return applyFree(replica, operation);
  if (operation.probed) return applyObservedWork(replica, operation);
  if (kind === 'create') return applyCreate(schedule, operation);
  if (kind === 'destroy') return applyWorkDestroy(replica, operation, schedule.foreseen);
  return null;
}

/** A new chunk is for the task's next request if that follows at once; it is then placed here. Else the work made it. */
function applyCreate(schedule: Schedule, operation: Operation): Failure | null {
  const { replica } = schedule;
  const creator = creatorOf(schedule, operation);
  if (creator === undefined || creator.request === null) return applyWorkCreate(replica, operation, schedule.foreseen);
  creator.moved = true;
  return applyCreatingRequest(replica, creator, creator.request, operation.base);
}

/** The request for which a chunk was made: its task did nothing in between. */
function creatorOf(schedule: Schedule, create: Operation): Operation | undefined {
  const from = create.index + 1 - schedule.first;
  const limit = Math.min(from + AHEAD, schedule.operations.length);
  for (let at = from; at < limit; at += 1) {
    const operation = schedule.operations[at];
    if (operation?.kind === 'attempt' && operation.earliest === create.index) return operation;
  }
  return undefined;
}

function foreseenBy(schedule: Schedule): Foreseen {
  const ahead = (kind: Operation['kind']): Operation[] => {
    const from = schedule.next - schedule.first;
    return schedule.operations.slice(from, from + AHEAD).filter((other) => other.kind === kind);
  };
  return {
    chunkMadeByWork: () => ahead('create').some((create) => creatorOf(schedule, create) === undefined),
    destroyed: (base) => ahead('destroy').some((destroy) => destroy.base === base),
  };
}
