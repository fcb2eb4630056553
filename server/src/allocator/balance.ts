import { nextClear, nextSet, testBit } from './bitmap';
import {
  addChunk, EMPTY_PAGES_HIGH, noteDepopulated, notePopulated, reintegrate, sideline, type Allocator,
} from './allocator';
import type { Chunk } from './chunk';
import { CONTIG, ROW } from './hints';
import { chunksIn, firstIn, removeFromSlots, slotOfSize } from './slots';

/**
 * The balance work: frees all free chunks but one, depopulates, keeps a few empty pages populated, frees chunks
 * without pages. It gives `pcpu_lock` up whenever pages or chunks are made or returned; each call of resumeBalance is
 * what it does from taking the lock to giving it up, and the result says what it then does without it.
 * Kernel: mm/percpu.c pcpu_balance_workfn (6.1, 6.12).
 */
export type Unlocked =
  | { readonly kind: 'depopulate'; readonly chunk: Chunk; readonly start: number; readonly end: number }
  /** Destroys a chunk that lost its last pages; `last` when the lock is taken again behind it. */
  | { readonly kind: 'destroy'; readonly chunk: Chunk; readonly last: boolean }
  /** Flushes the TLBs of all CPUs after a chunk was depopulated. */
  | { readonly kind: 'flush'; readonly chunk: Chunk }
  | { readonly kind: 'populate'; readonly chunk: Chunk; readonly start: number; readonly end: number }
  | { readonly kind: 'create' }
  | { readonly kind: 'done' };

export interface BalanceWork {
  phase: 'trim' | 'depopulate' | 'populate' | 'trim-empty' | 'done';
  unlocked: Unlocked;
  /** Free chunks taken off the lists to be destroyed; the first is in work. */
  doomed: Chunk[];
  /** Chunk in work, and the page that its downward scan stands at. */
  chunk: Chunk | null;
  page: number;
  flushed: boolean;
  reintegrate: boolean;
  slot: number;
  pagesWanted: number;
  /** False for work that only goes on with what it has begun: it looks for no free chunks to destroy. */
  readonly trims: boolean;
}

/** What came of the unlocked part: a chunk made, or pages that could not be had. */
export interface Outcome {
  readonly created?: Chunk;
  readonly failed?: boolean;
}

/** Starts the work and does its first hold of the lock. */
export function startBalance(allocator: Allocator): BalanceWork {
  allocator.balanceScheduled = false;
  const work = newWork(true);
  collectDoomed(allocator, work, false);
  work.unlocked = run(allocator, work);
  return work;
}

/** The part of the work behind the destruction of free chunks, as work that began before they were free does it. */
export function continueBalance(allocator: Allocator): BalanceWork {
  const work = newWork(false);
  beginDepopulation(allocator, work);
  work.unlocked = run(allocator, work);
  return work;
}

function newWork(trims: boolean): BalanceWork {
  return {
    phase: 'trim',
    unlocked: { kind: 'done' },
    doomed: [],
    chunk: null,
    page: 0,
    flushed: false,
    reintegrate: false,
    slot: 0,
    pagesWanted: 0,
    trims,
  };
}

/** Takes the lock again after the unlocked part and works on until the next one. */
export function resumeBalance(allocator: Allocator, work: BalanceWork, outcome: Outcome = {}): Unlocked {
  const { unlocked } = work;
  switch (unlocked.kind) {
    case 'depopulate':
      noteDepopulated(allocator, unlocked.chunk, unlocked.start, unlocked.end);
      break;
    case 'populate':
      if (outcome.failed === true) {
        work.pagesWanted = 0;
      } else {
        work.pagesWanted -= unlocked.end - unlocked.start;
        notePopulated(allocator, unlocked.chunk, unlocked.start, unlocked.end);
      }
      break;
    case 'create':
      if (outcome.created === undefined) endPopulation(allocator, work);
      else {
        addChunk(allocator, outcome.created);
        beginPopulation(allocator, work);
      }
      break;
    case 'flush':
      endDepopulation(allocator, work, unlocked.chunk);
      break;
    case 'destroy':
      work.doomed.shift();
      break;
    case 'done':
      return unlocked;
  }
  work.unlocked = run(allocator, work);
  return work.unlocked;
}

/** Works on under the lock until it has to be given up. */
function run(allocator: Allocator, work: BalanceWork): Unlocked {
  for (;;) {
    const unlocked = step(allocator, work);
    if (unlocked !== null) return unlocked;
  }
}

/** One phase's next step under the lock: the unlocked part it leads to, or null when the next phase follows. */
function step(allocator: Allocator, work: BalanceWork): Unlocked | null {
  switch (work.phase) {
    case 'trim':
    case 'trim-empty':
      return nextDoomed(allocator, work);
    case 'depopulate':
      return nextDepopulation(allocator, work);
    case 'populate':
      return nextPopulation(allocator, work);
    case 'done':
      return { kind: 'done' };
  }
}

