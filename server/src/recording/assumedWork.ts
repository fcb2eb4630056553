import { makeChunk, reintegrate, setAside } from '../allocator/allocator';
import { continueBalance, resumeBalance, startBalance } from '../allocator/balance';
import { chunksIn, moveToFront, slotOfChunk } from '../allocator/slots';
import type { Operation } from './operation';
import { removeChunk, type Failure, type Replica } from './replica';

/**
 * Balance work that the recording does not show but for the chunks that it makes and destroys: it is taken to run
 * as soon as it was scheduled, `lag` operations later where the search for an explanation says so.
 */
export interface AssumedWork {
  /** Index of the operation after which the work runs; -1 while none is scheduled. */
  due: number;
  runs: number;
}

/** Events of the work still to come, as far as the window of operations reaches. */
export interface Foreseen {
  readonly chunkMadeByWork: () => boolean;
  readonly destroyed: (base: string) => boolean;
}

/** Runs the work when it is due, after the operation with this index. */
export function runWhenDue(replica: Replica, assumed: AssumedWork, index: number, lag: number, foreseen: Foreseen): void {
  const { allocator } = replica;
  if (replica.work !== null) return;
  if (!allocator.balanceScheduled) {
    assumed.due = -1;
    return;
  }
  if (assumed.due === -1) assumed.due = index + lag;
  if (index < assumed.due) return;
  assumed.due = -1;
  assumed.runs += 1;
  // With free chunks to spare new work would begin by destroying them: its event says when. Until then what
  // runs is work that began before.
  const spare = chunksIn(allocator.slots, allocator.slots.free).length > 1;
  replica.work = spare ? continueBalance(allocator) : startBalance(allocator);
  drive(replica, foreseen);
}

/** What unseen work may have done to a chunk: taken it off the active slots, or put it first among its like. */
export interface WorkEffect {
  readonly index: number;
  readonly base: string;
  readonly effect: 'sidelined' | 'first';
}

export function applyEffect(replica: Replica, { base, effect }: WorkEffect): void {
  const { allocator } = replica;
  const chunk = replica.chunks.get(base);
  if (chunk?.role !== 'dynamic') return;
  if (effect === 'sidelined') {
    setAside(allocator, chunk);
  } else {
    reintegrate(allocator, chunk);
    moveToFront(allocator.slots, chunk, slotOfChunk(allocator.slots, chunk));
  }
}

/** Lets the work go on until it is done, or needs an event that is still to come. */
function drive(replica: Replica, foreseen: Foreseen): void {
  const { allocator, work } = replica;
  while (work !== null) {
    const { unlocked } = work;
    if (unlocked.kind === 'done') break;
    if (unlocked.kind === 'create' && foreseen.chunkMadeByWork()) return;
    if (unlocked.kind === 'destroy') {
      if (foreseen.destroyed(unlocked.chunk.base)) return;
      replica.chunks.delete(unlocked.chunk.base);
    }
    resumeBalance(allocator, work);
  }
  replica.work = null;
}

/** A chunk that the work made: the work runs now if it did not yet, since the event shows that it does. */
export function applyWorkCreate(replica: Replica, operation: Operation, foreseen: Foreseen): Failure | null {
  const { allocator } = replica;
  allocator.asyncEnabled = true;
  const created = makeChunk(allocator, operation.base);
  replica.chunks.set(created.base, created);
  const work = replica.work ?? startBalance(allocator);
  replica.work = work;
  while (work.unlocked.kind !== 'create' && work.unlocked.kind !== 'done') resumeBalance(allocator, work);
  const expected = work.unlocked.kind === 'create';
  work.unlocked = { kind: 'create' };
  resumeBalance(allocator, work, { created });
  drive(replica, foreseen);
  return expected ? null : { operation, kind: 'unexpected', model: null };
}

export function applyWorkDestroy(replica: Replica, operation: Operation, foreseen: Foreseen): Failure | null {
  const { allocator } = replica;
  allocator.asyncEnabled = true;
  const work = replica.work ?? startBalance(allocator);
  replica.work = work;
  for (;;) {
    const { unlocked } = work;
    if (unlocked.kind === 'done') break;
    if (unlocked.kind === 'destroy') {
      replica.chunks.delete(unlocked.chunk.base);
      resumeBalance(allocator, work);
      if (unlocked.chunk.base !== operation.base) continue;
      drive(replica, foreseen);
      return null;
    }
    resumeBalance(allocator, work);
  }
  replica.work = null;
  const chunk = replica.chunks.get(operation.base);
  if (chunk !== undefined) removeChunk(replica, chunk);
  return { operation, kind: 'unexpected', model: null };
}
