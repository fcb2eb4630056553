import type { KernelVersion } from '../kernel/version';
import type { Step } from './step';

/** What an object's percpu memory goes through, per object. */
export interface LifeCycle {
  /** What lives: `percpu_counter ×4`, `struct mm_cid`, `mm (fork and exec)`. */
  readonly subject: string;
  readonly kernel: KernelVersion;
  /** Sites or objects that this life cycle was built from, as `file:line`. */
  readonly sites: readonly string[];
  readonly create: readonly Step[];
  /** One typical update, where the subject has one. */
  readonly use: readonly Step[];
  readonly destroy: readonly Step[];
  /** Percpu areas it holds while alive. */
  readonly areas: readonly Area[];
  /** Bytes that are not per CPU: counters embedded in the object, hierarchical items. */
  readonly sharedBytes: number;
  readonly counters: CounterAccuracy | null;
  /** Names of the strategies that were applied, in order. */
  readonly strategies: readonly string[];
}

export interface Area {
  readonly what: string;
  /** Bytes per CPU. */
  readonly size: number;
  readonly align: number;
  readonly atomic: boolean;
  readonly accounted: boolean;
}

/** How far a counter's cheap read can be off. */
export interface CounterAccuracy {
  readonly counters: number;
  readonly scheme: 'percpu' | 'hierarchical' | 'per-task' | 'per-node' | 'atomic' | 'unbounded';
  /** Null: the kernel's default, max(32, 2 × online CPUs). */
  readonly batch: number | null;
  /** What one unit of the counter stands for: bytes, or null where it counts things. */
  readonly unitBytes: number | null;
}
