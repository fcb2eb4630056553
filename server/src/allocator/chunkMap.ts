import { allChunks, type Allocator } from './allocator';
import { countSet, nextClear, nextSet, testBit } from './bitmap';
import { GRANULE, type Chunk } from './chunk';
import { CONTIG, ROW } from './hints';

/** One page of a chunk's unit: the same in every unit. Bytes of one unit. */
export interface PageView {
  readonly populated: boolean;
  readonly usedBytes: number;
  /** Largest free run within the page. */
  readonly largestHole: number;
}

export interface ChunkView {
  readonly base: string;
  readonly role: Chunk['role'];
  /** `slot 12`, or what the slot is for. */
  readonly place: string;
  readonly isolated: boolean;
  readonly pages: readonly PageView[];
  readonly areas: number;
  readonly usedBytes: number;
  readonly freeBytes: number;
  /** Largest free run, found in the map: the allocator's own hint may be lower. */
  readonly largestHole: number;
  readonly hintedHole: number;
  readonly populatedPages: number;
  readonly emptyPopulatedPages: number;
  /** Bytes that the populated pages take over all units. */
  readonly memoryBytes: number;
}

/** Every chunk with its pages: those on the slots in list order, then the reserved one. */
export function chunkMap(allocator: Allocator): ChunkView[] {
  return allChunks(allocator).map((chunk) => chunkView(allocator, chunk));
}

/** One chunk with its pages. */
export function chunkView(allocator: Allocator, chunk: Chunk): ChunkView {
  const hidden = chunk.startOffset + chunk.endOffset;
  return {
    base: chunk.base,
    role: chunk.role,
    place: placeOf(allocator, chunk),
    isolated: chunk.isolated,
    pages: Array.from({ length: chunk.pages }, (_, page) => pageView(chunk, page)),
    areas: areasOf(chunk).length,
    usedBytes: chunk.bits * GRANULE - hidden - chunk.freeBytes,
    freeBytes: chunk.freeBytes,
    largestHole: largestHole(chunk, 0, chunk.bits),
    hintedHole: (chunk.hints[chunk.ownRow + CONTIG] ?? 0) * GRANULE,
    populatedPages: chunk.populatedPages,
    emptyPopulatedPages: chunk.emptyPopulatedPages,
    memoryBytes: chunk.populatedPages * allocator.pageSize * allocator.units,
  };
}

/** What the list is for that a chunk is on: `slot 12`, `free`, `sidelined`. */
export function placeOf({ slots }: Allocator, chunk: Chunk): string {
  if (chunk.role === 'reserved') return 'reserved';
  if (chunk.slot === slots.free) return 'free';
  if (chunk.slot === slots.sidelined) return 'sidelined';
  if (chunk.slot === slots.toDepopulate) return 'to be depopulated';
  return chunk.slot === 0 ? 'full' : `slot ${chunk.slot}`;
}

function pageView(chunk: Chunk, page: number): PageView {
  const from = page * chunk.blockBits;
  return {
    populated: testBit(chunk.populated, page),
    usedBytes: countSet(chunk.allocated, from, from + chunk.blockBits) * GRANULE,
    largestHole: (chunk.hints[page * ROW + CONTIG] ?? 0) * GRANULE,
  };
}

function largestHole(chunk: Chunk, from: number, to: number): number {
  let largest = 0;
  for (let start = nextClear(chunk.allocated, to, from); start < to; ) {
    const end = nextSet(chunk.allocated, to, start);
    largest = Math.max(largest, end - start);
    start = nextClear(chunk.allocated, to, end);
  }
  return largest * GRANULE;
}

/** Bytes, relative to the chunk. */
export interface Area {
  readonly offset: number;
  readonly size: number;
}

/** The areas of a chunk by address, without those that hide its edges. */
export function areasOf(chunk: Chunk): Area[] {
  const areas: Area[] = [];
  const limit = chunk.bits - chunk.endOffset / GRANULE;
  for (let at = nextSet(chunk.allocated, limit, chunk.startOffset / GRANULE); at < limit; ) {
    const end = nextSet(chunk.boundaries, limit, at + 1);
    areas.push({ offset: at * GRANULE, size: (end - at) * GRANULE });
    at = nextSet(chunk.allocated, limit, end);
  }
  return areas;
}

/** The figures of a chunk that debugfs percpu_stats shows; bytes. Kernel: mm/percpu-stats.c chunk_map_stats (6.1, 6.12). */
export interface Fragmentation {
  /** Free bytes before the end of the last area, and the largest of these holes. */
  readonly sumOfHoles: number;
  readonly largestOfHoles: number;
  readonly smallestArea: number;
  readonly medianArea: number;
  readonly largestArea: number;
  /** Share of the free bytes, from 0 to 1, that a request of a page could not use: they lie in smaller runs. */
  readonly unusableForPage: number;
}

export function fragmentation(chunk: Chunk): Fragmentation {
  const areas = areasOf(chunk);
  const sizes = areas.map(({ size }) => size).sort((a, b) => a - b);
  const holes = holesOf(chunk, areas);
  const before = holes.slice(0, areas.length);
  const page = chunk.blockBits * GRANULE;
  const small = holes.filter((hole) => hole < page).reduce((sum, hole) => sum + hole, 0);
  return {
    sumOfHoles: before.reduce((sum, hole) => sum + hole, 0),
    largestOfHoles: Math.max(0, ...before),
    smallestArea: sizes[0] ?? 0,
    medianArea: sizes[Math.trunc((sizes.length - 1) / 2)] ?? 0,
    largestArea: sizes.at(-1) ?? 0,
    unusableForPage: chunk.freeBytes === 0 ? 0 : small / chunk.freeBytes,
  };
}

/** Free bytes before each area, and after the last. */
function holesOf(chunk: Chunk, areas: readonly Area[]): number[] {
  let end = chunk.startOffset;
  const holes = areas.map(({ offset, size }) => {
    const hole = offset - end;
    end = offset + size;
    return hole;
  });
  return [...holes, chunk.bits * GRANULE - chunk.endOffset - end];
}
