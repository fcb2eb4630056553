import type { AllocatedArea, Api, ArgumentRoles } from './api';
import { kernelVersion } from './version';

type Versions = Pick<Api, 'since' | 'until'>;

function indirect(name: string, source: string, roles: ArgumentRoles, areas: readonly AllocatedArea[], versions: Versions = {}): Api {
  return { name, family: 'up', kind: 'indirect', roles, areas, source, ...versions };
}

/** One area that holds the C type. */
function one(type: string, what: string, condition?: string): readonly AllocatedArea[] {
  const area: AllocatedArea = { bytes: { sizeof: type }, align: { alignof: type }, what };
  return [condition === undefined ? area : { ...area, condition }];
}

const bpfMemory: readonly AllocatedArea[] = [
  { bytes: { sizeof: 'struct bpf_mem_cache' }, align: 8, what: 'object cache', condition: 'size is not 0' },
  { bytes: { sizeof: 'struct bpf_mem_caches' }, align: 8, what: 'object caches of all sizes', condition: 'size is 0' },
];

const slab: readonly AllocatedArea[] = [
  {
    bytes: { sizeof: 'struct kmem_cache_cpu' }, align: 16, what: 'per-CPU slab',
    condition: 'a cache of its own: not merged with a like one (slab_merge), not CONFIG_SLUB_TINY',
  },
];

const hint = one('unsigned int', 'allocation hint', 'alloc_hint is true').map((area) => ({ ...area, askedBy: 'true' }));
const rwsem = one('int', 'reader count');
const srcu = one('struct srcu_data', 'grace-period data', 'Tree SRCU, not the Tiny one of uniprocessor kernels');
const bios = one('struct bio_alloc_cache', 'bio cache', 'flags has BIOSET_PERCPU_CACHE').map((area) => ({ ...area, askedBy: 'BIOSET_PERCPU_CACHE' }));
const counter: readonly AllocatedArea[] = [
  { bytes: { sizeof: 's32' }, align: { alignof: 's32' }, what: 'percpu_counter' },
];

/** The percpu workqueue array became one of pointers, for unbound workqueues too: kernel/workqueue.c alloc_and_link_pwqs. */
const queuePointers = { since: kernelVersion(6, 6) };
const queueStructs = { until: kernelVersion(6, 6) };
const queuePointer = one('struct pool_workqueue *', 'pointers to pool workqueues');
const queueStruct = one('struct pool_workqueue', 'pool workqueues', 'flags lacks WQ_UNBOUND').map((area) => ({ ...area, refusedBy: 'WQ_UNBOUND' }));

/** Initialisers one level up, whose objects hold percpu memory (6.1 to 6.12). */
export const indirectApis: readonly Api[] = [
  indirect('percpu_ref_init', 'lib/percpu-refcount.c', { target: 0, gfp: 3 }, one('unsigned long', 'reference count')),
  indirect('percpu_init_rwsem', 'include/linux/percpu-rwsem.h', { target: 0 }, rwsem),
  indirect('__percpu_init_rwsem', 'kernel/locking/percpu-rwsem.c', { target: 0 }, rwsem),
  indirect('init_srcu_struct', 'kernel/rcu/srcutree.c', { target: 0 }, srcu),
  indirect('__init_srcu_struct', 'kernel/rcu/srcutree.c', { target: 0 }, srcu),
  indirect('alloc_workqueue', 'kernel/workqueue.c', {}, queuePointer, queuePointers),
  indirect('alloc_workqueue', 'kernel/workqueue.c', {}, queueStruct, queueStructs),
  indirect('alloc_ordered_workqueue', 'include/linux/workqueue.h', {}, queuePointer, queuePointers),
  indirect('alloc_ordered_workqueue', 'include/linux/workqueue.h', {}, [], queueStructs),
  indirect('bioset_init', 'block/bio.c', { target: 0 }, bios),
  indirect('sbitmap_init_node', 'lib/sbitmap.c', { target: 0, gfp: 3 }, hint),
  indirect('sbitmap_queue_init_node', 'lib/sbitmap.c', { target: 0, gfp: 4 }, one('unsigned int', 'allocation hint')),
  // Holds callbacks that have percpu memory; itself it has none.
  indirect('blk_alloc_queue_stats', 'block/blk-stat.c', {}, []),
  indirect('blk_stat_alloc_callback', 'block/blk-stat.c', { count: 2 }, one('struct blk_rq_stat', 'one statistic a bucket')),
  indirect('gro_cells_init', 'net/core/gro_cells.c', { target: 0 }, one('struct gro_cell', 'receive queue')),
  indirect('dst_cache_init', 'net/core/dst_cache.c', { target: 0, gfp: 1 }, one('struct dst_cache_pcpu', 'cached route')),
  indirect('metadata_dst_alloc_percpu', 'net/core/dst.c', { gfp: 2 }, [
    {
      bytes: { unknown: 'sizeof(struct metadata_dst) + optslen' }, align: { alignof: 'struct metadata_dst' },
      what: 'tunnel metadata and its options',
    },
  ]),
  indirect('fprop_global_init', 'lib/flex_proportions.c', { target: 0, gfp: 1 }, counter),
  indirect('fprop_local_init_percpu', 'lib/flex_proportions.c', { target: 0, gfp: 1 }, counter),
  indirect('fc_lport_init_stats', 'include/scsi/libfc.h', { target: 0 }, one('struct fc_stats', 'port statistics')),
  indirect('bpf_map_alloc_percpu', 'kernel/bpf/syscall.c', { size: 1, align: 2, gfp: 3 }, [
    { bytes: { unknown: 'the size argument' }, align: 8, what: 'map memory, charged to the map’s memory cgroup' },
  ]),
  indirect('bpf_array_alloc_percpu', 'kernel/bpf/arraymap.c', { target: 0 }, [
    { bytes: { unknown: 'elem_size of the map, once for each of max_entries' }, align: 8, what: 'array elements' },
  ]),
  indirect('bpf_map_init_elem_count', 'include/linux/bpf.h', { target: 0 }, one('s64', 'element count')),
  indirect('bpf_mem_alloc_init', 'kernel/bpf/memalloc.c', { target: 0, size: 1 }, bpfMemory),
  indirect('bpf_mem_alloc_percpu_init', 'kernel/bpf/memalloc.c', { target: 0 }, [
    { bytes: { sizeof: 'struct bpf_mem_caches' }, align: 8, what: 'object caches of all sizes' },
  ], { since: kernelVersion(6, 8) }),
  indirect('mm_alloc_cid', 'include/linux/mm_types.h', { target: 0 }, one('struct mm_cid', 'concurrency id', 'CONFIG_SCHED_MM_CID'), {
    since: kernelVersion(6, 4),
  }),
  indirect('mm_alloc_cid_noprof', 'include/linux/mm_types.h', { target: 0 }, one('struct mm_cid', 'concurrency id', 'CONFIG_SCHED_MM_CID'), {
    since: kernelVersion(6, 10),
  }),
  indirect('kmem_cache_create', 'include/linux/slab.h', { size: 1 }, slab),
  indirect('kmem_cache_create_usercopy', 'include/linux/slab.h', { size: 1 }, slab),
];

