import type { FrequencyClass } from '../resolvedSite';
import type { ObjectKindId } from './membership';

/** Where an operation table has its variant's name. */
export interface VariantName {
  /** A member with a string: `.name = "ext4"`. */
  readonly field?: string;
  /** All tables of the type are one variant's. */
  readonly is?: string;
  /** Of the table's own name, what is no part of the variant's: `memory_cgrp_subsys`. */
  readonly affix?: RegExp;
  /** The variant is that of another table, which leads to this one. */
  readonly through?: VariantLink;
}

/** `file_system_type.init_fs_context` is a function that puts a table of `fs_context_operations` into use. */
export interface VariantLink {
  readonly type: RegExp;
  readonly field: RegExp;
  readonly name: string;
}

export interface CreationTable {
  readonly type: RegExp;
  readonly field: RegExp;
  /** Absent: every object of the kind has what is created there. */
  readonly variant?: VariantName;
}

/** An object of the kernel, and the functions that run when one is created. Read from linux 6.1 and 6.12. */
export interface ObjectKind {
  readonly id: ObjectKindId;
  readonly name: string;
  readonly frequencyClass: FrequencyClass;
  /** Functions that run for every object of the kind. */
  readonly functions?: readonly string[];
  /** Only those of this file. */
  readonly file?: string;
  /** Members of operation tables that run for one of a variant. */
  readonly tables?: readonly CreationTable[];
  /** A table is handed to this function, for each of whose members the same holds. */
  readonly handed?: RegExp;
  /** What conditions come to when one is created, as it usually is. */
  readonly assume?: readonly Assumption[];
  /** Which of the common sites an object has depends on its variant: by a member that the variant's code sets, and by its operation tables. */
  readonly decidedBy?: string;
  /** Functions by which the creation of one makes another of the kind; what else leads there looks one up. */
  readonly another?: readonly string[];
}

/** An atom of conditions: `words` null where it holds by what an object of the kind is, else what is assumed. */
export interface Assumption {
  readonly atom: RegExp;
  readonly value: boolean;
  readonly words: string | null;
  /** It holds for this variant and for no other. */
  readonly variant?: string;
}

const fileSystem: VariantLink = { type: /^file_system_type$/, field: /^init_fs_context$/, name: 'name' };
const linkKind: VariantLink = { type: /^rtnl_link_ops$/, field: /^(setup|newlink)$/, name: 'kind' };

