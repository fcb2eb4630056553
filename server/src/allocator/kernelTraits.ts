/**
 * What differs between kernel versions in the allocator and in percpu_counter, as data. Placement itself (search,
 * hints, slots, depopulation) is the same in 6.1 and 6.12: mm/percpu.c and mm/percpu-vm.c of both were read side by side.
 */
export interface KernelTraits {
  /** First release with these traits. */
  readonly since: string;
  /** Dynamic bytes that the first chunk has at least, for allocations before slab. PERCPU_DYNAMIC_EARLY_SIZE. */
  readonly earlyDynamicBytes: (config: DynamicConfig) => number;
  /** Dynamic bytes that the embed first chunk is given on 64 bit. PERCPU_DYNAMIC_RESERVE. */
  readonly dynamicReserve: (config: DynamicConfig) => number;
  /** Bytes kept for the static percpu variables of modules. PERCPU_MODULE_RESERVE. */
  readonly moduleReserve: (config: DynamicConfig) => number;
  /** Empty pages are given back (pcpu_reclaim_populated). */
  readonly depopulation: boolean;
  /** Several counters in one area: percpu_counter_init_many. */
  readonly counterInitMany: boolean;
  /** percpu_counter_limited_add exists. */
  readonly counterLimitedAdd: boolean;
  /** A sum walks dying CPUs too, not only online ones. */
  readonly counterSumWalksDying: boolean;
  /** The fast path of percpu_counter_add_batch where the architecture has a cheap local compare-and-exchange. */
  readonly counterAdd: 'compare-and-exchange' | 'preemption off';
  /** free_percpu looks the chunk up before it takes `pcpu_lock`. */
  readonly freeLooksUpOutsideLock: boolean;
}

/** Configuration that the sizes depend on; all off where nothing is known. */
export interface DynamicConfig {
  readonly randomKmallocCaches?: boolean;
  readonly lockdep?: boolean;
  readonly memAllocProfiling?: boolean;
  readonly pageSize?: number;
}

const kib = 1024;

/** Kernel: include/linux/percpu.h PERCPU_DYNAMIC_SIZE_SHIFT (6.12). */
function dynamicUnit(config: DynamicConfig): number {
  if (config.randomKmallocCaches !== true) return kib;
  return config.lockdep === true && (config.pageSize ?? 4096) > 4096 ? 8 * kib : 4 * kib;
}

const traits61: KernelTraits = {
  since: '6.1',
  earlyDynamicBytes: () => 12 * kib,
  dynamicReserve: () => 28 * kib,
  moduleReserve: () => 8 * kib,
  depopulation: true,
  counterInitMany: false,
  counterLimitedAdd: false,
  counterSumWalksDying: false,
  counterAdd: 'preemption off',
  freeLooksUpOutsideLock: false,
};

const traits612: KernelTraits = {
  since: '6.12',
  earlyDynamicBytes: (config) => 20 * dynamicUnit(config),
  dynamicReserve: (config) => 28 * dynamicUnit(config),
  moduleReserve: (config) => (config.memAllocProfiling === true ? 64 * kib : 8 * kib),
  depopulation: true,
  counterInitMany: true,
  counterLimitedAdd: true,
  counterSumWalksDying: true,
  counterAdd: 'compare-and-exchange',
  freeLooksUpOutsideLock: true,
};

/** Before 5.14 empty pages of a chunk in use were never given back. */
const traitsBefore514: KernelTraits = { ...traits61, since: '5.9', depopulation: false };

const known: readonly KernelTraits[] = [traits612, traits61, { ...traits61, since: '5.14' }, traitsBefore514];

/** Traits of a release; between two that were read, those of the older. The oldest stand for all before. */
export function kernelTraits(version: { readonly major: number; readonly minor: number }): KernelTraits {
  const found = known.find(({ since }) => {
    const [major = 0, minor = 0] = since.split('.').map(Number);
    return version.major > major || (version.major === major && version.minor >= minor);
  });
  return found ?? traitsBefore514;
}
