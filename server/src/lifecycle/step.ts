/**
 * The steps a kernel takes over the life of an object's percpu memory: the one description that the
 * estimate adds up, the simulator executes and the hover prints.
 */
export type Step = Work | Hold;

/** Global locks of the percpu paths, and downstream stations by name (`idr_mutex`, `lruvec_lock`). */
export type LockName = 'pcpu_alloc_mutex' | 'pcpu_lock' | 'percpu_counters_lock' | (string & {});

/** The steps done while a lock is held, in order; holds nest as the kernel's do. */
export interface Hold {
  readonly kind: 'hold';
  readonly lock: LockName;
  readonly lockKind: 'mutex' | 'spinlock';
  readonly irqsOff: boolean;
  readonly steps: readonly Step[];
  /** Where the kernel does it: file and function with version. */
  readonly at: string;
  /** `object`: a lock of the object itself that nobody else wants meanwhile (a counter's own). Absent: one for the whole machine. */
  readonly scope?: 'machine' | 'object';
  /** The area whose allocation or free this belongs to, by `Area.what`. */
  readonly of?: string;
}

export interface Work {
  readonly kind: 'work';
  readonly label: string;
  readonly operation: Operation;
  readonly at: string;
  /** The area whose allocation or free this belongs to, by `Area.what`. */
  readonly of?: string;
}

/** What is done, in quantities that a machine profile can price; bytes are per CPU unless said. */
export type Operation =
  /** Object charge against the current memory cgroup, outside the locks. */
  | { readonly op: 'memcg-charge'; readonly bytes: number }
  /** Uncharge, inside `pcpu_lock` at free. */
  | { readonly op: 'memcg-uncharge'; readonly bytes: number }
  /**
   * Slot and block search, map update and hint update for one area. `baseShared`: the chunk's base address lies on the
   * line of its hints (before 6.5), so one line more moves between CPUs.
   */
  | { readonly op: 'place-area'; readonly bytes: number; readonly align: number; readonly baseShared?: boolean }
  /** Map and hint update for one freed area. */
  | { readonly op: 'free-area'; readonly bytes: number; readonly baseShared?: boolean }
  /**
   * Backing pages: share of a page that this area makes the allocator populate, for every possible CPU. `growth` is the
   * share of such allocations that enlarge what is in use: 0 where objects come and go, 1 (and absent) where they stay.
   */
  | { readonly op: 'populate'; readonly bytes: number; readonly growth?: number }
  /** memset of the area in every possible CPU's unit; `growth` as for `populate`, 0 where absent. */
  | { readonly op: 'zero'; readonly bytes: number; readonly growth?: number }
  /**
   * A loop over CPUs touching the area once each, with `stores` words written or `loads` words read. `warm`: this CPU
   * touched the same lines just before, so none moves.
   */
  | {
      readonly op: 'walk';
      readonly over: 'possible' | 'online';
      readonly loads: number;
      readonly stores: number;
      readonly warm?: boolean;
    }
  /** Insert into or removal from a global list: `links` entries. */
  | { readonly op: 'list'; readonly links: number }
  /** Slab allocation or free of `bytes` (total, not per CPU). */
  | { readonly op: 'slab'; readonly bytes: number }
  /** memset of `bytes` of the object itself (total, not per CPU), e.g. the items of hierarchical counters. */
  | { readonly op: 'clear'; readonly bytes: number }
  /** Atomic read-modify-write on a line that `sharing` CPUs contend for (0: private). */
  | { readonly op: 'atomic'; readonly count: number; readonly sharing: 'private' | 'node' | 'machine' }
  /** this_cpu operation on a local line. */
  | { readonly op: 'local-update'; readonly count: number }
  /** Work of the rest of the operation that is no percpu matter, in ns: scenarios fill it. */
  | { readonly op: 'other'; readonly nanoseconds: { readonly low: number; readonly mid: number; readonly high: number } };
