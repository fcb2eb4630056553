import { work } from './allocation';
import type { AreaHolder, CounterAccuracy, ObjectFacts, ObjectKind } from './lifeCycle';
import type { Step } from './step';

/** One percpu area of an object: how it is held, and the function that allocates it. Sizes in bytes per CPU. */
export interface AreaRow {
  readonly what: string;
  readonly size: number;
  readonly align: number;
  readonly holder: AreaHolder;
  readonly accounted?: boolean;
  readonly at: string;
  /** One for every memory node. */
  readonly perNode?: boolean;
  /** Loop over possible CPUs after the allocation: words written to each copy. */
  readonly initialised?: number;
}

export interface ObjectTable {
  readonly subject: string;
  readonly facts: ObjectFacts;
  /** In the order of allocation. Sizes as a 6.12 distribution configuration has them. */
  readonly areas: readonly AreaRow[];
  /** One typical update; empty where no single one is typical. */
  readonly use: readonly Step[];
  readonly counters: CounterAccuracy | null;
  readonly notes: readonly string[];
}

const own = (what: string, size: number, at: string, more: Partial<AreaRow> = {}): AreaRow => ({
  what, size, align: 8, holder: 'caller', at, ...more,
});
const counter = (what: string, at: string): AreaRow => ({ what, size: 4, align: 4, holder: 'percpu_counter', at });
const reference = (what: string, at: string): AreaRow => ({ what, size: 8, align: 8, holder: 'percpu_ref', at });
const rwsem = (what: string, at: string): AreaRow => ({ what, size: 4, align: 4, holder: 'percpu_rw_semaphore', at });

const freeze: readonly AreaRow[] = ['write', 'pagefault', 'fs'].map((level) =>
  rwsem(`s_writers.rw_sem (${level})`, 'fs/super.c alloc_super'),
);
const mountCounts = own('mnt_pcp', 8, 'fs/namespace.c alloc_vfsmnt', { align: 4 });

const action: readonly AreaRow[] = [
  own('cpu_bstats', 16, 'net/sched/act_api.c tcf_idr_create', { align: 16, initialised: 0 }),
  own('cpu_bstats_hw', 16, 'net/sched/act_api.c tcf_idr_create', { align: 16, initialised: 0 }),
  own('cpu_qstats', 20, 'net/sched/act_api.c tcf_idr_create', { align: 4 }),
];

const deviceReference = (name: string): AreaRow => own(`${name} pcpu_refcnt`, 4, 'net/core/dev.c alloc_netdev_mqs', { align: 4 });
const deviceIpv6 = (name: string): AreaRow => own(`${name} in6 stats`, 304, 'net/ipv6/addrconf.c snmp6_alloc_dev', { accounted: true, initialised: 0 });

function netdevice(name: string, middle: readonly AreaRow[] = [], last: readonly AreaRow[] = []): readonly AreaRow[] {
  return [deviceReference(name), ...middle, deviceIpv6(name), ...last];
}

const tstats = (name: string): AreaRow => own(`${name} tstats`, 32, 'net/core/dev.c netdev_do_alloc_pcpu_stats', { align: 32, initialised: 0 });
const lstats = (name: string): AreaRow => own(`${name} lstats`, 16, 'net/core/dev.c netdev_do_alloc_pcpu_stats', { align: 16, initialised: 0 });
const bulkQueue = (name: string): AreaRow => own(`${name} xdp_bulkq`, 176, 'kernel/bpf/devmap.c dev_map_notification', { initialised: 1 });

const cgroupCore: readonly AreaRow[] = [
  reference('cgrp->self.refcnt', 'kernel/cgroup/cgroup.c cgroup_create'),
  own('rstat_cpu', 144, 'kernel/cgroup/rstat.c cgroup_rstat_init', { initialised: 2 }),
  own('psi->pcpu', 128, 'kernel/sched/psi.c psi_cgroup_alloc', { align: 64, initialised: 1 }),
];
const programReference = reference('cgrp->bpf.refcnt', 'kernel/bpf/cgroup.c cgroup_bpf_inherit');
const perfEvent: readonly AreaRow[] = [
  own('perf_cgroup info', 32, 'kernel/events/core.c perf_cgroup_css_alloc'),
  reference('css->refcnt of perf_event', 'kernel/cgroup/cgroup.c css_create'),
];

const memoryState: readonly AreaRow[] = [
  own('vmstats_percpu', 1024, 'mm/memcontrol.c mem_cgroup_alloc', { align: 64, accounted: true, initialised: 2 }),
  own('lruvec_stats_percpu', 496, 'mm/memcontrol.c alloc_mem_cgroup_per_node_info', { accounted: true, perNode: true }),
  counter('cgwb_domain.completions.events', 'lib/flex_proportions.c fprop_global_init'),
  reference('css->refcnt of memory', 'kernel/cgroup/cgroup.c css_create'),
  reference('objcg->refcnt', 'mm/memcontrol.c obj_cgroup_alloc'),
];

const ipv4: readonly AreaRow[] = [
  ['tcp_statistics', 128], ['ip_statistics', 304], ['net_statistics', 1056], ['udp_statistics', 80],
  ['udplite_statistics', 80], ['icmp_statistics', 240],
].map(([what, size]) => own(String(what), Number(size), 'net/ipv4/af_inet.c ipv4_mib_init_net', what === 'ip_statistics' ? { initialised: 0 } : {}));

