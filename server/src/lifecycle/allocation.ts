import { formatKernelVersion, type KernelVersion } from '../kernel/version';
import type { Area } from './lifeCycle';
import type { Hold, Operation, Step, Work } from './step';
import { behaviourOf } from './versions';

/** Where and how long: the kernel, and the share of such allocations that enlarge what is in use (0 churn, 1 growth). */
export interface Setting {
  readonly kernel: KernelVersion;
  readonly growth: number;
}

export function work(label: string, operation: Operation, at: string, of?: string): Work {
  return { kind: 'work', label, operation, at, ...(of === undefined ? {} : { of }) };
}

/** Bytes that the allocator reserves: sizes are rounded up to its 4-byte granule (PCPU_MIN_ALLOC_SIZE). */
export function reservedSize(size: number): number {
  return Math.ceil(size / 4) * 4;
}

/**
 * The steps of one allocation, in the kernel's order: charge outside the locks; the mutex around the search under
 * pcpu_lock and around population; then the loop that zeroes every possible CPU's copy with no lock held
 * (mm/percpu.c pcpu_alloc_noprof, 6.12). A request that may not sleep never takes the mutex.
 */
export function allocation(area: Area, setting: Setting): readonly Step[] {
  const { allocFunction, baseShared } = behaviourOf(setting.kernel);
  const at = `mm/percpu.c ${allocFunction} (${formatKernelVersion(setting.kernel)})`;
  const size = reservedSize(area.size);
  const place = underPcpuLock(
    [work('find and mark an area', { op: 'place-area', bytes: size, align: area.align, baseShared }, at, area.what)],
    at,
    area.what,
  );
  const charge = work('charge the memory cgroup', { op: 'memcg-charge', bytes: size }, `${at}, pcpu_memcg_pre_alloc_hook`, area.what);
  const zero = work('zero every possible CPU\'s copy', { op: 'zero', bytes: size, growth: setting.growth }, at, area.what);
  return [...(area.accounted ? [charge] : []), area.atomic ? place : underMutex(place, size, setting, at, area.what), zero];
}

function underMutex(place: Hold, size: number, setting: Setting, at: string, of: string): Hold {
  const populate = work(
    'populate missing pages',
    { op: 'populate', bytes: size, growth: setting.growth },
    `mm/percpu-vm.c pcpu_populate_chunk (${formatKernelVersion(setting.kernel)})`,
    of,
  );
  return { kind: 'hold', lock: 'pcpu_alloc_mutex', lockKind: 'mutex', irqsOff: false, steps: [place, populate], at, of };
}

function underPcpuLock(steps: readonly Step[], at: string, of: string): Hold {
  return { kind: 'hold', lock: 'pcpu_lock', lockKind: 'spinlock', irqsOff: true, steps, at, of };
}

/** free_percpu: pcpu_lock alone, interrupts off, the uncharge inside it (mm/percpu.c free_percpu, 6.12). */
export function release(area: Area, setting: Setting): readonly Step[] {
  const at = `mm/percpu.c free_percpu (${formatKernelVersion(setting.kernel)})`;
  const { baseShared } = behaviourOf(setting.kernel);
  const size = reservedSize(area.size);
  const free = work('clear the area in the maps', { op: 'free-area', bytes: size, baseShared }, at, area.what);
  const uncharge = work('uncharge the memory cgroup', { op: 'memcg-uncharge', bytes: size }, `${at}, pcpu_memcg_free_hook`, area.what);
  return [underPcpuLock(area.accounted ? [free, uncharge] : [free], at, area.what)];
}
