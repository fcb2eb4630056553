import { GRANULE, listHead, type Chunk, type ListNode } from './chunk';
import { CONTIG } from './hints';

/**
 * The lists that hold the chunks: one for every power of two of the largest free run, fullest first, then
 * sidelined (depopulated, used only when nothing else fits), free (nothing allocated) and those to be depopulated.
 * Kernel: mm/percpu.c pcpu_setup_first_chunk (6.1, 6.12).
 */
export interface Slots {
  readonly heads: readonly ListNode[];
  readonly sidelined: number;
  readonly free: number;
  readonly toDepopulate: number;
  readonly unitSize: number;
}

/** Chunks in slots below this go to slot 0 when an allocation did not fit. Kernel: PCPU_SLOT_FAIL_THRESHOLD. */
export const FAIL_THRESHOLD = 3;

export function newSlots(unitSize: number): Slots {
  const sidelined = slotOfRun(unitSize) + 1;
  return {
    heads: Array.from({ length: sidelined + 3 }, listHead),
    sidelined,
    free: sidelined + 1,
    toDepopulate: sidelined + 2,
    unitSize,
  };
}

/** 1 for up to 15 bytes, then one more for every doubling. Kernel: mm/percpu.c __pcpu_size_to_slot (6.1, 6.12). */
function slotOfRun(bytes: number): number {
  return Math.max(32 - Math.clz32(bytes) - 3, 1);
}

export function slotOfSize(slots: Slots, bytes: number): number {
  return bytes === slots.unitSize ? slots.free : slotOfRun(bytes);
}

/** The slot that a chunk's largest known run asks for. Kernel: mm/percpu.c pcpu_chunk_slot (6.1, 6.12). */
export function slotOfChunk(slots: Slots, chunk: Chunk): number {
  const contig = chunk.hints[chunk.ownRow + CONTIG] ?? 0;
  return chunk.freeBytes < GRANULE || contig === 0 ? 0 : slotOfSize(slots, contig * GRANULE);
}

export function moveToFront(slots: Slots, chunk: Chunk, slot: number): void {
  const head = headOf(slots, slot);
  unlink(chunk.node);
  insertBetween(chunk.node, head, head.next);
  chunk.slot = slot;
}

export function moveToBack(slots: Slots, chunk: Chunk, slot: number): void {
  const head = headOf(slots, slot);
  unlink(chunk.node);
  insertBetween(chunk.node, head.previous, head);
  chunk.slot = slot;
}

export function removeFromSlots(chunk: Chunk): void {
  unlink(chunk.node);
  chunk.slot = -1;
}

/**
 * Puts a chunk where its largest run belongs after a change: at the front when it has more room than before, at the back
 * when less, nowhere else when its slot is the same. `before` is its former slot, -1 for a chunk that comes
 * new or returns. Isolated chunks stay, the reserved chunk is on no list.
 * Kernel: mm/percpu.c pcpu_chunk_relocate (6.1, 6.12).
 */
export function relocate(slots: Slots, chunk: Chunk, before: number): void {
  if (chunk.isolated || chunk.role === 'reserved') return;
  const now = slotOfChunk(slots, chunk);
  if (now > before) moveToFront(slots, chunk, now);
  else if (now < before) moveToBack(slots, chunk, now);
}

export function headOf(slots: Slots, slot: number): ListNode {
  const head = slots.heads[slot];
  if (head === undefined) throw new RangeError(`no slot ${slot}`);
  return head;
}

export function firstIn(slots: Slots, slot: number): Chunk | null {
  return headOf(slots, slot).next.chunk;
}

/** Chunks of a slot in list order. */
export function chunksIn(slots: Slots, slot: number): Chunk[] {
  const chunks: Chunk[] = [];
  for (let node = headOf(slots, slot).next; node.chunk !== null; node = node.next) chunks.push(node.chunk);
  return chunks;
}

function unlink(node: ListNode): void {
  node.previous.next = node.next;
  node.next.previous = node.previous;
  node.next = node;
  node.previous = node;
}

function insertBetween(node: ListNode, previous: ListNode, next: ListNode): void {
  previous.next = node;
  node.previous = previous;
  node.next = next;
  next.previous = node;
}
