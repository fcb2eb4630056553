import { makeChunk } from '../allocator/allocator';
import { resumeBalance, startBalance, type BalanceWork } from '../allocator/balance';
import { countSet } from '../allocator/bitmap';
import type { Operation } from './operation';
import { applyTaskPopulated, depopulatePresent, populateMissing, removeChunk, type Failure, type Replica } from './replica';

/**
 * Follows balance work whose steps are in the recording (probes inside the lock). The model's own work says
 * what it does next; the recording says when. Not shown is when the work takes the lock again after flushing the TLBs: that
 * is taken to be at its next step.
 */
export function applyObservedWork(replica: Replica, operation: Operation): Failure | null {
  switch (operation.kind) {
    case 'balance':
      replica.workTask = operation.task;
      return null;
    case 'balance-return':
      return endWork(replica, operation);
    case 'trim':
      if (operation.emptyOnly) catchUp(replica);
      else begin(replica, operation.task);
      return null;
    case 'trim-return':
      if (replica.work?.unlocked.kind === 'destroy') resumeBalance(replica.allocator, replica.work);
      return null;
    case 'fresh':
      if (operation.task === replica.workTask) catchUp(replica);
      return null;
    case 'create':
      return applyCreate(replica, operation);
    case 'destroy':
      return applyDestroy(replica, operation);
    case 'populated':
      return applyPopulated(replica, operation);
    case 'depopulated':
      return applyDepopulated(replica, operation);
    case 'attempt':
    case 'free':
    case 'lost':
      return null;
  }
}

function begin(replica: Replica, task: number): BalanceWork {
  const work = startBalance(replica.allocator);
  replica.work = work;
  replica.workTask = task;
  replica.workChunk = null;
  return work;
}

/** The work, begun now where its beginning was not recorded. */
function workOf(replica: Replica, operation: Operation): BalanceWork {
  replica.allocator.asyncEnabled = true;
  return replica.work ?? begin(replica, operation.task);
}

/** Lets the work take the lock again after the parts whose end no event shows. */
function catchUp(replica: Replica): void {
  const { work, allocator } = replica;
  while (work !== null) {
    const { kind } = work.unlocked;
    if (kind === 'flush') resumeBalance(allocator, work);
    else if (kind === 'create' && replica.workChunk !== null) {
      const created = replica.workChunk;
      replica.workChunk = null;
      resumeBalance(allocator, work, { created });
    } else return;
  }
}

function endWork(replica: Replica, operation: Operation): Failure | null {
  catchUp(replica);
  const done = replica.work === null || replica.work.unlocked.kind === 'done';
  replica.work = null;
  return done ? null : { operation, kind: 'unexpected', model: null };
}

/** A task's new chunk goes to its waiting request, any other is the work's. */
function applyCreate(replica: Replica, operation: Operation): Failure | null {
  const chunk = makeChunk(replica.allocator, operation.base);
  const request = replica.waiting.get(operation.task);
  if (request !== undefined) {
    request.created = chunk;
    return null;
  }
  const work = workOf(replica, operation);
  catchUp(replica);
  replica.chunks.set(chunk.base, chunk);
  replica.workChunk = chunk;
  return work.unlocked.kind === 'create' ? null : { operation, kind: 'unexpected', model: null };
}

function applyDestroy(replica: Replica, operation: Operation): Failure | null {
  const work = workOf(replica, operation);
  catchUp(replica);
  const { unlocked } = work;
  if (unlocked.kind === 'destroy' && unlocked.chunk.base === operation.base) {
    replica.chunks.delete(operation.base);
    if (!unlocked.last) resumeBalance(replica.allocator, work);
    return null;
  }
  const chunk = replica.chunks.get(operation.base);
  if (chunk !== undefined) removeChunk(replica, chunk);
  return { operation, kind: 'unexpected', model: null };
}

function applyPopulated(replica: Replica, operation: Operation): Failure | null {
  if (operation.task !== replica.workTask) return applyTaskPopulated(replica, operation);
  const work = workOf(replica, operation);
  catchUp(replica);
  const { unlocked } = work;
  const { start, end } = operation;
  if (unlocked.kind === 'populate' && unlocked.chunk.base === operation.base && unlocked.start === start && unlocked.end === end) {
    resumeBalance(replica.allocator, work);
    return null;
  }
  const chunk = replica.chunks.get(operation.base);
  if (chunk !== undefined) populateMissing(replica, chunk, start, end);
  return { operation, kind: 'unexpected', model: null };
}

/** Other pages than the model's are taken over: areas may have been freed while the lock was not held. */
function applyDepopulated(replica: Replica, operation: Operation): Failure | null {
  const work = workOf(replica, operation);
  catchUp(replica);
  const { unlocked } = work;
  const { start, end } = operation;
  if (unlocked.kind === 'depopulate' && unlocked.chunk.base === operation.base && unlocked.start === start && unlocked.end === end) {
    resumeBalance(replica.allocator, work);
    return null;
  }
  const chunk = replica.chunks.get(operation.base);
  if (chunk === undefined) return { operation, kind: 'unexpected', model: null };
  if (unlocked.kind !== 'depopulate' || countSet(chunk.populated, start, end) < end - start) {
    depopulatePresent(replica, chunk, start, end);
    return { operation, kind: 'unexpected', model: null };
  }
  work.unlocked = { kind: 'depopulate', chunk, start, end };
  work.chunk = chunk;
  work.page = start - 1;
  resumeBalance(replica.allocator, work);
  return { operation, kind: 'unexpected', model: null };
}
