/** Memory that a driver no longer allocates itself because the core does, at its word. */
export interface TakeOver {
  /** Calls that fall away. */
  readonly apis: readonly string[];
  /** The member whose assignment asks the core for the memory. */
  readonly member: string;
  /** Where the core allocates it. */
  readonly by: string;
}

export const takeOvers: readonly TakeOver[] = [
  {
    // Since 6.1: net/core/dev.c netdev_do_alloc_pcpu_stats, called by register_netdevice.
    apis: ['netdev_alloc_pcpu_stats', 'devm_netdev_alloc_pcpu_stats'],
    member: 'pcpu_stat_type',
    by: 'netdev_do_alloc_pcpu_stats() in net/core/dev.c',
  },
];

/** True where the text of a C file assigns the member, whatever the object is called. */
export function assignsMember(text: string, member: string): boolean {
  return new RegExp(`(?:->|\\.)\\s*${member}\\s*=[^=]`).test(text);
}
