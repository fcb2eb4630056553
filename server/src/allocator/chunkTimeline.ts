import { allChunks, type Allocator } from './allocator';
import { areasOf, chunkView, fragmentation, placeOf, type ChunkView, type Fragmentation } from './chunkMap';
import type { Chunk } from './chunk';
import { percpuKilobytes } from './scenarioRun';

/** A chunk's contents at a moment; moments between which it did not change share it. */
export interface ChunkImage {
  readonly view: ChunkView;
  readonly fragmentation: Fragmentation;
  /** Offset, size (bytes) and owner of each area, one after the other; the owner is an index into `owners`, -1 unknown. */
  readonly areas: Int32Array;
}

export interface ChunkAt {
  readonly image: ChunkImage;
  /** The slot that it is on, which may change while its contents do not. */
  readonly place: string;
}

/** The allocator at a moment of a stream. */
export interface Frame {
  /** Events or steps so far. */
  readonly events: number;
  /** In the unit of the recording's clock; null where there is none. */
  readonly timestamp: number | null;
  readonly percpuKilobytes: number;
  readonly chunks: readonly ChunkAt[];
}

export interface Timeline {
  readonly pageSize: number;
  readonly units: number;
  readonly owners: readonly string[];
  readonly frames: readonly Frame[];
}

/** Who allocated the area at this byte offset of a chunk; null where that is not known. */
export type OwnerAt = (base: string, offset: number) => string | null;

export interface TimelineRecorder {
  /** Takes a frame if one is due after this many events. */
  note(events: number, timestamp: number | null, ownerAt: OwnerAt): void;
  /** Takes the last frame. */
  finish(events: number, timestamp: number | null, ownerAt: OwnerAt): Timeline;
}

/**
 * Frames of a stream of any length, evenly spread: once there are twice as many as wanted every second is dropped and the
 * distance doubled, so that memory does not grow with the stream.
 */
export function createTimelineRecorder(allocator: Allocator, wanted = 48): TimelineRecorder {
  const owners = new Map<string, number>();
  const images = new Map<Chunk, { readonly stamp: number; readonly image: ChunkImage }>();
  let frames: Frame[] = [];
  let distance = 1;
  let due = 0;

  const imageOf = (chunk: Chunk, ownerAt: OwnerAt): ChunkImage => {
    const known = images.get(chunk);
    if (known?.stamp === chunk.stamp) return known.image;
    const image = { view: chunkView(allocator, chunk), fragmentation: fragmentation(chunk), areas: ownedAreas(chunk, ownerAt, owners) };
    images.set(chunk, { stamp: chunk.stamp, image });
    return image;
  };
  const take = (events: number, timestamp: number | null, ownerAt: OwnerAt): void => {
    const chunks = allChunks(allocator);
    frames.push({
      events,
      timestamp,
      percpuKilobytes: percpuKilobytes(allocator),
      chunks: chunks.map((chunk) => ({ image: imageOf(chunk, ownerAt), place: placeOf(allocator, chunk) })),
    });
    const present = new Set(chunks);
    for (const chunk of images.keys()) if (!present.has(chunk)) images.delete(chunk);
  };
  return {
    note: (events, timestamp, ownerAt) => {
      if (events < due) return;
      take(events, timestamp, ownerAt);
      if (frames.length >= 2 * wanted) {
        frames = frames.filter((_, index) => index % 2 === 0);
        distance *= 2;
      }
      due = events + distance;
    },
    finish: (events, timestamp, ownerAt) => {
      if (frames.at(-1)?.events === events) frames.pop();
      take(events, timestamp, ownerAt);
      return { pageSize: allocator.pageSize, units: allocator.units, owners: [...owners.keys()], frames };
    },
  };
}

function ownedAreas(chunk: Chunk, ownerAt: OwnerAt, owners: Map<string, number>): Int32Array {
  const areas = areasOf(chunk);
  const flat = new Int32Array(areas.length * 3);
  areas.forEach(({ offset, size }, index) => flat.set([offset, size, numberOf(ownerAt(chunk.base, offset), owners)], index * 3));
  return flat;
}

function numberOf(owner: string | null, owners: Map<string, number>): number {
  if (owner === null) return -1;
  const number = owners.get(owner) ?? owners.size;
  owners.set(owner, number);
  return number;
}
