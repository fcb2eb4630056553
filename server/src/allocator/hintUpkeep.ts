import { lastSet, nextClear, nextSet } from './bitmap';
import type { Chunk } from './chunk';
import {
  CONTIG, CONTIG_START, demoteContig, FIRST, hintOverlaps, LEFT, noteFreeRun, resetRow, RIGHT, ROW, SCAN, SCAN_START,
  SIZE,
} from './hints';

/**
 * Brings the hints up to date after `[at, at + bits)` was set in the map.
 * Returns how many blocks were entirely free before and are no longer.
 * Kernel: mm/percpu.c pcpu_block_update_hint_alloc (6.1, 6.12).
 */
export function reserveInHints(chunk: Chunk, at: number, bits: number): number {
  const { blockBits, hints, ownRow } = chunk;
  const first = Math.trunc(at / blockBits);
  const last = Math.trunc((at + bits - 1) / blockBits);
  const from = at - first * blockBits;
  const to = at + bits - last * blockBits;
  let broken = reserveInFirstBlock(chunk, first, from, bits, first === last ? blockBits - to : 0);
  if (first !== last) broken += reserveInLastBlock(chunk, last, to) + (last - first - 1);
  for (let block = first + 1; block < (to === blockBits ? last + 1 : last); block += 1) closeRow(chunk, block * ROW);

  if (hintOverlaps(hints, ownRow, SCAN, at, at + bits)) hints[ownRow + SCAN] = 0;
  if (hintOverlaps(hints, ownRow, CONTIG, at, at + bits)) searchChunk(chunk, false);
  return broken;
}

/** `[from, from + bits)` may reach beyond the block; `right` is what is left of it at the right edge at most. */
function reserveInFirstBlock(chunk: Chunk, block: number, from: number, bits: number, right: number): number {
  const { blockBits, hints } = chunk;
  const row = block * ROW;
  const wasFree = hints[row + CONTIG] === blockBits ? 1 : 0;
  if (from === hints[row + FIRST]) hints[row + FIRST] = nextClearIn(chunk, block, from + bits);
  if (hintOverlaps(hints, row, SCAN, from, from + bits)) hints[row + SCAN] = 0;
  if (hintOverlaps(hints, row, CONTIG, from, from + bits)) {
    if (from === 0) hints[row + LEFT] = 0;
    searchBlock(chunk, block);
  } else {
    hints[row + LEFT] = Math.min(hints[row + LEFT] ?? 0, from);
    hints[row + RIGHT] = Math.min(hints[row + RIGHT] ?? 0, right);
  }
  return wasFree;
}

/** The part of an area that lies in its last block, `[0, to)`. A block filled to its end is closed by the caller. */
function reserveInLastBlock(chunk: Chunk, block: number, to: number): number {
  const { blockBits, hints } = chunk;
  const row = block * ROW;
  const wasFree = hints[row + CONTIG] === blockBits ? 1 : 0;
  hints[row + FIRST] = nextClearIn(chunk, block, to);
  if (to === blockBits) return wasFree;
  if (to > (hints[row + SCAN_START] ?? 0)) hints[row + SCAN] = 0;
  hints[row + LEFT] = 0;
  if (to > (hints[row + CONTIG_START] ?? 0)) searchBlock(chunk, block);
  else hints[row + RIGHT] = Math.min(hints[row + RIGHT] ?? 0, blockBits - to);
  return wasFree;
}

/** A block without free space; its first free position stays as it was. */
function closeRow(chunk: Chunk, row: number): void {
  const { hints } = chunk;
  hints[row + SCAN] = 0;
  hints[row + CONTIG] = 0;
  hints[row + LEFT] = 0;
  hints[row + RIGHT] = 0;
}

function nextClearIn(chunk: Chunk, block: number, from: number): number {
  const base = block * chunk.blockBits;
  return nextClear(chunk.allocated, base + chunk.blockBits, base + from) - base;
}

/**
 * Finds a block's hints again after its largest run was broken. What lies before the former scan hint is known
 * to be smaller and not looked at. Kernel: mm/percpu.c pcpu_block_refresh_hint (6.1, 6.12).
 */
function searchBlock(chunk: Chunk, block: number): void {
  const { allocated, blockBits, hints } = chunk;
  const row = block * ROW;
  const base = block * blockBits;
  const limit = base + blockBits;
  const resume = demoteContig(hints, row);
  hints[row + RIGHT] = 0;
  for (let start = nextClear(allocated, limit, base + resume); start < limit; ) {
    const end = nextSet(allocated, limit, start + 1);
    noteFreeRun(hints, row, start - base, end - base);
    start = nextClear(allocated, limit, end + 1);
  }
}

