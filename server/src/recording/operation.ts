import type { Request } from '../allocator/allocator';
import type { Chunk } from '../allocator/chunk';

/** What became of a request of the trace. */
export type Outcome =
  | 'pending'
  /** The model put it where the kernel did, in the order of the trace. */
  | 'exact'
  /** It is explained only by an order, or a moment of asynchronous work, that the trace does not show. */
  | 'undetermined'
  /** No order that the trace allows explains where the kernel put it. */
  | 'mismatched'
  /** The trace ends before it says where the kernel put it. */
  | 'unconfirmed';

export type Cause = 'lock order' | 'balance work' | 'clock' | 'lost events' | 'before the state';

/** A request with what the trace says of it. Offsets in granules. */
export interface AllocationRequest extends Request {
  readonly task: number;
  /** Its place in the lock order is known from a probe. */
  probed: boolean;
  /** The trace said where the kernel put it, or that it failed. */
  resolved: boolean;
  failed: boolean;
  base: string;
  at: number;
  /** Function that allocated; '' where nobody asked. */
  caller: string;
  /** Made for it by percpu_create_chunk, not yet on the slots. */
  created: Chunk | null;
  outcome: Outcome;
  cause: Cause | null;
}

export type OperationKind =
  /** One hold of `pcpu_lock` for a request. */
  | 'attempt'
  | 'free'
  | 'create'
  | 'destroy'
  /** A chunk came on the slots, new or back from isolation. */
  | 'fresh'
  | 'populated'
  | 'depopulated'
  | 'balance'
  | 'balance-return'
  | 'trim'
  | 'trim-return'
  | 'lost';

/** A step of the allocator, in the order in which the lock was held as far as the trace tells. */
export interface Operation {
  readonly kind: OperationKind;
  /** Running number. */
  readonly index: number;
  readonly timestamp: number;
  readonly task: number;
  readonly base: string;
  /** In granules. */
  readonly at: number;
  /** Pages. */
  readonly start: number;
  readonly end: number;
  readonly emptyOnly: boolean;
  readonly request: AllocationRequest | null;
  /** Index of the task's operation before: this one did not happen earlier. */
  readonly earliest: number;
  /** Operations of a later place that are taken to have happened right before this one. */
  before: readonly Operation[];
  /** It stands in another operation's `before`, or came with the chunk made for it. */
  moved: boolean;
  /** Probes inside the lock were on when it happened, so that its place is right. */
  readonly probed: boolean;
  /** The kernel's placement was taken over where the model's was another. */
  adopted: boolean;
}

/** Shared by all operations before which nothing was moved. */
export const nothing: readonly Operation[] = [];

export function moveBefore(operation: Operation, place: Operation): void {
  operation.moved = true;
  place.before = [operation, ...place.before];
}

export function moveBack(operation: Operation, place: Operation): void {
  operation.moved = false;
  place.before = place.before.filter((other) => other !== operation);
}

/** An operation that took the lock before another, though the trace has it after. */
export interface Move {
  readonly kind: 'move';
  readonly operation: Operation;
  readonly before: Operation;
  readonly cause: Cause;
}

/** A place found for an operation, and others that might have done as well: the hints that they leave differ. */
export interface Choice {
  chosen: Move;
  readonly others: readonly Move[];
}
