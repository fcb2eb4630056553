import { clearBits, nextClear, nextSet, setBit, setBits } from './bitmap';
import { findArea, findFit, passed } from './areaSearch';
import { GRANULE, newChunk, type Chunk } from './chunk';
import { notePassedRun, releaseInHints, reserveInHints } from './hintUpkeep';
import { FIRST } from './hints';
import {
  FAIL_THRESHOLD, headOf, moveToBack, moveToFront, relocate, slotOfChunk, slotOfSize, type Slots,
} from './slots';

/**
 * The state of the percpu allocator, and what a holder of `pcpu_lock` does to it. What happens between two holds (backing
 * pages, making a chunk) is the caller's: a live kernel's order is in its trace, a scenario makes its own.
 */
export interface Allocator {
  readonly pageSize: number;
  readonly unitPages: number;
  /** Units of a chunk, padding units included. */
  readonly units: number;
  readonly slots: Slots;
  readonly first: Chunk;
  readonly reserved: Chunk | null;
  /** Chunks made at run time carry a vector of owners (memory cgroups, allocation tags). */
  readonly objectExtensions: boolean;
  /** False for kernels without depopulation: before 5.14. */
  readonly depopulation: boolean;
  /** Populated pages without an allocation, over the chunks that are not isolated. */
  emptyPopulatedPages: number;
  /** Populated pages of a unit over all chunks, with those of static and reserved areas. */
  populatedPages: number;
  /** Balance work may be scheduled: false during early boot. */
  asyncEnabled: boolean;
  /** An atomic request failed since the balance work last ran. */
  atomicFailed: boolean;
  balanceScheduled: boolean;
  /** Number of changes of any chunk so far. */
  changes: number;
}

/** The balance work keeps the number of empty populated pages between these. Kernel: PCPU_EMPTY_POP_PAGES_LOW, _HIGH. */
export const EMPTY_PAGES_LOW = 2;
export const EMPTY_PAGES_HIGH = 4;

/** A request as the search sees it, in granules; see requestOf. */
export interface Request {
  bits: number;
  align: number;
  /** Must not sleep: populated pages only, no new chunk. */
  atomic: boolean;
  reserved: boolean;
}

/** Where tryPlace put the last area; valid until its next call. */
export interface Placement {
  chunk: Chunk;
  /** Offset of the area in the chunk, in granules. */
  at: number;
}

/**
 * What one hold of `pcpu_lock` does for a request: searches the slots upwards and takes the area. False when no chunk
 * has a place; chunks with little room that were tried are then in slot 0.
 * Kernel: mm/percpu.c pcpu_alloc_noprof (6.12), pcpu_alloc (6.1).
 */
export function tryPlace(allocator: Allocator, request: Request, placement: Placement): boolean {
  if (request.reserved && allocator.reserved !== null) {
    const { reserved } = allocator;
    const start = findFit(reserved, request.bits, request.align, request.atomic);
    const at = start === -1 ? -1 : takeArea(allocator, reserved, start, request);
    placement.chunk = reserved;
    placement.at = at;
    return at !== -1;
  }
  const { slots } = allocator;
  for (let slot = slotOfSize(slots, request.bits * GRANULE); slot <= slots.free; slot += 1) {
    for (let node = headOf(slots, slot).next; node.chunk !== null; ) {
      const { chunk } = node;
      node = node.next;
      const start = findFit(chunk, request.bits, request.align, request.atomic);
      if (start === -1) {
        if (slot < FAIL_THRESHOLD) moveToFront(slots, chunk, 0);
        continue;
      }
      const at = takeArea(allocator, chunk, start, request);
      if (at === -1) continue;
      reintegrate(allocator, chunk);
      placement.chunk = chunk;
      placement.at = at;
      return true;
    }
  }
  return false;
}

