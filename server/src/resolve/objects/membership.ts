/** Kinds of objects that the kernel creates as one; `creator`: what one function makes that is none of the others. */
export type ObjectKindId =
  | 'mm' | 'netns' | 'cgroup' | 'css' | 'blkg' | 'superblock' | 'mount' | 'netdev' | 'qdisc' | 'tc-classifier' | 'tc-filter'
  | 'tc-action' | 'bpf-map' | 'bpf-prog' | 'disk' | 'io-scheduler' | 'scsi-device' | 'dm-target' | 'md-personality' | 'bdi'
  | 'cgroup-writeback' | 'socket' | 'ipv4-nexthop' | 'ipv6-nexthop' | 'lwtunnel' | 'nft-expression' | 'nft-object' | 'nft-set'
  | 'xt-match' | 'xt-target' | 'aio-context' | 'io-uring' | 'module' | 'creator';

/** That a site is a part of an object: it runs when one of the kind is created. */
export interface Membership {
  readonly kind: ObjectKindId;
  /** `ext4` of the superblocks, `veth` of the network devices; null where every one of the kind has it. */
  readonly variant: string | null;
  /** From what creates the object to the site's function. */
  readonly chain: readonly string[];
}
