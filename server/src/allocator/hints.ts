import { trailingZeros } from './bitmap';

/**
 * What is remembered about free space, for every block (one page) and once for the whole chunk: rows of
 * eight numbers in one array, the chunk's own row last. All values are bits (4-byte granules), positions are
 * relative to the block or chunk that the row describes.
 *
 * - `CONTIG` at `CONTIG_START`: the largest known free run.
 * - `SCAN` at `SCAN_START`: a known free run before it, not larger; 0 when none is known.
 * - `LEFT`, `RIGHT`: the free run at the left and right edge.
 * - `FIRST`: the first free bit.
 * - `SIZE`: the number of bits that the row describes.
 *
 * Kernel: mm/percpu-internal.h struct pcpu_block_md (6.1, 6.12).
 */
export type Hints = Int32Array;

export const SCAN = 0;
export const SCAN_START = 1;
export const CONTIG = 2;
export const CONTIG_START = 3;
export const LEFT = 4;
export const RIGHT = 5;
export const FIRST = 6;
export const SIZE = 7;
export const ROW = 8;

/** Sets a row to "all free"; the start positions keep their value, as the kernel leaves them. */
export function resetRow(hints: Hints, row: number, bits: number): void {
  hints[row + SCAN] = 0;
  hints[row + CONTIG] = bits;
  hints[row + LEFT] = bits;
  hints[row + RIGHT] = bits;
  hints[row + FIRST] = 0;
  hints[row + SIZE] = bits;
}

/**
 * Takes note of the free run `[start, end)` in a row. Between equal runs the better aligned start wins.
 * Kernel: mm/percpu.c pcpu_block_update (6.1, 6.12).
 */
export function noteFreeRun(hints: Hints, row: number, start: number, end: number): void {
  const length = end - start;
  if (start < (hints[row + FIRST] ?? 0)) hints[row + FIRST] = start;
  if (start === 0) hints[row + LEFT] = length;
  if (end === hints[row + SIZE]) hints[row + RIGHT] = length;
  const contig = hints[row + CONTIG] ?? 0;
  if (length > contig) noteLargest(hints, row, start, length);
  else if (length === contig) noteEqual(hints, row, start, length);
  else noteSmaller(hints, row, start, length);
}

/** The former largest run becomes the scan hint when it lies before the new one. */
function noteLargest(hints: Hints, row: number, start: number, length: number): void {
  const contig = hints[row + CONTIG] ?? 0;
  const contigStart = hints[row + CONTIG_START] ?? 0;
  if (start <= contigStart) {
    hints[row + SCAN] = 0;
  } else if (contig > (hints[row + SCAN] ?? 0)) {
    hints[row + SCAN_START] = contigStart;
    hints[row + SCAN] = contig;
  } else if (start < (hints[row + SCAN_START] ?? 0)) {
    hints[row + SCAN] = 0;
  }
  hints[row + CONTIG_START] = start;
  hints[row + CONTIG] = length;
}

function noteEqual(hints: Hints, row: number, start: number, length: number): void {
  const contigStart = hints[row + CONTIG_START] ?? 0;
  const scan = hints[row + SCAN] ?? 0;
  const scanStart = hints[row + SCAN_START] ?? 0;
  if (contigStart !== 0 && (start === 0 || trailingZeros(start) > trailingZeros(contigStart))) {
    hints[row + CONTIG_START] = start;
    if (start < scanStart && length > scan) hints[row + SCAN] = 0;
  } else if (start > scanStart || length > scan) {
    hints[row + SCAN_START] = start;
    hints[row + SCAN] = length;
  }
}

function noteSmaller(hints: Hints, row: number, start: number, length: number): void {
  if (start >= (hints[row + CONTIG_START] ?? 0)) return;
  const scan = hints[row + SCAN] ?? 0;
  if (length > scan || (length === scan && start > (hints[row + SCAN_START] ?? 0))) {
    hints[row + SCAN_START] = start;
    hints[row + SCAN] = length;
  }
}

/** Before a search of the map: the largest run falls back to the scan hint. Returns where the search resumes. */
export function demoteContig(hints: Hints, row: number): number {
  const scan = hints[row + SCAN] ?? 0;
  if (scan === 0) {
    hints[row + CONTIG] = 0;
    return hints[row + FIRST] ?? 0;
  }
  const scanStart = hints[row + SCAN_START] ?? 0;
  hints[row + CONTIG_START] = scanStart;
  hints[row + CONTIG] = scan;
  hints[row + SCAN] = 0;
  return scanStart + scan;
}

/** Whether `bits` aligned to `align` (bits, a power of two) fit into the largest known run. */
export function fitsContig(hints: Hints, row: number, bits: number, align: number): boolean {
  return alignmentGap(hints[row + CONTIG_START] ?? 0, align) + bits <= (hints[row + CONTIG] ?? 0);
}

export function alignmentGap(position: number, align: number): number {
  return -position & (align - 1);
}

/**
 * Where a search for `bits` begins in a row: behind the scan hint when that is known to be too small,
 * else at the first free bit. Kernel: mm/percpu.c pcpu_next_hint (6.1, 6.12).
 */
export function searchStart(hints: Hints, row: number, bits: number): number {
  const scan = hints[row + SCAN] ?? 0;
  const scanStart = hints[row + SCAN_START] ?? 0;
  const skip = scan !== 0 && (hints[row + CONTIG_START] ?? 0) > scanStart && bits > scan;
  return skip ? scanStart + scan : (hints[row + FIRST] ?? 0);
}

/** Whether the run of a row's hint (`SCAN` or `CONTIG`) shares a bit with `[from, to)`. */
export function hintOverlaps(hints: Hints, row: number, hint: typeof SCAN | typeof CONTIG, from: number, to: number): boolean {
  const start = hints[row + hint + 1] ?? 0;
  return start < to && from < start + (hints[row + hint] ?? 0);
}
