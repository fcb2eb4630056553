import { derived, given, unknown, type Reason } from '../util/reason';
import { exactly } from '../util/interval';
import type { KernelTraits } from './kernelTraits';

/**
 * percpu_counter: a count with a signed 32-bit slot per possible CPU that is added to the count when it reaches the batch.
 * Kernel: lib/percpu_counter.c, include/linux/percpu_counter.h (6.1, 6.12). Counts are exact up to 2⁵³.
 */
export interface PercpuCounter {
  count: number;
  /** One of each possible CPU. */
  readonly slots: Int32Array;
  /** CPUs that a sum walks: online ones, and dying ones where the kernel does so. */
  readonly walked: Uint8Array;
  readonly online: Uint8Array;
  readonly traits: KernelTraits;
}

/** Configuration that the size of `struct percpu_counter` depends on. */
export interface CounterConfig {
  readonly smp: boolean;
  readonly hotplugCpu: boolean;
  /** CONFIG_DEBUG_SPINLOCK or lockdep: the lock is larger, by how much depends on more options. */
  readonly lockDebugging: boolean;
}

const header = 'include/linux/percpu_counter.h struct percpu_counter (6.1, 6.12)';

/** Bytes of the counter itself on 64 bit; the slots come on top. */
export function counterBytes(config: CounterConfig): Reason {
  const label = 'struct percpu_counter';
  const source = { kind: 'source code', at: header } as const;
  if (!config.smp) return given(label, 'bytes', 8, source, 'uniprocessor: the count alone');
  if (config.lockDebugging) return unknown(label, 'bytes', 'the size of a lock under debugging depends on the configuration');
  const lock = given('lock, padded to 8', 'bytes', 8, source);
  const count = given('count', 'bytes', 8, source);
  const slots = given('pointer to the slots', 'bytes', 8, source);
  const list = given('entry of the list of all counters', 'bytes', 16, source, 'with CPU hotplug');
  const parts = config.hotplugCpu ? [lock, count, list, slots] : [lock, count, slots];
  return derived(label, 'bytes', exactly(config.hotplugCpu ? 40 : 24), parts, 'laid out without gaps');
}

/** Bytes of a counter's slot on each possible CPU; allocated with alignment 4. */
export const SLOT_BYTES = 4;

/** What creating counters allocates: one area for all of them where the kernel can, else one each. */
export function counterAreas(traits: KernelTraits, counters: number): { readonly areas: number; readonly bytesEach: number } {
  return traits.counterInitMany ? { areas: 1, bytesEach: counters * SLOT_BYTES } : { areas: counters, bytesEach: SLOT_BYTES };
}

/** Default batch. Kernel: compute_batch_value (6.1, 6.12). */
export function counterBatch(onlineCpus: number): number {
  return Math.max(32, 2 * onlineCpus);
}

/** Batch of percpu_counter_add_local: reads of such counters have no useful bound. Kernel: PERCPU_COUNTER_LOCAL_BATCH. */
export const LOCAL_BATCH = 0x7fffffff;

export interface ErrorBound {
  /** No read is off by more. With percpu_counter_limited_add it can be reached. */
  readonly strict: number;
  /** The largest error that percpu_counter_add_batch can leave: each slot one short of the batch. */
  readonly attainable: number;
}

/** How far an approximate read may be from the sum, in the counter's units. Online CPUs: others' slots are folded. */
export function readErrorBound(batch: number, onlineCpus: number): ErrorBound {
  return { strict: batch * onlineCpus, attainable: (batch - 1) * onlineCpus };
}

/** Counters as percpu_counter_init_many (6.12) or percpu_counter_init (6.1) leave them; all possible CPUs online. */
export function initCounters(amounts: readonly number[], possibleCpus: number, traits: KernelTraits): PercpuCounter[] {
  const all = new Uint8Array(possibleCpus).fill(1);
  return amounts.map((count) => ({
    count,
    slots: new Int32Array(possibleCpus),
    walked: all.slice(),
    online: all.slice(),
    traits,
  }));
}

/** Adds on a CPU; the slot goes to the count once it would reach the batch. Kernel: percpu_counter_add_batch. */
export function addBatch(counter: PercpuCounter, cpu: number, amount: number, batch: number): void {
  const slot = counter.slots[cpu] ?? 0;
  if (Math.abs(slot + amount) >= batch) {
    counter.count += slot + amount;
    counter.slots[cpu] = 0;
  } else {
    counter.slots[cpu] = slot + amount;
  }
}

export function setCounter(counter: PercpuCounter, amount: number): void {
  counter.slots.fill(0);
  counter.count = amount;
}

/** Folds a CPU's slot. Kernel: percpu_counter_sync. */
export function syncCounter(counter: PercpuCounter, cpu: number): void {
  counter.count += counter.slots[cpu] ?? 0;
  counter.slots[cpu] = 0;
}

export function readCounter(counter: PercpuCounter): number {
  return counter.count;
}

export function readPositive(counter: PercpuCounter): number {
  return Math.max(counter.count, 0);
}

/** The exact value, as far as the walked CPUs hold it all. Kernel: __percpu_counter_sum. */
export function sumCounter(counter: PercpuCounter): number {
  return counter.slots.reduce((sum, slot, cpu) => (counter.walked[cpu] === 1 ? sum + slot : sum), counter.count);
}

/** Whether the counter is above (1), at (0) or below (-1) a value; exact. Kernel: __percpu_counter_compare. */
export function compareCounter(counter: PercpuCounter, value: number, batch: number): { readonly order: -1 | 0 | 1; readonly summed: boolean } {
  const rough = counter.count;
  if (Math.abs(rough - value) > batch * onlineCpus(counter)) return { order: rough > value ? 1 : -1, summed: false };
  const exact = sumCounter(counter);
  return { order: exact > value ? 1 : exact < value ? -1 : 0, summed: true };
}

/**
 * Adds only when the total does not pass a limit (upwards for positive amounts, downwards for negative ones); true when
 * added. Its fast path lets a slot reach the batch itself. Kernel: __percpu_counter_limited_add (since 6.7).
 */
export function limitedAdd(counter: PercpuCounter, cpu: number, limit: number, amount: number, batch: number): boolean {
  if (amount === 0) return true;
  const doubt = batch * onlineCpus(counter);
  const slot = counter.slots[cpu] ?? 0;
  const away = amount > 0 ? 1 : -1;
  const room = (value: number): number => (limit - value) * away;
  if (Math.abs(slot + amount) <= batch && room(counter.count) >= doubt) {
    counter.slots[cpu] = slot + amount;
    return true;
  }
  const wanted = counter.count + amount;
  if (room(wanted) < -doubt) return false;
  if (room(wanted) < doubt && room(sumCounter(counter) + amount) < 0) return false;
  counter.count += slot + amount;
  counter.slots[cpu] = 0;
  return true;
}

/** A CPU leaves: sums still walk it while it dies, where the kernel does so, until its slot is folded. */
export function cpuDying(counter: PercpuCounter, cpu: number): void {
  counter.online[cpu] = 0;
  counter.walked[cpu] = counter.traits.counterSumWalksDying ? 1 : 0;
}

/** Kernel: percpu_counter_cpu_dead. */
export function cpuDead(counter: PercpuCounter, cpu: number): void {
  syncCounter(counter, cpu);
  counter.walked[cpu] = 0;
}

export function cpuOnline(counter: PercpuCounter, cpu: number): void {
  counter.online[cpu] = 1;
  counter.walked[cpu] = 1;
}

function onlineCpus(counter: PercpuCounter): number {
  return counter.online.reduce((sum, flag) => sum + flag, 0);
}
