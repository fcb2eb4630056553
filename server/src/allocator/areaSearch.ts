import { nextClear, nextSet, trailingZeros, type Bitmap } from './bitmap';
import { GRANULE, type Chunk } from './chunk';
import {
  alignmentGap, CONTIG, CONTIG_START, fitsContig, LEFT, RIGHT, ROW, searchStart,
} from './hints';

/**
 * The position from which a chunk is searched for `bits` aligned to `align` (both granules), or -1 when its hints
 * say that it has no place. Not quite first fit: only the largest run of the chunk and of each block is believed.
 * `populatedOnly` skips runs without backing, for requests that must not sleep.
 * Kernel: mm/percpu.c pcpu_find_block_fit (6.1, 6.12).
 */
export function findFit(chunk: Chunk, bits: number, align: number, populatedOnly: boolean): number {
  const { hints, ownRow } = chunk;
  if (!fitsContig(hints, ownRow, bits, align)) return -1;
  let position = searchStart(hints, ownRow, bits);
  for (;;) {
    const found = nextFit(chunk, bits, align, position);
    if (found >= chunk.bits) return -1;
    if (!populatedOnly) return found;
    const resume = behindUnpopulated(chunk, found, fitLength);
    if (resume === -1) return found;
    position = resume;
  }
}

/** Length of the run that nextFit found: from the position returned to the end of what the request may take. */
let fitLength = 0;

/** Kernel: mm/percpu.c pcpu_next_fit_region (6.1, 6.12). */
function nextFit(chunk: Chunk, bits: number, align: number, from: number): number {
  const { blockBits, hints, pages } = chunk;
  let block = Math.trunc(from / blockBits);
  let within = from - block * blockBits;
  let start = from;
  let length = 0;
  for (; block < pages; block += 1) {
    const row = block * ROW;
    if (length > 0) {
      const left = hints[row + LEFT] ?? 0;
      length += left;
      if (length >= bits) return fit(start, length);
      if (left === blockBits) continue;
    }
    const contigStart = hints[row + CONTIG_START] ?? 0;
    const contig = hints[row + CONTIG] ?? 0;
    if (contig > 0 && contigStart >= within && contig >= alignmentGap(contigStart, align) + bits) {
      const search = searchStart(hints, row, bits);
      return fit(block * blockBits + search, alignmentGap(contigStart, align) + bits + contigStart - search);
    }
    within = 0;
    const edge = blockBits - (hints[row + RIGHT] ?? 0);
    start = edge + alignmentGap(edge, align);
    length = blockBits - start;
    start += block * blockBits;
    if (length >= bits) return fit(start, length);
  }
  return chunk.bits;
}

function fit(start: number, length: number): number {
  fitLength = length;
  return start;
}

/** -1 when the pages under the run are populated, else the position behind the first gap. */
function behindUnpopulated(chunk: Chunk, at: number, bits: number): number {
  const { blockBits, populated } = chunk;
  const end = Math.ceil((at + bits) / blockBits);
  const gap = nextClear(populated, end, Math.trunc(at / blockBits));
  return gap >= end ? -1 : nextSet(populated, end, gap + 1) * blockBits;
}

/** The largest run that findArea passed over, 0 bits when none; valid until the next call. */
export const passed = { at: 0, bits: 0 };

/**
 * First free area of `bits` aligned to `align` in `[from, limit)` of the map, or -1.
 * Kernel: mm/percpu.c pcpu_find_zero_area (6.1, 6.12).
 */
export function findArea(map: Bitmap, limit: number, from: number, bits: number, align: number): number {
  passed.at = 0;
  passed.bits = 0;
  let start = from;
  for (;;) {
    const free = nextClear(map, limit, start);
    const at = free + alignmentGap(free, align);
    const end = at + bits;
    if (end > limit) return -1;
    const obstacle = nextSet(map, end, at);
    if (obstacle >= end) return at;
    notePassed(at, obstacle - at);
    start = obstacle + 1;
  }
}

function notePassed(at: number, bits: number): void {
  const better = passed.at !== 0 && (at === 0 || trailingZeros(at) > trailingZeros(passed.at));
  if (bits > passed.bits || (bits === passed.bits && better)) {
    passed.at = at;
    passed.bits = bits;
  }
}

export function bitsOf(bytes: number): number {
  return Math.ceil(bytes / GRANULE);
}
