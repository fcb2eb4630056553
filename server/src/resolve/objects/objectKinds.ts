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
  /** Members of operation tables that run for one of a variant. */
  readonly tables?: readonly CreationTable[];
  /** A table is handed to this function, for each of whose members the same holds. */
  readonly handed?: RegExp;
}

const fileSystem: VariantLink = { type: /^file_system_type$/, field: /^init_fs_context$/, name: 'name' };
const linkKind: VariantLink = { type: /^rtnl_link_ops$/, field: /^(setup|newlink)$/, name: 'kind' };

export const objectKinds: readonly ObjectKind[] = [
  { id: 'mm', name: 'mm', frequencyClass: 'fork-exec', functions: ['mm_init'] },
  {
    id: 'netns', name: 'network namespace', frequencyClass: 'netns', functions: ['setup_net', 'preinit_net', 'copy_net_ns'],
    tables: [{ type: /^pernet_operations$/, field: /^(pre_)?init$/ }],
  },
  { id: 'cgroup', name: 'cgroup', frequencyClass: 'cgroup', functions: ['cgroup_create'] },
  {
    id: 'css', name: 'cgroup controller state', frequencyClass: 'cgroup', functions: ['css_create'],
    tables: [{ type: /^cgroup_subsys$/, field: /^css_(alloc|online)$/, variant: { affix: /_(cgrp_)?subsys$/ } }],
  },
  {
    id: 'blkg', name: 'block cgroup of one disk', frequencyClass: 'cgroup', functions: ['blkg_alloc', 'blkg_create'],
    tables: [{ type: /^blkcg_policy$/, field: /^pd_(alloc|init|online)_fn$/, variant: { affix: /^blkcg_policy_/ } }],
  },
  {
    id: 'superblock', name: 'superblock', frequencyClass: 'mount', functions: ['alloc_super'],
    tables: [
      { type: /^file_system_type$/, field: /^(mount|init_fs_context)$/, variant: { field: 'name' } },
      { type: /^fs_context_operations$/, field: /^get_tree$/, variant: { through: fileSystem } },
      { type: /^nfs_rpc_ops$/, field: /^(try_get_tree|create_server)$/, variant: { affix: /_clientops$/ } },
      { type: /^squashfs_decompressor_thread_ops$/, field: /^create$/, variant: { is: 'squashfs' } },
    ],
  },
  { id: 'mount', name: 'mount point', frequencyClass: 'mount', functions: ['alloc_vfsmnt'] },
  {
    id: 'netdev', name: 'network device', frequencyClass: 'netdev', functions: ['alloc_netdev_mqs', 'register_netdevice'],
    handed: /^register_netdevice_notifier/,
    tables: [
      { type: /^net_device_ops$/, field: /^ndo_init$/, variant: { through: linkKind } },
      { type: /^rtnl_link_ops$/, field: /^(setup|newlink)$/, variant: { field: 'kind' } },
      { type: /^team_mode_ops$/, field: /^init$/, variant: { affix: /_mode_ops$/ } },
    ],
  },
  {
    id: 'qdisc', name: 'queueing discipline', frequencyClass: 'tc', functions: ['qdisc_alloc'],
    tables: [{ type: /^Qdisc_ops$/, field: /^init$/, variant: { field: 'id' } }],
  },
  { id: 'tc-classifier', name: 'tc classifier', frequencyClass: 'tc', tables: [{ type: /^tcf_proto_ops$/, field: /^init$/, variant: { field: 'kind' } }] },
  { id: 'tc-filter', name: 'tc filter', frequencyClass: 'tc', tables: [{ type: /^tcf_proto_ops$/, field: /^change$/, variant: { field: 'kind' } }] },
  { id: 'tc-action', name: 'tc action', frequencyClass: 'tc', tables: [{ type: /^tc_action_ops$/, field: /^init$/, variant: { field: 'kind' } }] },
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
