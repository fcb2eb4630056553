import type { FrequencyClass } from './resolvedSite';

/**
 * Where call chains end: the functions, operation tables, registrations and annotations that say what triggers
 * the code below them. Read from linux 6.1 and 6.12. Nothing is inferred from how a name looks.
 */

export interface NamedRoot {
  readonly function: string;
  readonly frequencyClass: FrequencyClass;
  /** Only chains that pass through one of these functions count. */
  readonly through?: readonly string[];
  /** Only chains that avoid these functions count. */
  readonly notThrough?: readonly string[];
}

/** Functions that share the address space never get past these: a new mm means fork, not a thread. */
const newAddressSpace = ['dup_mm', 'mm_alloc'];

export const namedRoots: readonly NamedRoot[] = [
  { function: 'kernel_clone', frequencyClass: 'fork-exec' },
  { function: 'copy_process', frequencyClass: 'fork-exec' },
  { function: 'copy_process', frequencyClass: 'thread', notThrough: newAddressSpace },
  { function: 'do_execveat_common', frequencyClass: 'fork-exec' },
  { function: 'bprm_mm_init', frequencyClass: 'fork-exec' },
  { function: 'exec_mmap', frequencyClass: 'fork-exec' },
  { function: 'begin_new_exec', frequencyClass: 'fork-exec' },
  { function: 'mmput', frequencyClass: 'fork-exec' },
  { function: 'do_exit', frequencyClass: 'fork-exec' },
  { function: 'setup_net', frequencyClass: 'netns' },
  { function: 'copy_net_ns', frequencyClass: 'netns' },
  { function: 'cleanup_net', frequencyClass: 'netns' },
  { function: 'do_new_mount', frequencyClass: 'mount' },
  { function: 'path_mount', frequencyClass: 'mount' },
  { function: 'alloc_super', frequencyClass: 'mount' },
  { function: 'sget_fc', frequencyClass: 'mount' },
  { function: 'vfs_get_tree', frequencyClass: 'mount' },
  { function: 'deactivate_locked_super', frequencyClass: 'mount' },
  { function: 'generic_shutdown_super', frequencyClass: 'mount' },
  { function: 'cgroup_mkdir', frequencyClass: 'cgroup' },
  { function: 'css_create', frequencyClass: 'cgroup' },
  { function: 'css_free_rwork_fn', frequencyClass: 'cgroup' },
  { function: 'map_create', frequencyClass: 'bpf-map' },
  { function: 'bpf_prog_load', frequencyClass: 'bpf-prog' },
  { function: 'register_netdevice', frequencyClass: 'netdev' },
  { function: 'rtnl_newlink', frequencyClass: 'netdev' },
  { function: 'netdev_run_todo', frequencyClass: 'netdev' },
  { function: '__sock_create', frequencyClass: 'socket' },
  { function: 'add_disk', frequencyClass: 'disk' },
  { function: 'device_add_disk', frequencyClass: 'disk' },
  { function: 'start_kernel', frequencyClass: 'boot' },
];

/** A member of an operation table whose call means the class; `field` absent: any function of the table. */
export interface TableRoot {
  readonly type: string;
  readonly field?: RegExp;
  readonly frequencyClass: FrequencyClass;
}

export const tableRoots: readonly TableRoot[] = [
  { type: 'pernet_operations', frequencyClass: 'netns' },
  { type: 'tc_action_ops', frequencyClass: 'tc' },
  { type: 'tcf_proto_ops', frequencyClass: 'tc' },
  { type: 'Qdisc_ops', frequencyClass: 'tc' },
  { type: 'cgroup_subsys', field: /^css_/, frequencyClass: 'cgroup' },
  { type: 'blkcg_policy', field: /_alloc_fn$|_free_fn$|_init_fn$/, frequencyClass: 'cgroup' },
  { type: 'bpf_map_ops', field: /^map_(alloc|free)/, frequencyClass: 'bpf-map' },
  { type: 'super_operations', field: /^(put_super|kill_sb|free_fc)$/, frequencyClass: 'mount' },
  { type: 'fs_context_operations', field: /^get_tree$/, frequencyClass: 'mount' },
  { type: 'file_system_type', field: /^(mount|kill_sb|init_fs_context)$/, frequencyClass: 'mount' },
  { type: 'net_device_ops', field: /^ndo_(init|uninit)$/, frequencyClass: 'netdev' },
  { type: 'net_device_ops', field: /^ndo_(open|stop)$/, frequencyClass: 'netdev' },
  { type: 'rtnl_link_ops', field: /^(newlink|dellink|setup)$/, frequencyClass: 'netdev' },
  { type: 'lwtunnel_encap_ops', field: /^(build_state|destroy_state)$/, frequencyClass: 'route' },
  { type: 'net_proto_family', field: /^create$/, frequencyClass: 'socket' },
  { type: 'proto', field: /^(init|destroy)$/, frequencyClass: 'socket' },
  { type: 'target_type', field: /^(ctr|dtr)$/, frequencyClass: 'disk' },
  { type: 'blk_mq_ops', field: /^(init_hctx|exit_hctx)$/, frequencyClass: 'disk' },
];

/** Bus drivers: `struct pci_driver`, `platform_driver`, `usb_driver` … with a probe or remove member. */
export const driverTable = { type: /_driver$/, field: /^(probe|remove|disconnect)$/ } as const;

/** File-scope macros that register a function to run once. */
export const registrationRoots: readonly { readonly macro: RegExp; readonly frequencyClass: FrequencyClass }[] = [
  { macro: /^module_(init|exit)$/, frequencyClass: 'module-load' },
  { macro: /^(early|pure|core|postcore|arch|subsys|fs|rootfs|device|late|console)_initcall(_sync)?$/, frequencyClass: 'boot' },
  { macro: /^__initcall$/, frequencyClass: 'boot' },
];

export const initAnnotations: ReadonlySet<string> = new Set(['__init', '__exit', '__meminit', '__cpuinit']);
export const netnsAnnotations: ReadonlySet<string> = new Set(['__net_init', '__net_exit']);
