import { allChunks, type Allocator } from '../../server/src/allocator/allocator';
import { countSet, nextClear, nextSet, testBit } from '../../server/src/allocator/bitmap';
import type { Chunk } from '../../server/src/allocator/chunk';
import { geometryOf, type GeometryRequest } from '../../server/src/allocator/geometry';
import { CONTIG, FIRST, LEFT, RIGHT, ROW } from '../../server/src/allocator/hints';
import { setupFirstChunk } from '../../server/src/allocator/setup';
import { slotOfChunk } from '../../server/src/allocator/slots';

export function request(cpus: number, change: Partial<GeometryRequest> = {}): GeometryRequest {
  return {
    firstChunk: 'embed',
    staticSize: 233_472,
    reservedSize: 8192,
    dynamicSize: 28_672,
    atomSize: 2 * 1024 * 1024,
    pageSize: 4096,
    nodes: [Array.from({ length: cpus }, (_, cpu) => cpu)],
    ...change,
  };
}

/** An allocator as boot leaves it, with small units where a test wants many chunks. */
export function bootedAllocator(cpus = 8, change: Partial<GeometryRequest> = {}): Allocator {
  return setupFirstChunk(geometryOf(request(cpus, change)), { base: 0xffff888000000000n, objectExtensions: true, depopulation: true });
}

export interface Inspection {
  /** The first thing that must hold between any two operations and does not, in words. */
  readonly violation: string | null;
  readonly blocks: number;
  /**
   * Blocks whose largest run or right edge is larger than their hint. The kernel's own hints are low at times: a scan
   * hint need not be the largest run before the contig hint, and it is believed when the contig hint is broken.
   */
  readonly lowBlocks: number;
}

export function inspect(allocator: Allocator): Inspection {
  let empty = 0;
  let blocks = 0;
  let lowBlocks = 0;
  for (const chunk of allChunks(allocator)) {
    const violation = chunkViolation(chunk) ?? placeViolation(allocator, chunk);
    if (violation !== null) return { violation: `chunk ${chunk.base}: ${violation}`, blocks, lowBlocks };
    if (chunk.role !== 'reserved' && !chunk.isolated) empty += chunk.emptyPopulatedPages;
    blocks += chunk.pages;
    for (let block = 0; block < chunk.pages; block += 1) if (isLow(chunk, block)) lowBlocks += 1;
  }
  const counted = allocator.emptyPopulatedPages;
  return { violation: counted === empty ? null : `${counted} empty pages counted, ${empty} there`, blocks, lowBlocks };
}

export function violation(allocator: Allocator): string | null {
  return inspect(allocator).violation;
}

function placeViolation({ slots }: Allocator, chunk: Chunk): string | null {
  if (chunk.role === 'reserved') return chunk.slot === -1 ? null : `the reserved chunk is in slot ${chunk.slot}`;
  const aside = chunk.slot === slots.sidelined || chunk.slot === slots.toDepopulate;
  if (aside !== chunk.isolated) return `in slot ${chunk.slot}, isolated: ${chunk.isolated}`;
  const wanted = slotOfChunk(slots, chunk);
  return aside || chunk.slot === 0 || chunk.slot === wanted ? null : `in slot ${chunk.slot}, its hint says ${wanted}`;
}

function chunkViolation(chunk: Chunk): string | null {
  const used = countSet(chunk.allocated, 0, chunk.bits) * 4;
  if (chunk.freeBytes + used !== chunk.bits * 4) return `${chunk.freeBytes} free and ${used} used of ${chunk.bits * 4}`;
  if (countSet(chunk.populated, 0, chunk.pages) !== chunk.populatedPages) return 'populated pages miscounted';
  const own = chunk.hints[chunk.ownRow + CONTIG] ?? 0;
  const largest = runs(chunk, 0, chunk.bits).largest;
  if (own > largest) return `own hint ${own} above the largest run ${largest}`;
  if (chunk.hints[chunk.ownRow + FIRST] !== nextClear(chunk.allocated, chunk.bits, 0)) return 'first free is wrong';
  let empty = 0;
  for (let page = 0; page < chunk.pages; page += 1) {
    const wrong = blockViolation(chunk, page);
    if (wrong !== null) return `block ${page}: ${wrong}`;
    const from = page * chunk.blockBits;
    const isEmpty = nextSet(chunk.allocated, from + chunk.blockBits, from) === from + chunk.blockBits;
    if (isEmpty && testBit(chunk.populated, page)) empty += 1;
    if (!isEmpty && !testBit(chunk.populated, page)) return `page ${page} is used and not populated`;
  }
  return empty === chunk.emptyPopulatedPages ? null : `${chunk.emptyPopulatedPages} empty pages counted, ${empty} there`;
}

function blockViolation(chunk: Chunk, block: number): string | null {
  const from = block * chunk.blockBits;
  const to = from + chunk.blockBits;
  const truth = runs(chunk, from, to);
  const row = chunk.hints.slice(block * ROW, block * ROW + ROW);
  const [contig = 0, left = 0, right = 0] = [row[CONTIG], row[LEFT], row[RIGHT]];
  if (contig > truth.largest) return `hint ${contig} above the largest run ${truth.largest}`;
  if (left !== truth.left) return `left edge ${left}, truly ${truth.left}`;
  if (right > truth.right) return `right edge ${right} above ${truth.right}`;
  if ((contig === chunk.blockBits) !== (truth.largest === chunk.blockBits)) return 'an empty block is not known to be';
  // The kernel leaves the first free position of a block alone that an area fills from outside.
  const first = nextClear(chunk.allocated, to, from) - from;
  return row[FIRST] === first || truth.largest === 0 ? null : `first free ${row[FIRST] ?? 0}, truly ${first}`;
}

function isLow(chunk: Chunk, block: number): boolean {
  const truth = runs(chunk, block * chunk.blockBits, (block + 1) * chunk.blockBits);
  const row = block * ROW;
  return (chunk.hints[row + CONTIG] ?? 0) < truth.largest || (chunk.hints[row + RIGHT] ?? 0) < truth.right;
}

function runs(chunk: Chunk, from: number, to: number): { readonly largest: number; readonly left: number; readonly right: number } {
  let largest = 0;
  let left = 0;
  let right = 0;
  for (let start = nextClear(chunk.allocated, to, from); start < to; ) {
    const end = nextSet(chunk.allocated, to, start);
    largest = Math.max(largest, end - start);
    if (start === from) left = end - start;
    if (end === to) right = end - start;
    start = nextClear(chunk.allocated, to, end);
  }
  return { largest, left, right };
}
