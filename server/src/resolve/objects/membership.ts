/** Kinds of objects that the kernel creates as one; `creator`: what one function makes that is none of the others. */
export type ObjectKindId =
  | 'mm' | 'netns' | 'ipcns' | 'cgroup' | 'css' | 'blkg' | 'superblock' | 'mount' | 'netdev' | 'qdisc' | 'tc-classifier' | 'tc-filter'
  | 'tc-action' | 'bpf-map' | 'bpf-prog' | 'disk' | 'io-scheduler' | 'scsi-device' | 'dm-target' | 'md-personality' | 'bdi'
  | 'cgroup-writeback' | 'socket' | 'ipv4-nexthop' | 'ipv6-nexthop' | 'lwtunnel' | 'nft-expression' | 'nft-object' | 'nft-set'
  | 'xt-match' | 'xt-target' | 'aio-context' | 'io-uring' | 'module' | 'creator';

/** How often a site runs when an object is created. */
export interface Times {
  /** Executions; where `per` says so, for each of those. Null: not known. */
  readonly count: number | null;
  readonly per: 'memory node' | null;
  /** The loops that say so; empty for once. */
  readonly reason: string;
}

/** That a site is a part of an object: it runs when one of the kind is created, or released. */
export interface Membership {
  readonly kind: ObjectKindId;
  /** `destroy`: a sum over the CPUs in what releases the object's counters. */
  readonly phase: 'create' | 'destroy';
  /** `ext4` of the superblocks, `veth` of the network devices; null where every one of the kind has it. */
  readonly variant: string | null;
  /** From what creates the object to the site's function. */
  readonly chain: readonly string[];
  readonly times: Times;
  /** Conditions that decide and are not known, as written. */
  readonly when: readonly string[];
  /** Conditions taken as they usually are, in words. */
  readonly assumed: readonly string[];
  /** Modules that must be loaded, other than the one that the variant itself is in. */
  readonly modules: readonly string[];
  /** Why it is not part of one as configured; null where it is. */
  readonly excluded: string | null;
  /** Of the site that makes the object itself: the objects whose creation makes one. */
  readonly within: readonly Nesting[];
}

/** That an object is created in the course of creating another. */
export interface Nesting extends Pick<Membership, 'kind' | 'variant' | 'chain' | 'times' | 'when' | 'modules' | 'excluded'> {
  /** Which variant is created inside; null where that is not known. */
  readonly inner: string | null;
}