/** Kernel: mm/percpu.c pcpu_alloc_area (6.1, 6.12). Returns the position taken, or -1. */
function takeArea(allocator: Allocator, chunk: Chunk, start: number, request: Request): number {
  const { bits, align } = request;
  const limit = Math.min(start + bits + chunk.blockBits, chunk.bits);
  const at = findArea(chunk.allocated, limit, start, bits, align);
  if (at === -1) return -1;
  touch(allocator, chunk);
  const before = slotOfChunk(allocator.slots, chunk);
  if (passed.bits > 0) notePassedRun(chunk, passed.at, passed.bits);
  reserveArea(allocator, chunk, at, bits);
  relocate(allocator.slots, chunk, before);
  return at;
}

/** To be called before any change of a chunk's contents. */
function touch(allocator: Allocator, chunk: Chunk): void {
  allocator.changes += 1;
  chunk.stamp = allocator.changes;
}

function reserveArea(allocator: Allocator, chunk: Chunk, at: number, bits: number): void {
  const { allocated, boundaries, hints, ownRow } = chunk;
  const end = at + bits;
  setBits(allocated, at, end);
  setBit(boundaries, at);
  clearBits(boundaries, at + 1, end);
  setBit(boundaries, end);
  chunk.freeBytes -= bits * GRANULE;
  if (at === hints[ownRow + FIRST]) hints[ownRow + FIRST] = nextClear(allocated, chunk.bits, end);
  changeEmptyPages(allocator, chunk, -reserveInHints(chunk, at, bits));
}

/** Takes an area at a given place, as adopted from a recording; the bits must be free. */
export function placeAt(allocator: Allocator, chunk: Chunk, at: number, bits: number): void {
  touch(allocator, chunk);
  const before = slotOfChunk(allocator.slots, chunk);
  reserveArea(allocator, chunk, at, bits);
  relocate(allocator.slots, chunk, before);
  reintegrate(allocator, chunk);
}

export function isFreeArea(chunk: Chunk, at: number, bits: number): boolean {
  return at >= 0 && at + bits <= chunk.bits && nextSet(chunk.allocated, at + bits, at) === at + bits;
}

/** Whether an area starts at this position. */
export function isAreaStart(chunk: Chunk, at: number): boolean {
  return at >= 0 && at < chunk.bits && nextSet(chunk.allocated, at + 1, at) === at && nextSet(chunk.boundaries, at + 1, at) === at;
}

/**
 * What one hold of `pcpu_lock` does for a free; the position must start an area. Returns its length in granules.
 * Schedules balance work when a second chunk became free, or when this one has enough empty pages to be depopulated.
 * Kernel: mm/percpu.c free_percpu, pcpu_free_area (6.1, 6.12).
 */
export function freeArea(allocator: Allocator, chunk: Chunk, at: number): number {
  const { boundaries, hints, ownRow } = chunk;
  touch(allocator, chunk);
  const before = slotOfChunk(allocator.slots, chunk);
  const end = nextSet(boundaries, chunk.bits, at + 1);
  const bits = end - at;
  clearBits(chunk.allocated, at, end);
  chunk.freeBytes += bits * GRANULE;
  if (at < (hints[ownRow + FIRST] ?? 0)) hints[ownRow + FIRST] = at;
  changeEmptyPages(allocator, chunk, releaseInHints(chunk, at, bits));
  relocate(allocator.slots, chunk, before);

  if (!chunk.isolated && chunk.freeBytes === allocator.slots.unitSize) {
    const head = headOf(allocator.slots, allocator.slots.free);
    if (head.next !== head && (head.next.chunk !== chunk || head.next.next !== head)) scheduleBalance(allocator);
  } else if (shouldDepopulate(allocator, chunk)) {
    isolate(allocator, chunk);
    scheduleBalance(allocator);
  }
  return bits;
}

/** Kernel: mm/percpu-vm.c pcpu_should_reclaim_chunk (6.1, 6.12). */
function shouldDepopulate(allocator: Allocator, chunk: Chunk): boolean {
  if (chunk.role !== 'dynamic' || !allocator.depopulation) return false;
  const empty = chunk.emptyPopulatedPages;
  if (chunk.isolated && empty > 0) return true;
  return allocator.emptyPopulatedPages > EMPTY_PAGES_HIGH + empty && empty >= Math.trunc(chunk.pages / 4);
}

