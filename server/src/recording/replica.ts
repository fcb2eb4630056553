import {
  addChunk, allChunks, askForPages, freeArea, isAreaStart, isFreeArea, makeChunk, noteAtomicFailure, noteDepopulated,
  notePopulated, placeAt, tryPlace, type Allocator, type Placement,
} from '../allocator/allocator';
import type { BalanceWork } from '../allocator/balance';
import { nextClear, nextSet } from '../allocator/bitmap';
import type { Chunk } from '../allocator/chunk';
import { firstIn, removeFromSlots } from '../allocator/slots';
import type { AllocationRequest, Operation } from './operation';

/** The model beside the recording: what the operations applied so far made of the state. */
export interface Replica {
  readonly allocator: Allocator;
  readonly chunks: Map<string, Chunk>;
  /** The balance work under way, the task that does it, and the chunk that it made last. */
  work: BalanceWork | null;
  workTask: number;
  workChunk: Chunk | null;
  /** Requests that found no place and wait for their new chunk, by task. */
  readonly waiting: Map<number, AllocationRequest>;
  /** Areas whose pages their tasks are populating. */
  readonly populating: Map<number, PageRange>;
  readonly placement: Placement;
}

interface PageRange {
  readonly chunk: Chunk;
  readonly start: number;
  readonly end: number;
}

/** Why an operation could not be applied as the recording has it. */
export interface Failure {
  readonly operation: Operation;
  readonly kind: 'misplaced' | 'no-place' | 'placed-but-failed' | 'unknown-area' | 'unexpected';
  /** Where the model put the area, in granules; null where it found no place. */
  readonly model: { readonly base: string; readonly at: number } | null;
}

export function newReplica(allocator: Allocator): Replica {
  return {
    allocator,
    chunks: new Map(allChunks(allocator).map((chunk) => [chunk.base, chunk])),
    work: null,
    workTask: Number.NaN,
    workChunk: null,
    waiting: new Map(),
    populating: new Map(),
    placement: { chunk: allocator.first, at: 0 },
  };
}

/** One hold of the lock that a probe announced. The request waits for a new chunk when nothing has room. */
export function applyProbedAttempt(replica: Replica, operation: Operation, request: AllocationRequest): Failure | null {
  const { allocator } = replica;
  finishPopulating(replica, operation.task);
  addCreated(replica, request);
  if (place(replica, request)) {
    if (!request.atomic) startPopulating(replica, request);
    return judge(replica, operation, request);
  }
  if (request.failed) return noteFailed(replica, request);
  const waits = !request.atomic && !(request.reserved && allocator.reserved !== null);
  if (!waits) return request.resolved ? { operation, kind: 'no-place', model: null } : null;
  replica.waiting.set(operation.task, request);
  return null;
}

/** A request known by its tracepoint alone: all that happened to it, at once. */
export function applyWholeRequest(replica: Replica, operation: Operation, request: AllocationRequest): Failure | null {
  addCreated(replica, request);
  let placed = place(replica, request);
  if (!placed && !request.atomic && !request.failed && isNewChunk(replica, request)) {
    request.created = makeChunk(replica.allocator, request.base);
    addCreated(replica, request);
    placed = place(replica, request);
  }
  if (!placed) {
    if (request.failed) return noteFailed(replica, request);
    return { operation, kind: 'no-place', model: null };
  }
  const failure = judge(replica, operation, request);
  if (failure === null) afterPlacement(replica, request);
  return failure;
}

/** A request for which a chunk was made, at the time of its making: nothing had room before. */
export function applyCreatingRequest(replica: Replica, operation: Operation, request: AllocationRequest, base: string): Failure | null {
  const { allocator, placement } = replica;
  request.created = null;
  const placed = tryPlace(allocator, request, placement);
  request.created = makeChunk(allocator, base);
  if (placed) return { operation, kind: 'misplaced', model: { base: placement.chunk.base, at: placement.at } };
  return applyWholeRequest(replica, operation, request);
}

/** The recording has no event of the chunk's making: the placement in it implies it. */
function isNewChunk(replica: Replica, request: AllocationRequest): boolean {
  return request.base !== '' && !replica.chunks.has(request.base);
}

/** Two attempts when the first finds nothing and a free chunk is there, as a request that may sleep has them. */
function place(replica: Replica, request: AllocationRequest): boolean {
  const { allocator, placement } = replica;
  if (tryPlace(allocator, request, placement)) return true;
  if (request.atomic || firstIn(allocator.slots, allocator.slots.free) === null) return false;
  return tryPlace(allocator, request, placement);
}

function addCreated(replica: Replica, request: AllocationRequest): void {
  const { created } = request;
  if (created === null) return;
  replica.waiting.delete(request.task);
  replica.chunks.set(created.base, created);
  addChunk(replica.allocator, created);
  request.created = null;
}