const ipv6: readonly AreaRow[] = [
  ['udp_stats_in6', 80], ['udplite_stats_in6', 80], ['ipv6_statistics', 304], ['icmpv6_statistics', 56],
].map(([what, size]) => own(String(what), Number(size), 'net/ipv6/af_inet6.c ipv6_init_mibs', what === 'ipv6_statistics' ? { initialised: 0 } : {}));

const netns: readonly AreaRow[] = [
  own('prot_inuse', 260, 'net/core/sock.c sock_inuse_init_net', { align: 4 }),
  own('xfrm_statistics', 248, 'net/xfrm/xfrm_policy.c xfrm_statistics_init'),
  own('xfrm state_cache_input', 8, 'net/xfrm/xfrm_state.c xfrm_state_init'),
  counter('dst entries of xfrm4', 'include/net/dst_ops.h dst_entries_init'),
  ...ipv4,
  ...ipv6,
  counter('dst entries of ip6', 'include/net/dst_ops.h dst_entries_init'),
  counter('dst entries of xfrm6', 'include/net/dst_ops.h dst_entries_init'),
  own('tls_statistics', 104, 'net/tls/tls_main.c tls_init_net'),
  own('ct.stat', 52, 'net/netfilter/nf_conntrack_core.c nf_conntrack_init_net', { align: 4 }),
  ...netdevice('lo', [lstats('lo')]),
];

const ext4Counters = [
  's_freeclusters_counter', 's_freeinodes_counter', 's_dirs_counter', 's_dirtyclusters_counter', 's_sra_exceeded_retry_limit',
].map((what) => counter(what, 'fs/ext4/super.c ext4_percpu_param_init'));
const extentCounters = ['s_es_stats.es_stats_cache_hits', 's_es_stats.es_stats_cache_misses', 's_es_stats.es_stats_all_cnt', 's_es_stats.es_stats_shk_cnt']
  .map((what) => counter(what, 'fs/ext4/extents_status.c ext4_es_register_shrinker'));

const countPacket = work('count one packet in this CPU\'s copy', { op: 'local-update', count: 2 }, 'net/sched/act_api.c tcf_action_update_bstats');

function table(kind: ObjectKind, subject: string, areas: readonly AreaRow[], facts: Partial<ObjectFacts> = {}, notes: readonly string[] = []): [ObjectKind, ObjectTable] {
  const use = kind.startsWith('tc-') ? [countPacket] : [];
  const counters: CounterAccuracy | null = kind === 'superblock-tmpfs' ? { counters: 1, scheme: 'percpu', batch: null, unitBytes: 4096, inPages: true } : null;
  return [kind, { subject, areas, use, counters, notes, facts: { kind, slabCache: null, overwrittenBy: [], ...facts } }];
}

const netnsNote = 'a kernel without xfrm, tls or conntrack allocates fewer areas; modules that register later add theirs';

/** What the kernel allocates with one object, in order; equal to allocations recorded on 6.12. The mm has a file of its own. */
export const objectTables: ReadonlyMap<ObjectKind, ObjectTable> = new Map([
  table('tc-action', 'tc action', action, { overwrittenBy: ['tcf_idr_create (kzalloc of the whole action)'] }),
  table('tc-filter-u32', 'tc u32 filter with a drop action', [
    own('tc_u32_knode pf', 24, 'net/sched/cls_u32.c u32_change', { accounted: true }),
    own('tc_u32_knode pcpu_success', 4, 'net/sched/cls_u32.c u32_change', { align: 4, accounted: true }),
    ...action,
  ]),
  table('netns', 'network namespace', netns, { slabCache: 'net_namespace', overwrittenBy: ['net_alloc (kmem_cache_zalloc)'] }, [netnsNote]),
  table('cgroup', 'cgroup without controllers', [...cgroupCore, programReference, ...perfEvent]),
  table('memory-cgroup', 'memory cgroup', [...cgroupCore, programReference, ...memoryState, ...perfEvent]),
  table('superblock-tmpfs', 'tmpfs mount', [...freeze, counter('used_blocks', 'mm/shmem.c shmem_fill_super'), mountCounts]),
  table('superblock-ext4', 'ext4 mount', [
    ...freeze,
    ...extentCounters,
    own('rsv_conversion_wq', 8, 'kernel/workqueue.c alloc_workqueue', { holder: 'workqueue' }),
    ...ext4Counters,
    rwsem('s_writepages_rwsem', 'fs/ext4/super.c ext4_percpu_param_init'),
    own('s_locality_groups', 200, 'fs/ext4/mballoc.c ext4_mb_init', { initialised: 4 }),
    mountCounts,
  ]),
  table('netdev-dummy', 'dummy network device', netdevice('dummy', [lstats('dummy')])),
  table('netdev-veth-pair', 'veth pair', [
    deviceReference('veth'), deviceReference('peer'),
    ...['veth', 'peer'].flatMap((name) => [tstats(name), bulkQueue(name), deviceIpv6(name)]),
  ]),
  table('netdev-bridge', 'bridge', netdevice(
    'bridge',
    [own('mcast_stats', 240, 'net/bridge/br_multicast.c br_multicast_init_stats', { initialised: 0 }), tstats('bridge')],
    [own('vlan stats', 32, 'net/bridge/br_vlan.c br_vlan_add', { align: 32, initialised: 0 })],
  )),
]);
