import { formatKernelVersion, type KernelVersion } from '../kernel/version';
import { allocation, release, type Setting, work } from './allocation';
import type { Area } from './lifeCycle';
import type { Hold, Step } from './step';

/** The slots of a group of percpu_counters: 4 bytes per CPU each, in one area aligned to 4. */
export function counterArea(what: string, counters: number, accounted: boolean, atomic = false): Area {
  return { what, size: 4 * counters, align: 4, atomic, accounted, holder: 'percpu_counter' };
}

/** Bytes of a struct percpu_counter on 64-bit SMP with CPU hotplug (include/linux/percpu_counter.h, 6.12). */
export const counterBytes = 40;

/** Allocate the slots, then link every counter into the hotplug list under one more global lock. */
export function initCounters(area: Area, counters: number, setting: Setting): readonly Step[] {
  return [...allocation(area, setting), listHold('link into the hotplug list', '__percpu_counter_init_many', counters, area, setting.kernel)];
}

/** Unlink, then free the slots. */
export function destroyCounters(area: Area, counters: number, setting: Setting): readonly Step[] {
  return [listHold('unlink from the hotplug list', 'percpu_counter_destroy_many', counters, area, setting.kernel), ...release(area, setting)];
}

function listHold(label: string, functionName: string, links: number, area: Area, kernel: KernelVersion): Hold {
  const at = `lib/percpu_counter.c ${functionName} (${formatKernelVersion(kernel)})`;
  return {
    kind: 'hold',
    lock: 'percpu_counters_lock',
    lockKind: 'spinlock',
    irqsOff: true,
    steps: [work(label, { op: 'list', links }, at, area.what)],
    at,
    of: area.what,
  };
}

/** percpu_counter_sum: the counter's own raw lock, interrupts off, over the online CPUs; `warm` where a sum just went before. */
export function sumCounter(what: string, kernel: KernelVersion, warm = false): Hold {
  const at = `lib/percpu_counter.c __percpu_counter_sum (${formatKernelVersion(kernel)})`;
  const walk = work('add up every online CPU', { op: 'walk', over: 'online', loads: 1, stores: 0, warm }, at, what);
  return {
    kind: 'hold', lock: 'percpu_counter.lock', lockKind: 'spinlock', irqsOff: true, scope: 'object', steps: [walk], at, of: what,
  };
}

/** percpu_counter_add below its batch: one this_cpu operation. */
export function addToCounter(what: string, kernel: KernelVersion): Step {
  const at = `lib/percpu_counter.c percpu_counter_add_batch (${formatKernelVersion(kernel)})`;
  return work('add to this CPU\'s slot', { op: 'local-update', count: 1 }, at, what);
}

/** percpu_counter_set writes every possible CPU's slot under the counter's lock. */
export function setCounter(what: string, kernel: KernelVersion): Hold {
  const at = `lib/percpu_counter.c percpu_counter_set (${formatKernelVersion(kernel)})`;
  const walk = work('clear every possible CPU\'s slot', { op: 'walk', over: 'possible', loads: 0, stores: 1 }, at, what);
  return { ...sumCounter(what, kernel), steps: [walk], at };
}

/** percpu_counter_read: the shared word, without the slots. */
export function readCounter(what: string, kernel: KernelVersion): Step {
  const at = `include/linux/percpu_counter.h percpu_counter_read (${formatKernelVersion(kernel)})`;
  return work('read the shared word', { op: 'local-update', count: 1 }, at, what);
}