function wrapper(name: string, source: string, roles: ArgumentRoles, areas: readonly AllocatedArea[], versions: Versions = {}): Api {
  return { ...indirect(name, source, roles, areas, versions), wrapper: true };
}

/** Widely used wrappers of the above and of the direct calls, for headers that are not at hand. */
export const wrapperApis: readonly Api[] = [
  wrapper('KMEM_CACHE', 'include/linux/slab.h', {}, slab),
  wrapper('KMEM_CACHE_USERCOPY', 'include/linux/slab.h', {}, slab),
  ...['create_workqueue', 'create_freezable_workqueue'].flatMap((name) => [
    wrapper(name, 'include/linux/workqueue.h', {}, queuePointer, queuePointers),
    wrapper(name, 'include/linux/workqueue.h', {}, one('struct pool_workqueue', 'pool workqueues'), queueStructs),
  ]),
  wrapper('create_singlethread_workqueue', 'include/linux/workqueue.h', {}, queuePointer, queuePointers),
  wrapper('create_singlethread_workqueue', 'include/linux/workqueue.h', {}, [], queueStructs),
  wrapper('dst_entries_init', 'include/net/dst_ops.h', { target: 0 }, counter),
  wrapper('nfs_alloc_iostats', 'fs/nfs/iostat.h', {}, one('struct nfs_iostats', 'mount statistics')),
  wrapper('msrs_alloc', 'arch/x86/lib/msr.c', {}, one('struct msr', 'register values')),
  wrapper('cgroup_rstat_init', 'kernel/cgroup/rstat.c', { target: 0 }, one('struct cgroup_rstat_cpu', 'statistics tree', 'not allocated yet')),
  wrapper('pcpu_freelist_init', 'kernel/bpf/percpu_freelist.c', { target: 0 }, one('struct pcpu_freelist_head', 'free list')),
  wrapper('ip_vs_stats_init_alloc', 'net/netfilter/ipvs/ip_vs_ctl.c', { target: 0 }, one('struct ip_vs_cpu_stats', 'statistics')),
  wrapper('relay_open', 'kernel/relay.c', {}, one('struct rchan_buf *', 'pointers to channel buffers')),
  wrapper('xt_percpu_counter_alloc', 'net/netfilter/x_tables.c', { target: 1 }, [
    { bytes: 4096, align: 4096, what: 'block of rule counters', condition: 'the block before it is used up', askedBy: 'a full block' },
  ]),
  wrapper('blkg_rwstat_init', 'block/blk-cgroup-rwstat.c', { target: 0, gfp: 1 }, [
    { bytes: 20, align: 4, what: 'five percpu_counters in one area' },
  ], { since: kernelVersion(6, 6) }),
  wrapper('blkg_rwstat_init', 'block/blk-cgroup-rwstat.c', { target: 0, gfp: 1 }, Array.from({ length: 5 }, () => counter).flat(), {
    until: kernelVersion(6, 6),
  }),
];