/** Free chunks beyond the first; `emptyOnly` those without populated pages. Kernel: mm/percpu.c pcpu_balance_free. */
function collectDoomed(allocator: Allocator, work: BalanceWork, emptyOnly: boolean): void {
  work.phase = emptyOnly ? 'trim-empty' : 'trim';
  if (!work.trims) return;
  for (const chunk of chunksIn(allocator.slots, allocator.slots.free).slice(1)) {
    if (emptyOnly && chunk.emptyPopulatedPages !== 0) continue;
    removeFromSlots(chunk);
    // Each goes to the front of the list of the doomed.
    work.doomed.unshift(chunk);
  }
}

function nextDoomed(allocator: Allocator, work: BalanceWork): Unlocked | null {
  const [chunk] = work.doomed;
  if (chunk !== undefined) {
    const start = nextSet(chunk.populated, chunk.pages, 0);
    if (start < chunk.pages) return { kind: 'depopulate', chunk, start, end: nextClear(chunk.populated, chunk.pages, start) };
    return { kind: 'destroy', chunk, last: work.doomed.length === 1 };
  }
  if (work.phase === 'trim-empty') work.phase = 'done';
  else beginDepopulation(allocator, work);
  return null;
}

function beginDepopulation(allocator: Allocator, work: BalanceWork): void {
  work.chunk = allocator.depopulation ? firstIn(allocator.slots, allocator.slots.toDepopulate) : null;
  if (work.chunk === null) {
    beginPopulation(allocator, work);
    return;
  }
  work.phase = 'depopulate';
  work.page = work.chunk.pages - 1;
  work.flushed = false;
  work.reintegrate = false;
}

/**
 * Scans a chunk's pages downwards for runs that are empty and populated; stops when there are none left, or when all other
 * chunks together have few. Kernel: mm/percpu.c pcpu_reclaim_populated (6.1, 6.12).
 */
function nextDepopulation(allocator: Allocator, work: BalanceWork): Unlocked | null {
  const { chunk } = work;
  if (chunk === null) return null;
  let end = -1;
  while (work.page >= 0) {
    if (chunk.emptyPopulatedPages === 0) break;
    if (allocator.emptyPopulatedPages < EMPTY_PAGES_HIGH) {
      work.reintegrate = true;
      break;
    }
    const page = work.page;
    work.page -= 1;
    const empty = chunk.hints[page * ROW + CONTIG] === chunk.blockBits && testBit(chunk.populated, page);
    if (empty) {
      if (end === -1) end = page + 1;
      if (page > 0) continue;
    }
    if (end === -1) continue;
    work.flushed = true;
    return { kind: 'depopulate', chunk, start: empty ? page : page + 1, end };
  }
  if (work.flushed) return { kind: 'flush', chunk };
  endDepopulation(allocator, work, chunk);
  return null;
}

function endDepopulation(allocator: Allocator, work: BalanceWork, chunk: Chunk): void {
  if (work.reintegrate || chunk.freeBytes === allocator.slots.unitSize) reintegrate(allocator, chunk);
  else sideline(allocator, chunk);
  beginDepopulation(allocator, work);
}

/** Kernel: mm/percpu.c pcpu_balance_populated (6.1, 6.12). */
function beginPopulation(allocator: Allocator, work: BalanceWork): void {
  work.phase = 'populate';
  work.slot = slotOfSize(allocator.slots, allocator.pageSize);
  work.chunk = null;
  work.page = 0;
  if (allocator.atomicFailed) {
    allocator.atomicFailed = false;
    work.pagesWanted = EMPTY_PAGES_HIGH;
  } else {
    work.pagesWanted = Math.min(Math.max(EMPTY_PAGES_HIGH - allocator.emptyPopulatedPages, 0), EMPTY_PAGES_HIGH);
  }
}

function nextPopulation(allocator: Allocator, work: BalanceWork): Unlocked | null {
  const { slots } = allocator;
  while (work.pagesWanted > 0) {
    if (work.chunk === null) {
      if (work.slot > slots.free) return { kind: 'create' };
      work.chunk = chunksIn(slots, work.slot).find((chunk) => chunk.populatedPages < chunk.pages) ?? null;
      work.page = 0;
      work.slot += 1;
      continue;
    }
    const { chunk } = work;
    const start = nextClear(chunk.populated, chunk.pages, work.page);
    if (start >= chunk.pages) {
      work.chunk = null;
      continue;
    }
    const gap = nextSet(chunk.populated, chunk.pages, start + 1);
    work.page = gap + 1;
    return { kind: 'populate', chunk, start, end: Math.min(gap, start + work.pagesWanted) };
  }
  endPopulation(allocator, work);
  return null;
}

function endPopulation(allocator: Allocator, work: BalanceWork): void {
  work.chunk = null;
  collectDoomed(allocator, work, true);
}
