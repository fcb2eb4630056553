import { atLeast, kernelVersion, type KernelVersion } from '../kernel/version';

/** What differs between kernels in the life of percpu memory; each with the change that made it. */
export interface Behaviour {
  /** The chunk's base address shares a line with its hints (until 3a6358c0dbe6, 6.5). */
  readonly baseShared: boolean;
  /** rss counters of an mm are percpu_counters (since f1a7941243c1, 6.2). */
  readonly rssPercpu: boolean;
  /** One allocation for several counters: percpu_counter_init_many (6.6). */
  readonly groupedCounters: boolean;
  /** An mm has mm_cid (6.3). */
  readonly mmCid: boolean;
  /** Size and alignment of an mm's concurrency-id area: 16 bytes, 64 and line-aligned since the rewrite (6.19). */
  readonly cidSize: number;
  readonly cidAlign: number;
  /** futex_ref, allocated with the first thread (6.17). */
  readonly futexRef: boolean;
  /** Name of the allocating function (allocation tagging renamed it in 6.10). */
  readonly allocFunction: string;
}

export function behaviourOf(kernel: KernelVersion): Behaviour {
  const since = (major: number, minor: number): boolean => atLeast(kernel, kernelVersion(major, minor));
  return {
    baseShared: !since(6, 5),
    rssPercpu: since(6, 2),
    groupedCounters: since(6, 6),
    mmCid: since(6, 3),
    cidSize: since(6, 19) ? 64 : 16,
    cidAlign: since(6, 19) ? 64 : 8,
    futexRef: since(6, 17),
    allocFunction: since(6, 10) ? 'pcpu_alloc_noprof' : 'pcpu_alloc',
  };
}