function judge(replica: Replica, operation: Operation, request: AllocationRequest): Failure | null {
  const { chunk, at } = replica.placement;
  if (!request.resolved || (request.base === '' && !request.failed)) {
    request.outcome = 'unconfirmed';
    return null;
  }
  const model = { base: chunk.base, at };
  if (request.failed) return { operation, kind: 'placed-but-failed', model };
  if (chunk.base !== request.base || at !== request.at) return { operation, kind: 'misplaced', model };
  if (request.outcome === 'pending') request.outcome = 'exact';
  return null;
}

function noteFailed(replica: Replica, request: AllocationRequest): null {
  if (request.atomic) noteAtomicFailure(replica.allocator);
  replica.waiting.delete(request.task);
  request.outcome = 'exact';
  return null;
}

function afterPlacement(replica: Replica, request: AllocationRequest): void {
  if (!request.atomic) {
    startPopulating(replica, request);
    finishPopulating(replica, request.task);
  }
  askForPages(replica.allocator);
}

function startPopulating(replica: Replica, request: AllocationRequest): void {
  const { chunk, at } = replica.placement;
  const range = { chunk, start: Math.trunc(at / chunk.blockBits), end: Math.ceil((at + request.bits) / chunk.blockBits) };
  if (nextClear(chunk.populated, range.end, range.start) < range.end) replica.populating.set(request.task, range);
}

/** Populates what a task's area still lacks. */
function finishPopulating(replica: Replica, task: number): void {
  const range = replica.populating.get(task);
  if (range === undefined) return;
  replica.populating.delete(task);
  const { chunk, end } = range;
  for (let start = nextClear(chunk.populated, end, range.start); start < end; ) {
    const gapEnd = nextSet(chunk.populated, end, start + 1);
    notePopulated(replica.allocator, chunk, start, gapEnd);
    start = nextClear(chunk.populated, end, gapEnd);
  }
}

/** A task populated pages for its own area; they must be the next that it lacks. */
export function applyTaskPopulated(replica: Replica, operation: Operation): Failure | null {
  const range = replica.populating.get(operation.task);
  const chunk = replica.chunks.get(operation.base);
  if (chunk === undefined) return { operation, kind: 'unknown-area', model: null };
  const expected = range?.chunk === chunk && nextClear(chunk.populated, range.end, range.start) === operation.start;
  populateMissing(replica, chunk, operation.start, operation.end);
  if (range !== undefined && nextClear(range.chunk.populated, range.end, range.start) === range.end) replica.populating.delete(operation.task);
  return expected ? null : { operation, kind: 'unexpected', model: null };
}

export function populateMissing(replica: Replica, chunk: Chunk, from: number, to: number): void {
  for (let page = from; page < Math.min(to, chunk.pages); page += 1) {
    if (nextClear(chunk.populated, page + 1, page) === page) notePopulated(replica.allocator, chunk, page, page + 1);
  }
}

export function depopulatePresent(replica: Replica, chunk: Chunk, from: number, to: number): void {
  for (let page = from; page < Math.min(to, chunk.pages); page += 1) {
    if (nextSet(chunk.populated, page + 1, page) === page) noteDepopulated(replica.allocator, chunk, page, page + 1);
  }
}

export function applyFree(replica: Replica, operation: Operation): Failure | null {
  const chunk = replica.chunks.get(operation.base);
  if (chunk === undefined || !isAreaStart(chunk, operation.at)) return { operation, kind: 'unknown-area', model: null };
  freeArea(replica.allocator, chunk, operation.at);
  return null;
}

/**
 * After a request that the model put elsewhere: takes the model's area back and the kernel's place over, where that
 * is free in the model.
 */
export function adoptPlacement(replica: Replica, failure: Failure): void {
  const { request } = failure.operation;
  const { allocator, chunks } = replica;
  if (request === null) return;
  if (failure.model !== null) {
    const chunk = chunks.get(failure.model.base);
    if (chunk !== undefined && isAreaStart(chunk, failure.model.at)) freeArea(allocator, chunk, failure.model.at);
    replica.populating.delete(request.task);
  }
  if (request.failed || request.base === '') return;
  addCreated(replica, request);
  const chunk = chunks.get(request.base);
  if (chunk === undefined || !isFreeArea(chunk, request.at, request.bits)) return;
  placeAt(allocator, chunk, request.at, request.bits);
  replica.placement.chunk = chunk;
  replica.placement.at = request.at;
  if (request.probed && !request.atomic) startPopulating(replica, request);
  else afterPlacement(replica, request);
}

/** A chunk goes although the model would keep it: its pages leave the books with it. */
export function removeChunk(replica: Replica, chunk: Chunk): void {
  depopulatePresent(replica, chunk, 0, chunk.pages);
  removeFromSlots(chunk);
  replica.chunks.delete(chunk.base);
}
