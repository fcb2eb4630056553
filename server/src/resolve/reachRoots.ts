import type { FrequencyClass } from './resolvedSite';

/**
 * Where call chains end: the functions and registrations that say what triggers the code below them. Read from
 * linux 6.1 and 6.12. Nothing is inferred from how a name looks.
 */

export interface NamedRoot {
  readonly function: string;
  readonly frequencyClass: FrequencyClass;
  /** Only chains that avoid these functions count. */
  readonly notThrough?: readonly string[];
  /** Ends an object's life: says nothing about what is created below it. */
  readonly release?: true;
}

/** What a thread shares with its process instead of copying it (kernel/fork.c copy_process, by clone flags). */
const notForThreads = ['dup_mm', 'mm_alloc', 'dup_fd', 'copy_fs_struct', 'copy_sighand', 'copy_signal'];

function roots(frequencyClass: FrequencyClass, names: readonly string[], more: Partial<NamedRoot> = {}): NamedRoot[] {
  return names.map((name) => ({ function: name, frequencyClass, ...more }));
}

export const namedRoots: readonly NamedRoot[] = [
  ...roots('fork-exec', ['kernel_clone', 'copy_process', 'do_execveat_common', 'kernel_execve', 'bprm_execve', 'begin_new_exec', 'exec_mmap']),
  ...roots('fork-exec', ['mmput', 'do_exit'], { release: true }),
  ...roots('thread', ['copy_process'], { notThrough: notForThreads }),
  ...roots('netns', ['setup_net', 'copy_net_ns']),
  ...roots('netns', ['cleanup_net'], { release: true }),
  ...roots('mount', ['do_new_mount', 'path_mount', 'sget_fc', 'sget', 'vfs_get_tree', 'copy_mnt_ns']),
  ...roots('mount', ['deactivate_locked_super', 'generic_shutdown_super', 'cleanup_mnt'], { release: true }),
  ...roots('cgroup', ['cgroup_mkdir', 'cgroup_create', 'css_create', 'blkg_create']),
  ...roots('cgroup', ['css_free_rwork_fn', 'blkg_free_workfn'], { release: true }),
  ...roots('bpf-map', ['map_create']),
  ...roots('bpf-map', ['bpf_map_free_deferred'], { release: true }),
  ...roots('bpf-prog', ['bpf_prog_load']),
  ...roots('bpf-prog', ['bpf_prog_free_deferred'], { release: true }),
  ...roots('netdev', ['register_netdevice', 'rtnl_newlink', 'rtnl_create_link', 'alloc_netdev_mqs']),
  ...roots('netdev', ['netdev_run_todo', 'free_netdev', 'unregister_netdevice_many_notify'], { release: true }),
  ...roots('socket', ['__sock_create', 'sk_alloc']),
  ...roots('socket', ['__sk_destruct', 'sk_common_release'], { release: true }),
  ...roots('disk', ['add_disk', 'device_add_disk', '__alloc_disk_node', '__blk_alloc_disk', 'blk_alloc_queue', 'blk_mq_init_allocated_queue', 'blk_mq_alloc_tag_set', 'blk_mq_alloc_set_map_and_rqs', 'scsi_alloc_sdev']),
  ...roots('disk', ['blk_mq_free_tag_set', 'disk_release', 'blk_free_queue'], { release: true }),
  ...roots('route', ['fib_create_info', 'ip6_route_info_create', 'nexthop_add', 'fib_nl_newrule']),
  ...roots('route', ['free_fib_info_rcu', 'fib6_info_destroy_rcu'], { release: true }),
  ...roots('module-load', ['load_module']),
  ...roots('module-load', ['free_module'], { release: true }),
  ...roots('cpu-hotplug', ['_cpu_up', 'cpuset_update_active_cpus', 'cpuset_handle_hotplug']),
  ...roots('boot', ['start_kernel', 'kernel_init_freeable']),
];

/**
 * Functions that an event calls only when it is asked for more than its normal work, by the flag or state that asks:
 * chains end here with the class of what was asked for, or without one.
 */