/**
 * Finds the chunk's own hints again from its blocks' hints, joining runs across blocks; within a block only
 * the largest run and the one at the right edge count. `whole`: from the first free position, as after a free; else
 * from behind the scan hint. Kernel: mm/percpu.c pcpu_chunk_refresh_hint, pcpu_next_md_free_region (6.1, 6.12).
 */
function searchChunk(chunk: Chunk, whole: boolean): void {
  const { bits, blockBits, hints, ownRow, pages } = chunk;
  let position = hints[ownRow + FIRST] ?? 0;
  if (whole) hints[ownRow + CONTIG] = 0;
  else position = demoteContig(hints, ownRow);
  while (position < bits) {
    let start = position;
    let length = 0;
    let block = Math.trunc(position / blockBits);
    let within = position - block * blockBits;
    for (; block < pages; block += 1) {
      const row = block * ROW;
      if (length > 0) {
        const left = hints[row + LEFT] ?? 0;
        length += left;
        if (left === blockBits) continue;
        break;
      }
      const contig = hints[row + CONTIG] ?? 0;
      const contigStart = hints[row + CONTIG_START] ?? 0;
      if (contig > 0 && contigStart >= within && contigStart + contig < blockBits) {
        start = block * blockBits + contigStart;
        length = contig;
        break;
      }
      within = 0;
      length = hints[row + RIGHT] ?? 0;
      start = (block + 1) * blockBits - length;
    }
    if (start >= bits) return;
    noteFreeRun(hints, ownRow, start, start + length);
    position = start + length + 1;
  }
}

/**
 * Brings the hints up to date after `[at, at + bits)` was cleared in the map.
 * Returns how many blocks became entirely free.
 *
 * The chunk's own largest run is found again only when a page became free or the area crossed a block; else the
 * kernel notes the free run with a start relative to the chunk and an end relative to the block, so that it
 * counts in the first block alone. The hint is therefore lazily low, never too high.
 * Kernel: mm/percpu.c pcpu_block_update_hint_free (6.1, 6.12).
 */
export function releaseInHints(chunk: Chunk, at: number, bits: number): number {
  const { allocated, blockBits, hints, ownRow } = chunk;
  const first = Math.trunc(at / blockBits);
  const last = Math.trunc((at + bits - 1) / blockBits);
  const base = first * blockBits;
  const start = lastSet(allocated, base, at) + 1;
  const runStart = start === 0 ? 0 : start - base;
  const lastBase = last * blockBits;
  const runEnd = nextSet(allocated, lastBase + blockBits, at + bits) - lastBase;

  const firstEnd = first === last ? runEnd : blockBits;
  let emptied = runStart === 0 && firstEnd === blockBits ? 1 : 0;
  noteFreeRun(hints, first * ROW, runStart, firstEnd);
  if (first !== last) {
    if (runEnd === blockBits) emptied += 1;
    noteFreeRun(hints, last * ROW, 0, runEnd);
    emptied += last - first - 1;
    for (let block = first + 1; block < last; block += 1) openRow(chunk, block * ROW);
  }
  if (runEnd - runStart >= blockBits || first !== last) searchChunk(chunk, true);
  else noteFreeRun(hints, ownRow, base + runStart, runEnd);
  return emptied;
}

function openRow(chunk: Chunk, row: number): void {
  chunk.hints[row + CONTIG_START] = 0;
  resetRow(chunk.hints, row, chunk.hints[row + SIZE] ?? chunk.blockBits);
}

/**
 * Takes note of a free run that the search for an area passed over, `bits` long at `at`, together with free bits
 * before it that alignment skipped. Runs beyond a block's end are left out.
 * Kernel: mm/percpu.c pcpu_block_update_scan (6.1, 6.12).
 */
export function notePassedRun(chunk: Chunk, at: number, bits: number): void {
  const { allocated, blockBits, hints } = chunk;
  const block = Math.trunc(at / blockBits);
  const base = block * blockBits;
  const end = at - base + bits;
  if (end > blockBits) return;
  const previous = lastSet(allocated, base, at);
  noteFreeRun(hints, block * ROW, previous === -1 ? 0 : previous + 1 - base, end);
}
