import { relocate, newSlots } from './slots';
import type { Allocator } from './allocator';
import { newBootChunk } from './bootChunk';
import { GRANULE } from './chunk';
import { firstChunkPages, roundUp, type Geometry } from './geometry';

export interface SetupOptions {
  /** Address of unit 0 of the first chunk. */
  readonly base: bigint;
  /** Chunks made later carry owners: memory cgroups or allocation profiling are configured. */
  readonly objectExtensions: boolean;
  readonly depopulation: boolean;
}

/**
 * The allocator as boot leaves it: the dynamic part of the first chunk in its slot, the reserved part (for the
 * percpu variables of modules) beside the slots, the static part in no chunk.
 * Kernel: mm/percpu.c pcpu_setup_first_chunk (6.1, 6.12).
 */
export function setupFirstChunk(geometry: Geometry, options: SetupOptions): Allocator {
  const { pageSize, reservedSize } = geometry;
  const staticSize = roundUp(geometry.staticSize, GRANULE);
  const dynamicSize = geometry.dynamicSize - (staticSize - geometry.staticSize);
  const slots = newSlots(geometry.unitSize);
  const reserved = reservedSize > 0 ? newBootChunk(options.base, staticSize, reservedSize, pageSize, 'reserved') : null;
  const first = newBootChunk(options.base, staticSize + reservedSize, dynamicSize, pageSize, 'first');
  relocate(slots, first, -1);
  return {
    pageSize,
    unitPages: geometry.unitSize / pageSize,
    units: geometry.unitCount,
    slots,
    first,
    reserved,
    objectExtensions: options.objectExtensions,
    depopulation: options.depopulation,
    emptyPopulatedPages: first.emptyPopulatedPages,
    populatedPages: firstChunkPages(geometry),
    asyncEnabled: false,
    atomicFailed: false,
    balanceScheduled: false,
    changes: 0,
  };
}
