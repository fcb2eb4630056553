import { allChunks, type Allocator } from './allocator';
import { chunkMap, fragmentation, areasOf, type ChunkView, type Fragmentation } from './chunkMap';
import { geometryOf, type GeometryRequest } from './geometry';
import { newScenarioRun, percpuKilobytes, runSteps, type ScenarioRun, type StreamStep, type Watch } from './scenarioRun';
import { setupFirstChunk } from './setup';

/** A stream of allocations on another machine, or in another order, or with other areas. */
export interface WhatIf {
  /** Machine and kernel: CPUs by node, sizes of the first chunk. */
  readonly geometry: GeometryRequest;
  readonly depopulation: boolean;
  /** Live areas at the start, oldest first; see liveAreas. */
  readonly start: readonly StreamStep[];
  readonly steps: readonly StreamStep[];
  readonly order?: AllocationOrder;
  /** Rewrites steps, as a strategy would: null leaves one out. */
  readonly rewrite?: (step: StreamStep) => StreamStep | null;
}

/** Order of the live areas at the start: as they were, or by size. */
export type AllocationOrder = 'as recorded' | 'smallest first' | 'largest first';

export interface WhatIfResult {
  readonly unitSize: number;
  readonly units: number;
  readonly percpuKilobytes: number;
  readonly peakKilobytes: number;
  readonly liveAreas: number;
  readonly chunksMade: number;
  readonly chunksDestroyed: number;
  readonly failed: number;
  readonly chunks: readonly (ChunkView & { readonly fragmentation: Fragmentation })[];
}

/** Runs a stream on a fresh allocator. Asynchronous work happens as soon as it is asked for. */
export function whatIf(question: WhatIf, watch?: (started: ScenarioRun) => Watch): WhatIfResult {
  const geometry = geometryOf(question.geometry);
  const allocator = setupFirstChunk(geometry, { base: 0n, objectExtensions: true, depopulation: question.depopulation });
  const run = newScenarioRun(allocator);
  const watching = watch?.(run);
  const { rewrite = (step: StreamStep): StreamStep => step } = question;
  const rewritten = (steps: readonly StreamStep[]): StreamStep[] => steps.flatMap((step) => rewrite(step) ?? []);
  runSteps(run, inOrder(rewritten(question.start), question.order ?? 'as recorded'), watching);
  runSteps(run, rewritten(question.steps), watching);
  return {
    unitSize: geometry.unitSize,
    units: geometry.unitCount,
    percpuKilobytes: percpuKilobytes(allocator),
    peakKilobytes: (run.peakPages * allocator.units * allocator.pageSize) / 1024,
    liveAreas: run.areas.size,
    chunksMade: run.chunksMade,
    chunksDestroyed: run.chunksDestroyed,
    failed: run.failed,
    chunks: withFragmentation(allocator),
  };
}

function inOrder(steps: readonly StreamStep[], order: AllocationOrder): StreamStep[] {
  const bytes = (step: StreamStep): number => (step.kind === 'alloc' ? step.size : 0);
  if (order === 'as recorded') return [...steps];
  return [...steps].sort((a, b) => (order === 'smallest first' ? bytes(a) - bytes(b) : bytes(b) - bytes(a)));
}

/** Every chunk's view with its fragmentation, in the order of chunkMap. */
export function withFragmentation(allocator: Allocator): (ChunkView & { readonly fragmentation: Fragmentation })[] {
  const chunks = allChunks(allocator);
  return chunkMap(allocator).flatMap((view, index) => {
    const chunk = chunks[index];
    return chunk === undefined ? [] : [{ ...view, fragmentation: fragmentation(chunk) }];
  });
}

/** A state's live areas as allocations, by chunk and address; `nameOf` tells the name under which each may be freed. */
export function liveAreas(allocator: Allocator, nameOf: (base: string, offset: number) => number): StreamStep[] {
  return allChunks(allocator).flatMap((chunk) =>
    areasOf(chunk).map(({ offset, size }): StreamStep => ({
      kind: 'alloc',
      name: nameOf(chunk.base, offset),
      size,
      align: likelyAlignment(offset, size),
      atomic: false,
      reserved: chunk.role === 'reserved',
    })));
}

/** A state does not hold alignments: that of the place, but no more than the size asks for and a cache line at most. */
function likelyAlignment(offset: number, size: number): number {
  const natural = (value: number): number => (value === 0 ? 64 : Math.min(value & -value, 64));
  return Math.min(natural(offset), natural(size));
}
