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
  /** The object, where it is one that the kernel creates as a whole. */
  readonly object?: ObjectFacts;
  /** Memory kept beyond living objects, for reuse. */
  readonly pinned?: readonly Pinned[];
  /** What a reader must know: assumptions, what is not modelled. */
  readonly notes?: readonly string[];
}

export interface Area {
  /** Unique within a life cycle. */
  readonly what: string;
  /** Bytes per CPU. */
  readonly size: number;
  readonly align: number;
  readonly atomic: boolean;
  readonly accounted: boolean;
  /** Who keeps the pointer: the caller's own structure, or an API's (which then allocates by itself). */
  readonly holder?: AreaHolder;
  /** The call that allocates it, where it is from one in the source. */
  readonly origin?: AreaOrigin;
}

export interface AreaOrigin {
  /** `file:line`. */
  readonly site: string;
  /** The function around the call; null at file scope. */
  readonly function: string | null;
  /** The wrapper or API that is called and allocates inside; null for a call of the allocator's or a counter's own API. */
  readonly inside: string | null;
}

export type AreaHolder =
  | 'caller'
  | 'percpu_counter'
  | 'mm_cid'
  | 'percpu_ref'
  | 'percpu_rw_semaphore'
  | 'srcu_struct'
  | 'bpf_map'
  | 'workqueue'
  | 'other API';

export type ObjectKind =
  | 'mm'
  | 'tc-action'
  | 'tc-filter-u32'
  | 'netns'
  | 'cgroup'
  | 'memory-cgroup'
  | 'superblock-tmpfs'
  | 'superblock-ext4'
  | 'netdev-dummy'
  | 'netdev-veth-pair'
  | 'netdev-bridge';

/** Facts about an object that strategies ask for. */
export interface ObjectFacts {
  readonly kind: ObjectKind;
  /** Its slab cache where it has one of its own; null where it comes from kmalloc. */
  readonly slabCache: string | null;
  /** What a constructor must not have overwritten: functions that clear or copy the whole object. */
  readonly overwrittenBy: readonly string[];
}

/** Copies of `areaBytes` (per CPU) held ready, `count` of them for every `per`. */
export interface Pinned {
  readonly what: string;
  readonly areaBytes: number;
  readonly count: number;
  readonly per: 'machine' | 'llc' | 'cpu';
}

/** How far a counter's cheap read can be off. */
export interface CounterAccuracy {
  readonly counters: number;
  readonly scheme: 'percpu' | 'hierarchical' | 'per-task' | 'per-node' | 'atomic' | 'unbounded';
  /** Null: the kernel's default, max(32, 2 × online CPUs), unless `batchUnknown`. */
  readonly batch: number | null;
  /** Why the batch that updates name is not known. */
  readonly batchUnknown?: string;
  /** What one unit of the counter stands for: bytes, or null where it counts things. */
  readonly unitBytes: number | null;
  /** The unit is a page, of the machine's size. */
  readonly inPages?: boolean;
  /** Threads that hold a share (per-task), slots in use (indexed by mm_cid). */
  readonly holders?: number;
}
