import { setBit, setBits } from './bitmap';
import { GRANULE, newChunk, type Chunk } from './chunk';
import { FIRST } from './hints';
import { reserveInHints } from './hintUpkeep';

/**
 * A chunk that serves `[start, start + size)` bytes behind a page-aligned base, fully populated; the rest of
 * its pages is hidden. Kernel: mm/percpu.c pcpu_alloc_first_chunk (6.1, 6.12).
 */
export function newBootChunk(base: bigint, start: number, size: number, pageSize: number, role: 'first' | 'reserved'): Chunk {
  const startOffset = start % pageSize;
  const pages = Math.ceil((startOffset + size) / pageSize);
  const endOffset = pages * pageSize - startOffset - size;
  const chunk = newChunk({
    base: (base + BigInt(start - startOffset)).toString(16),
    role,
    pages,
    pageSize,
    startOffset,
    endOffset,
    hasObjectExtensions: false,
  });
  setBits(chunk.populated, 0, pages);
  chunk.populatedPages = pages;
  chunk.emptyPopulatedPages = pages;
  chunk.freeBytes = size;
  if (startOffset > 0) hideEdge(chunk, 0, startOffset / GRANULE);
  if (endOffset > 0) hideEdge(chunk, chunk.bits - endOffset / GRANULE, chunk.bits);
  return chunk;
}

function hideEdge(chunk: Chunk, from: number, to: number): void {
  setBits(chunk.allocated, from, to);
  setBit(chunk.boundaries, from);
  setBit(chunk.boundaries, to);
  if (from === 0) chunk.hints[chunk.ownRow + FIRST] = to;
  chunk.emptyPopulatedPages -= reserveInHints(chunk, from, to - from);
}