export const objectKinds: readonly ObjectKind[] = [
  // Until 6.3 a boot function of init/main.c has the name too.
  { id: 'mm', name: 'mm', frequencyClass: 'fork-exec', functions: ['mm_init'], file: 'kernel/fork.c' },
  {
    id: 'netns', name: 'network namespace', frequencyClass: 'netns',
    assume: [{ atom: /^net_eq\(net, &init_net\)$/, value: false, words: null }],
    functions: ['setup_net', 'preinit_net', 'copy_net_ns'],
    tables: [{ type: /^pernet_operations$/, field: /^(pre_)?init$/ }],
  },
  { id: 'ipcns', name: 'IPC namespace', frequencyClass: 'user-request', functions: ['create_ipc_ns'] },
  { id: 'cgroup', name: 'cgroup', frequencyClass: 'cgroup',
    assume: [
      { atom: /^cgrp->root == &cgrp_dfl_root$/, value: true, words: 'cgroup v2' },
      { atom: /^static_branch_likely\(&psi_cgroups_enabled\)$/, value: true, words: 'no cgroup_disable=pressure' },
    ],
    functions: ['cgroup_create'] },
  {
    id: 'css', name: 'cgroup controller state', frequencyClass: 'cgroup',
    assume: [
      { atom: /^mem_cgroup_kmem_disabled\(\)$/, value: false, words: 'no cgroup.memory=nokmem' },
      { atom: /^mem_cgroup_is_root\(memcg\)$/, value: false, words: null },
    ], functions: ['css_create'],
    tables: [{ type: /^cgroup_subsys$/, field: /^css_(alloc|online)$/, variant: { affix: /_(cgrp_)?subsys$/ } }],
  },
  {
    id: 'blkg', name: 'block cgroup of one disk', frequencyClass: 'cgroup', functions: ['blkg_alloc', 'blkg_create'],
    tables: [{ type: /^blkcg_policy$/, field: /^pd_(alloc|init|online)_fn$/, variant: { affix: /^blkcg_policy_/ } }],
  },
  {
    id: 'superblock', name: 'superblock', frequencyClass: 'mount',
    assume: [{ atom: /\bSB_KERNMOUNT\b/, value: false, words: 'mounted by user space' }], functions: ['alloc_super'],
    tables: [
      { type: /^file_system_type$/, field: /^(mount|init_fs_context)$/, variant: { field: 'name' } },
      { type: /^fs_context_operations$/, field: /^get_tree$/, variant: { through: fileSystem } },
      { type: /^nfs_rpc_ops$/, field: /^(try_get_tree|create_server)$/, variant: { affix: /_clientops$/ } },
      { type: /^squashfs_decompressor_thread_ops$/, field: /^create$/, variant: { is: 'squashfs' } },
    ],
  },
  { id: 'mount', name: 'mount point', frequencyClass: 'mount', functions: ['alloc_vfsmnt'] },
  {
    id: 'netdev', name: 'network device', frequencyClass: 'netdev', decidedBy: 'pcpu_stat_type', another: ['rtnl_create_link'],
    assume: [
      // Notifiers are called for these two events on registration (net/core/dev.c register_netdevice).
      { atom: /^\w+ == (?=.*\bNETDEV_(REGISTER|POST_INIT)\b)/, value: true, words: null },
      { atom: /^\w+ [=!]= NETDEV_(?!PCPU_)\w+( \| NETDEV_\w+)*$/, value: false, words: null },
      { atom: /^idev$/, value: false, words: null },
      { atom: /^dev->mtu >= IPV6_MIN_MTU$/, value: true, words: 'an MTU of 1280 or more' },
      { atom: /^netif_is_bridge_master\(dev\)$/, value: true, words: null, variant: 'bridge' },
      { atom: /^br_opt_get\(br, BROPT_VLAN_STATS_PER_PORT\)$/, value: false, words: 'vlan_stats_per_port is off' },
    ],
    functions: ['alloc_netdev_mqs', 'register_netdevice'],
    handed: /^register_netdevice_notifier/,
    tables: [
      { type: /^net_device_ops$/, field: /^ndo_init$/, variant: { through: linkKind } },
      { type: /^rtnl_link_ops$/, field: /^(setup|newlink)$/, variant: { field: 'kind' } },
    ],
  },
  {
    id: 'qdisc', name: 'queueing discipline', frequencyClass: 'tc', functions: ['qdisc_alloc'],
    tables: [{ type: /^Qdisc_ops$/, field: /^init$/, variant: { field: 'id' } }],
  },
  { id: 'tc-classifier', name: 'tc classifier', frequencyClass: 'tc', tables: [{ type: /^tcf_proto_ops$/, field: /^init$/, variant: { field: 'kind' } }] },
  {
    id: 'tc-filter', name: 'tc filter', frequencyClass: 'tc',
    assume: [{ atom: /^(n|head|tb\[TCA_U32_DIVISOR\])$/, value: false, words: null }],
    tables: [{ type: /^tcf_proto_ops$/, field: /^change$/, variant: { field: 'kind' } }] },
  { id: 'tc-action', name: 'tc action', frequencyClass: 'tc', assume: [{ atom: /^cpustats$/, value: true, words: 'no TCA_ACT_FLAGS_NO_PERCPU_STATS' }, { atom: /^(exists|bind)$/, value: false, words: null }], tables: [{ type: /^tc_action_ops$/, field: /^init$/, variant: { field: 'kind' } }] },
  {
    id: 'bpf-map', name: 'BPF map', frequencyClass: 'bpf-map', functions: ['map_create'],
    tables: [{ type: /^bpf_map_ops$/, field: /^map_alloc$/, variant: { affix: /_(map_)?ops$/ } }],
  },
  { id: 'bpf-prog', name: 'BPF program', frequencyClass: 'bpf-prog', functions: ['bpf_prog_alloc', 'bpf_prog_load'] },
  {
    id: 'disk', name: 'disk', frequencyClass: 'disk',
    functions: ['__alloc_disk_node', 'blk_alloc_queue', 'blk_mq_init_allocated_queue', 'device_add_disk', 'blk_mq_alloc_tag_set', 'blk_mq_alloc_set_map_and_rqs'],
    tables: [{ type: /^blk_mq_ops$/, field: /^init_hctx$/, variant: { affix: /_?mq_ops$|_ops$/ } }],
  },
  {
    id: 'io-scheduler', name: 'I/O scheduler of a disk', frequencyClass: 'disk',
    tables: [{ type: /^elevator_type$/, field: /(^|\.)(init_sched|init_hctx)$/, variant: { field: 'elevator_name' } }],
  },
  { id: 'scsi-device', name: 'SCSI device', frequencyClass: 'disk', functions: ['scsi_alloc_sdev'] },
  { id: 'dm-target', name: 'device-mapper target', frequencyClass: 'disk', tables: [{ type: /^target_type$/, field: /^ctr$/, variant: { field: 'name' } }] },
  { id: 'md-personality', name: 'md array', frequencyClass: 'disk', tables: [{ type: /^md_personality$/, field: /^run$/, variant: { field: 'name' } }] },
  { id: 'bdi', name: 'backing device', frequencyClass: 'disk', functions: ['bdi_init'] },
  { id: 'cgroup-writeback', name: 'writeback of a memory cgroup to one backing device', frequencyClass: 'cgroup', functions: ['cgwb_create'] },
  {
    id: 'socket', name: 'socket', frequencyClass: 'socket', functions: ['sk_alloc', 'sk_prot_alloc'],
    tables: [
      { type: /^net_proto_family$/, field: /^create$/, variant: { affix: /_(family_)?ops$/ } },
      { type: /^proto$/, field: /^init$/, variant: { field: 'name' } },
    ],
  },
  { id: 'ipv4-nexthop', name: 'IPv4 nexthop', frequencyClass: 'route', functions: ['fib_nh_common_init'] },
  { id: 'ipv6-nexthop', name: 'IPv6 nexthop', frequencyClass: 'route', functions: ['fib6_nh_init'] },
  {
    id: 'lwtunnel', name: 'lightweight tunnel state', frequencyClass: 'route',
    tables: [{ type: /^lwtunnel_encap_ops$/, field: /^build_state$/, variant: { affix: /_(encap_|iptun_)?ops$/ } }],
  },
  { id: 'nft-expression', name: 'nftables expression', frequencyClass: 'user-request', tables: [{ type: /^nft_expr_ops$/, field: /^(init|clone)$/, variant: { affix: /^nft_|_ops$/g } }] },
  { id: 'nft-object', name: 'nftables object', frequencyClass: 'user-request', tables: [{ type: /^nft_object_ops$/, field: /^init$/, variant: { affix: /^nft_|_(obj_)?ops$/g } }] },
  { id: 'nft-set', name: 'nftables set', frequencyClass: 'user-request', tables: [{ type: /^nft_set_(ops|type)$/, field: /(^|\.)init$/, variant: { affix: /^nft_set_|_type$/g } }] },
  { id: 'xt-match', name: 'xtables match', frequencyClass: 'user-request', tables: [{ type: /^xt_match$/, field: /^checkentry$/, variant: { field: 'name' } }] },
  { id: 'xt-target', name: 'xtables target', frequencyClass: 'user-request', tables: [{ type: /^xt_target$/, field: /^checkentry$/, variant: { field: 'name' } }] },
  { id: 'aio-context', name: 'AIO context', frequencyClass: 'user-request', functions: ['ioctx_alloc'] },
  { id: 'io-uring', name: 'io_uring instance', frequencyClass: 'user-request', functions: ['io_ring_ctx_alloc'] },
  { id: 'module', name: 'module', frequencyClass: 'module-load', functions: ['load_module'] },
];
