import {
  addChunk, askForPages, freeArea, makeChunk, noteAtomicFailure, notePopulated, tryPlace, type Allocator, type Placement, type Request,
} from './allocator';
import { resumeBalance, startBalance } from './balance';
import { nextClear, nextSet } from './bitmap';
import { bitsOf } from './areaSearch';
import { GRANULE, type Chunk } from './chunk';
import { meminfoPercpu } from './geometry';
import { firstIn } from './slots';

/** One step of a stream: an allocation under a name, or the free of what was allocated under it. */
export type StreamStep =
  | { readonly kind: 'alloc'; readonly name: number; /** Function that allocated, where it is known. */ readonly caller?: string; readonly size: number; readonly align: number; readonly atomic: boolean; readonly reserved: boolean }
  | { readonly kind: 'free'; readonly name: number };

/** An allocator that a stream runs on by itself: pages are populated, chunks made and balanced as soon as they are asked for. */
export interface ScenarioRun {
  readonly allocator: Allocator;
  readonly areas: Map<number, Placement>;
  chunksMade: number;
  chunksDestroyed: number;
  failed: number;
  peakPages: number;
}

/** Chunks of a run have no address; they are named by number behind this. */
const MADE = 'made-';

export function newScenarioRun(allocator: Allocator): ScenarioRun {
  allocator.asyncEnabled = true;
  return { allocator, areas: new Map(), chunksMade: 0, chunksDestroyed: 0, failed: 0, peakPages: allocator.populatedPages };
}

/** Told of every step of a run after it was taken. */
export type Watch = (run: ScenarioRun, step: StreamStep) => void;

export function runSteps(run: ScenarioRun, steps: Iterable<StreamStep>, watch?: Watch): void {
  for (const step of steps) {
    if (step.kind === 'alloc') allocate(run, step.name, requestOf(step.size, step.align, step.atomic, step.reserved));
    else release(run, step.name);
    watch?.(run, step);
  }
}

/** A request as the search sees it, of bytes: size and alignment are rounded up to granules. */
export function requestOf(size: number, align: number, atomic = false, reserved = false): Request {
  return { bits: bitsOf(size), align: Math.max(align, GRANULE) / GRANULE, atomic, reserved };
}

export function allocate(run: ScenarioRun, name: number, request: Request): boolean {
  const { allocator } = run;
  const placement: Placement = { chunk: allocator.first, at: 0 };
  if (!placeOrGrow(run, request, placement)) {
    run.failed += 1;
    if (request.atomic) noteAtomicFailure(allocator);
    balance(run);
    return false;
  }
  run.areas.set(name, placement);
  if (!request.atomic) populate(allocator, placement, request.bits);
  askForPages(allocator);
  balance(run);
  run.peakPages = Math.max(run.peakPages, allocator.populatedPages);
  return true;
}

function placeOrGrow(run: ScenarioRun, request: Request, placement: Placement): boolean {
  const { allocator } = run;
  if (tryPlace(allocator, request, placement)) return true;
  if (request.atomic || (request.reserved && allocator.reserved !== null)) return false;
  if (firstIn(allocator.slots, allocator.slots.free) === null) addChunk(allocator, make(run));
  return tryPlace(allocator, request, placement);
}

function make(run: ScenarioRun): Chunk {
  run.chunksMade += 1;
  return makeChunk(run.allocator, `${MADE}${run.chunksMade}`);
}

function populate(allocator: Allocator, { chunk, at }: Placement, bits: number): void {
  const end = Math.ceil((at + bits) / chunk.blockBits);
  for (let start = nextClear(chunk.populated, end, Math.trunc(at / chunk.blockBits)); start < end; ) {
    const gapEnd = nextSet(chunk.populated, end, start + 1);
    notePopulated(allocator, chunk, start, gapEnd);
    start = nextClear(chunk.populated, end, gapEnd);
  }
}

export function release(run: ScenarioRun, name: number): void {
  const area = run.areas.get(name);
  if (area === undefined) return;
  run.areas.delete(name);
  freeArea(run.allocator, area.chunk, area.at);
  balance(run);
}

/** Runs the balance work to its end if it was asked for. */
function balance(run: ScenarioRun): void {
  const { allocator } = run;
  if (!allocator.balanceScheduled) return;
  const work = startBalance(allocator);
  while (work.unlocked.kind !== 'done') {
    if (work.unlocked.kind === 'destroy') run.chunksDestroyed += 1;
    resumeBalance(allocator, work, work.unlocked.kind === 'create' ? { created: make(run) } : {});
  }
}

/** What `/proc/meminfo` would say under `Percpu:`, in kB. */
export function percpuKilobytes({ populatedPages, units, pageSize }: Allocator): number {
  return meminfoPercpu(populatedPages, units, pageSize);
}
