import { bitmapOf, type Bitmap } from './bitmap';
import { resetRow, ROW, type Hints } from './hints';

/** Smallest unit of allocation, in bytes: one bit of the maps. Kernel: PCPU_MIN_ALLOC_SIZE (6.1, 6.12). */
export const GRANULE = 4;

/** An entry of a slot's list; the list's head has no chunk. */
export interface ListNode {
  next: ListNode;
  previous: ListNode;
  readonly chunk: Chunk | null;
}

/**
 * One chunk: the same range of offsets in every unit. Sizes are bytes unless said, positions in maps are
 * granules, pages are indexes of the unit's pages. Kernel: struct pcpu_chunk (6.1, 6.12).
 */
export interface Chunk {
  /** Address of unit 0 in lower-case hex without prefix: the chunk's name in states and traces. */
  readonly base: string;
  readonly role: 'first' | 'reserved' | 'dynamic';
  readonly pages: number;
  readonly blockBits: number;
  readonly bits: number;
  readonly allocated: Bitmap;
  /** A set bit starts an area, or ends the one before; not cleared by a free. One bit longer than the chunk. */
  readonly boundaries: Bitmap;
  readonly populated: Bitmap;
  readonly hints: Hints;
  /** Where the chunk's own row of `hints` is. */
  readonly ownRow: number;
  /** Bytes before and after the region served, hidden by allocated bits. */
  readonly startOffset: number;
  readonly endOffset: number;
  /** Backed for good: the first chunk. */
  readonly immutable: boolean;
  readonly hasObjectExtensions: boolean;
  /** Off the active slots: being depopulated, or sidelined after it. */
  isolated: boolean;
  freeBytes: number;
  populatedPages: number;
  emptyPopulatedPages: number;
  readonly node: ListNode;
  /** Index of the list that holds it; -1 while on none. */
  slot: number;
  /** Differs after every change of the chunk's contents; see checkpoint.ts. */
  stamp: number;
}

export interface ChunkShape {
  readonly base: string;
  readonly role: Chunk['role'];
  readonly pages: number;
  readonly pageSize: number;
  readonly startOffset: number;
  readonly endOffset: number;
  readonly hasObjectExtensions: boolean;
}

/** An empty chunk of the shape, no page populated, on no list. */
export function newChunk(shape: ChunkShape): Chunk {
  const blockBits = shape.pageSize / GRANULE;
  const bits = shape.pages * blockBits;
  const hints = new Int32Array((shape.pages + 1) * ROW);
  for (let page = 0; page < shape.pages; page += 1) resetRow(hints, page * ROW, blockBits);
  resetRow(hints, shape.pages * ROW, bits);
  const chunk: Chunk = {
    base: shape.base,
    role: shape.role,
    pages: shape.pages,
    blockBits,
    bits,
    allocated: bitmapOf(bits),
    boundaries: bitmapOf(bits + 1),
    populated: bitmapOf(shape.pages),
    hints,
    ownRow: shape.pages * ROW,
    startOffset: shape.startOffset,
    endOffset: shape.endOffset,
    immutable: shape.role !== 'dynamic',
    hasObjectExtensions: shape.hasObjectExtensions,
    isolated: false,
    freeBytes: bits * GRANULE,
    populatedPages: 0,
    emptyPopulatedPages: 0,
    node: unlinkedNode(),
    slot: -1,
    stamp: 0,
  };
  Object.assign(chunk.node, { chunk });
  return chunk;
}

function unlinkedNode(): ListNode {
  const node = { chunk: null } as unknown as ListNode;
  node.next = node;
  node.previous = node;
  return node;
}

/** Head of an empty list. */
export function listHead(): ListNode {
  return unlinkedNode();
}
