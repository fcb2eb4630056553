import type { Allocator } from './allocator';
import type { BalanceWork } from './balance';
import type { Chunk } from './chunk';
import { chunksIn, moveToBack, removeFromSlots } from './slots';

/**
 * A copy of the allocator's state to return to. Chunks that did not change since the checkpoint before share
 * their copy with it, so that frequent checkpoints are cheap.
 */
export interface Checkpoint {
  readonly images: ReadonlyMap<Chunk, ChunkImage>;
  readonly lists: readonly (readonly Chunk[])[];
  readonly emptyPopulatedPages: number;
  readonly populatedPages: number;
  readonly asyncEnabled: boolean;
  readonly atomicFailed: boolean;
  readonly balanceScheduled: boolean;
  readonly work: BalanceWork | null;
}

interface ChunkImage {
  readonly stamp: number;
  readonly allocated: Uint32Array;
  readonly boundaries: Uint32Array;
  readonly populated: Uint32Array;
  readonly hints: Int32Array;
  readonly isolated: boolean;
  readonly freeBytes: number;
  readonly populatedPages: number;
  readonly emptyPopulatedPages: number;
}

export function takeCheckpoint(allocator: Allocator, work: BalanceWork | null, previous: Checkpoint | null): Checkpoint {
  const lists = allocator.slots.heads.map((_, slot) => chunksIn(allocator.slots, slot));
  const images = new Map<Chunk, ChunkImage>();
  const keep = (chunk: Chunk): void => {
    const known = previous?.images.get(chunk);
    images.set(chunk, known?.stamp === chunk.stamp ? known : imageOf(chunk));
  };
  lists.flat().forEach(keep);
  work?.doomed.forEach(keep);
  if (allocator.reserved !== null) keep(allocator.reserved);
  return {
    images,
    lists,
    emptyPopulatedPages: allocator.emptyPopulatedPages,
    populatedPages: allocator.populatedPages,
    asyncEnabled: allocator.asyncEnabled,
    atomicFailed: allocator.atomicFailed,
    balanceScheduled: allocator.balanceScheduled,
    work: work === null ? null : copyOf(work),
  };
}

/** Brings the allocator back; returns the balance work that was under way. Chunks made since are forgotten. */
export function restoreCheckpoint(allocator: Allocator, checkpoint: Checkpoint): BalanceWork | null {
  for (const chunks of allocator.slots.heads.map((_, slot) => chunksIn(allocator.slots, slot))) chunks.forEach(removeFromSlots);
  checkpoint.images.forEach((image, chunk) => restoreChunk(chunk, image));
  checkpoint.lists.forEach((chunks, slot) => {
    for (const chunk of chunks) moveToBack(allocator.slots, chunk, slot);
  });
  allocator.emptyPopulatedPages = checkpoint.emptyPopulatedPages;
  allocator.populatedPages = checkpoint.populatedPages;
  allocator.asyncEnabled = checkpoint.asyncEnabled;
  allocator.atomicFailed = checkpoint.atomicFailed;
  allocator.balanceScheduled = checkpoint.balanceScheduled;
  return checkpoint.work === null ? null : copyOf(checkpoint.work);
}

function copyOf(work: BalanceWork): BalanceWork {
  return { ...work, doomed: [...work.doomed] };
}

function imageOf(chunk: Chunk): ChunkImage {
  return {
    stamp: chunk.stamp,
    allocated: chunk.allocated.slice(),
    boundaries: chunk.boundaries.slice(),
    populated: chunk.populated.slice(),
    hints: chunk.hints.slice(),
    isolated: chunk.isolated,
    freeBytes: chunk.freeBytes,
    populatedPages: chunk.populatedPages,
    emptyPopulatedPages: chunk.emptyPopulatedPages,
  };
}

function restoreChunk(chunk: Chunk, image: ChunkImage): void {
  if (chunk.stamp === image.stamp) return;
  chunk.stamp = image.stamp;
  chunk.allocated.set(image.allocated);
  chunk.boundaries.set(image.boundaries);
  chunk.populated.set(image.populated);
  chunk.hints.set(image.hints);
  chunk.isolated = image.isolated;
  chunk.freeBytes = image.freeBytes;
  chunk.populatedPages = image.populatedPages;
  chunk.emptyPopulatedPages = image.emptyPopulatedPages;
}
