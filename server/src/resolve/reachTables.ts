import type { FrequencyClass } from './resolvedSite';

/**
 * Members of operation tables whose call means a class, with the core code that calls them. Read from linux 6.1 and
 * 6.12. What a table is not listed for (I/O, packets, timers, power management) says nothing.
 */
export interface TableRoot {
  readonly type: RegExp;
  /** Absent: any function of the table. */
  readonly field?: RegExp;
  readonly frequencyClass: FrequencyClass;
}

function table(frequencyClass: FrequencyClass, type: RegExp, field?: RegExp): TableRoot {
  return field === undefined ? { type, frequencyClass } : { type, field, frequencyClass };
}

/** The first that fits holds. */
export const tableRoots: readonly TableRoot[] = [
  table('netns', /^pernet_operations$/),
  table('tc', /^(tc_action_ops|tcf_proto_ops|Qdisc_ops|Qdisc_class_ops)$/, /^(init|change|destroy|cleanup|create|attach|graft|delete|tmplt_create|tmplt_destroy|reset|lookup|walk)$/),
  table('cgroup', /^cgroup_subsys$/, /^css_/),
  table('cgroup', /^blkcg_policy$/, /^(cpd|pd)_(alloc|free|init|online|offline)_fn$/),
  table('bpf-map', /^bpf_map_ops$/, /^map_(alloc|free)/),
  table('user-request', /^bpf_map_ops$/, /^map_(update|delete|lookup)/),
  table('mount', /^super_operations$/, /^(put_super|remount_fs)$/),
  table('mount', /^fs_context_operations$/, /^(get_tree|reconfigure|free)$/),
  table('mount', /^file_system_type$/, /^(mount|kill_sb|init_fs_context)$/),
  table('mount', /^nfs_rpc_ops$/, /^(try_get_tree|create_server)$/),
  table('mount', /^squashfs_decompressor_thread_ops$/, /^(create|destroy)$/),
  table('netdev', /^team_mode_ops$/, /^(init|exit|port_enter|port_leave)$/),
  table('netdev', /^net_device_ops$/, /^ndo_(init|uninit|open|stop)$/),
  table('netdev', /^rtnl_link_ops$/, /^(newlink|dellink|setup|changelink)$/),
  table('user-request', /^net_device_ops$/, /^ndo_(set_|change_|do_ioctl|eth_ioctl|siocdevprivate|bpf|setup_tc|add_slave|del_slave|vlan_)/),
  table('user-request', /^ethtool_ops$/, /^(set_|flash_|reset|self_test)/),
  table('route', /^lwtunnel_encap_ops$/, /^(build_state|destroy_state)$/),
  table('socket', /^net_proto_family$/, /^create$/),
  table('socket', /^proto$/, /^(init|destroy)$/),
  table('socket', /^(tcp_congestion_ops|tcp_ulp_ops)$/, /^(init|release)$/),
  table('user-request', /^(proto|proto_ops)$/, /^(setsockopt|bind|connect|listen|ioctl|accept|set_rcvlowat|compat_ioctl)$/),
  table('disk', /^target_type$/, /^(ctr|dtr)$/),
  table('disk', /^md_personality$/, /^(run|free|takeover)$/),
  table('disk', /^blk_mq_ops$/, /^(init_hctx|exit_hctx|init_request|exit_request)$/),
  table('disk', /^elevator_type$/, /(^|\.)(init_sched|exit_sched|init_hctx|exit_hctx)$/),
  table('disk', /^scsi_host_template$/, /^(slave_(alloc|configure|destroy)|sdev_(init|configure|destroy)|device_configure)$/),
  table('cpu-hotplug', /^cpuhp_step$/, /^(startup|teardown)\.(single|multi)$/),
  table('user-request', /^(genl_ops|genl_small_ops|genl_split_ops|nfnl_callback|rdma_nl_cbs)$/, /^(doit|call|start|pre_doit)$/),
  table('user-request', /^nft_(expr|set|object|chain|flowtable)?_?(ops|type)$/, /(^|\.)(init|clone|destroy|activate)$/),
  table('user-request', /^xt_(match|target)$/, /^(checkentry|destroy)$/),
  table('user-request', /^xfrm_type$/, /^(init_state|destructor)$/),
  table('user-request', /^(file_operations|proc_ops|comedi_driver|v4l2_file_operations)$/, /^(proc_)?(open|release|write|write_iter|unlocked_ioctl|compat_ioctl|mmap|attach|detach)$/),
  table('user-request', /^(inode_operations|block_device_operations)$/, /^(create|mkdir|rmdir|link|unlink|symlink|rename|setattr|mknod|open|release|ioctl)$/),
  table('user-request', /^(kernel_param_ops|kernfs_ops|configfs_attribute|configfs_group_operations|configfs_item_operations|kobj_attribute|device_attribute|cftype|ctl_table|key_type)$/),
  table('user-request', /^(pmu|tracer|event_command|trace_event_class)$/, /^(event_init|setup_aux|free_aux|init|reset|reg|open|close)$/),
  table('user-request', /^(drm_driver|drm_ioctl_desc)$/, /^(open|postclose|func)$/),
  table('user-request', /^(ib_device_ops|iommufd_object_ops|vfio_device_ops|target_backend_ops|target_core_fabric_ops|rtnl_af_ops|ip_set_type|ip_set_type_variant|nf_conntrack_helper|kvm_x86_ops|kvm_x86_init_ops)$/),
  table('device-probe', /^(ib_client|class_interface|subsys_interface|component_ops|acpi_scan_handler|snd_soc_component_driver|dsa_switch_ops|dsa_switch_driver)$/, /^(add|add_dev|remove|remove_dev|bind|unbind|attach|detach|probe|setup|teardown)$/),
  table('device-probe', /^iommu_ops$/, /^(probe_device|release_device|domain_alloc\w*)$/),
  // Bus drivers: `struct pci_driver`, `platform_driver`, `usb_driver` … (drivers/base/dd.c really_probe calls the bus).
  table('device-probe', /_driver$/, /(^|\.)(probe|probe_new|probe_one|remove|remove_new|remove_one|disconnect|bind|unbind|set_online)$/),
];