function isolate(allocator: Allocator, chunk: Chunk): void {
  if (!chunk.isolated) {
    chunk.isolated = true;
    allocator.emptyPopulatedPages -= chunk.emptyPopulatedPages;
  }
  moveToFront(allocator.slots, chunk, allocator.slots.toDepopulate);
}

/** Puts an isolated chunk back on the active slots. Kernel: mm/percpu.c pcpu_reintegrate_chunk (6.1, 6.12). */
export function reintegrate(allocator: Allocator, chunk: Chunk): void {
  if (!chunk.isolated) return;
  touch(allocator, chunk);
  chunk.isolated = false;
  allocator.emptyPopulatedPages += chunk.emptyPopulatedPages;
  relocate(allocator.slots, chunk, -1);
}

/** Isolates a chunk and sidelines it at once, as after work on it of which nothing is known. */
export function setAside(allocator: Allocator, chunk: Chunk): void {
  touch(allocator, chunk);
  isolate(allocator, chunk);
  sideline(allocator, chunk);
}

export function sideline(allocator: Allocator, chunk: Chunk): void {
  moveToBack(allocator.slots, chunk, allocator.slots.sidelined);
}

function changeEmptyPages(allocator: Allocator, chunk: Chunk, pages: number): void {
  chunk.emptyPopulatedPages += pages;
  if (chunk.role !== 'reserved' && !chunk.isolated) allocator.emptyPopulatedPages += pages;
}

/** Bookkeeping after pages `[start, end)` were backed. Kernel: mm/percpu.c pcpu_chunk_populated (6.1, 6.12). */
export function notePopulated(allocator: Allocator, chunk: Chunk, start: number, end: number): void {
  touch(allocator, chunk);
  setBits(chunk.populated, start, end);
  chunk.populatedPages += end - start;
  allocator.populatedPages += end - start;
  changeEmptyPages(allocator, chunk, end - start);
}

/** Bookkeeping after pages `[start, end)` were given back. Kernel: mm/percpu.c pcpu_chunk_depopulated (6.1, 6.12). */
export function noteDepopulated(allocator: Allocator, chunk: Chunk, start: number, end: number): void {
  touch(allocator, chunk);
  clearBits(chunk.populated, start, end);
  chunk.populatedPages -= end - start;
  allocator.populatedPages -= end - start;
  changeEmptyPages(allocator, chunk, start - end);
}

/** A new chunk without any page, on no list yet: see addChunk. */
export function makeChunk(allocator: Allocator, base: string): Chunk {
  return newChunk({
    base,
    role: 'dynamic',
    pages: allocator.unitPages,
    pageSize: allocator.pageSize,
    startOffset: 0,
    endOffset: 0,
    hasObjectExtensions: allocator.objectExtensions,
  });
}

export function addChunk(allocator: Allocator, chunk: Chunk): void {
  relocate(allocator.slots, chunk, -1);
}

export function scheduleBalance(allocator: Allocator): void {
  if (allocator.asyncEnabled) allocator.balanceScheduled = true;
}

/** After an allocation: asks for balance work when empty pages run low. */
export function askForPages(allocator: Allocator): void {
  if (allocator.emptyPopulatedPages < EMPTY_PAGES_LOW) scheduleBalance(allocator);
}

/** After a request that must not sleep failed. */
export function noteAtomicFailure(allocator: Allocator): void {
  allocator.atomicFailed = true;
  scheduleBalance(allocator);
}

/** Every chunk: those on the slots in list order, then the reserved one. */
export function allChunks(allocator: Allocator): Chunk[] {
  const chunks: Chunk[] = [];
  for (const head of allocator.slots.heads) {
    for (let node = head.next; node.chunk !== null; node = node.next) chunks.push(node.chunk);
  }
  if (allocator.reserved !== null) chunks.push(allocator.reserved);
  return chunks;
}