export const boundaries: ReadonlyMap<string, FrequencyClass | null> = new Map<string, FrequencyClass | null>([
  // CLONE_NEW*, unshare(2) and setns(2): kernel/nsproxy.c copy_namespaces.
  ['create_new_namespaces', 'user-request'],
  // CLONE_PIDFD: kernel/fork.c copy_process.
  ['pidfd_prepare', 'user-request'],
  ['__pidfd_prepare', 'user-request'],
  // CLONE_INTO_CGROUP: kernel/cgroup/cgroup.c cgroup_css_set_fork.
  ['cgroup_css_set_fork', 'user-request'],
  // Memory pressure and faults happen to whoever runs.
  ['out_of_memory', null],
  ['try_to_free_pages', null],
  ['handle_mm_fault', null],
  ['__alloc_pages_slowpath', null],
  ['schedule', null],
  ['__schedule', null],
]);

/** File-scope macros that register a function to run once. */
export const registrationRoots: readonly { readonly macro: RegExp; readonly frequencyClass: FrequencyClass }[] = [
  { macro: /^module_(init|exit)$/, frequencyClass: 'module-load' },
  { macro: /^(early|pure|core|postcore|arch|subsys|fs|rootfs|device|late|console|security)_initcall(_sync)?$/, frequencyClass: 'boot' },
  { macro: /^__(initcall|setup)$|^early_param$|_DECLARE$/, frequencyClass: 'boot' },
];

/** Functions that take another one to call it later, by its name or by a table that holds it. */
export interface HandingRoot {
  readonly callee: RegExp;
  readonly frequencyClass: FrequencyClass;
  /** What the argument before it must be. */
  readonly beside?: RegExp;
}

export const handingRoots: readonly HandingRoot[] = [
  { callee: /^__?cpuhp_setup_state|^cpuhp_setup_state/, frequencyClass: 'cpu-hotplug' },
  { callee: /^smpboot_register_percpu_thread$/, frequencyClass: 'cpu-hotplug' },
  { callee: /^register_module_notifier$/, frequencyClass: 'module-load' },
  { callee: /^register_netdevice_notifier/, frequencyClass: 'netdev' },
  { callee: /^rtnl_register(_module)?$/, beside: /^RTM_(NEW|DEL)(ROUTE|NEXTHOP|RULE)$/, frequencyClass: 'route' },
  { callee: /^rtnl_register(_module)?$/, beside: /^RTM_(NEW|DEL|GET)(QDISC|TCLASS|TFILTER|ACTION|CHAIN)$/, frequencyClass: 'tc' },
  { callee: /^rtnl_register(_module)?$/, beside: /^RTM_(NEW|DEL|SET)LINK$/, frequencyClass: 'netdev' },
  { callee: /^rtnl_register(_module)?$/, beside: /^RTM_/, frequencyClass: 'user-request' },
];

/** Functions whose direct callers create an object that lives on: what such a caller allocates is the object's too. */
export const objectMakers: readonly { readonly callee: RegExp; readonly frequencyClass: FrequencyClass }[] = [
  { callee: /^(__)?(blk_)?(mq_)?alloc_disk(_node|_for_queue)?$|^(__)?blk_(mq_)?alloc_disk$|^(device_)?add_disk$/, frequencyClass: 'disk' },
];

/** Functions that mount a file system for the kernel itself, given its `file_system_type`. */
export const kernelMount = /^(kern_mount|vfs_kern_mount|simple_pin_fs)$/;

/** Functions that call what they are given before they return, or start it as a thread. */
export const runsItsArgument =
  /^(get_tree_\w+|vfs_get_super|mount_(bdev|nodev|single|pseudo)|sget(_fc)?|kthread_run\w*|kthread_create\w*|stop_machine\w*|on_each_cpu\w*|smp_call_function\w*|smp_call_on_cpu|work_on_cpu\w*|schedule_on_each_cpu|call_rcu\w*|call_srcu|\w*for_each\w*|\w*_iterate\w*|iterate_\w+|walk_\w+|\w+_walk|component_bind_all)$/;

export const initAnnotations: ReadonlySet<string> = new Set(['__init', '__exit', '__init_or_module', '__cpuinit']);
export const netnsAnnotations: ReadonlySet<string> = new Set(['__net_init', '__net_exit']);
