import { between, exactly } from '../util/interval';
import type { Source } from '../util/reason';
import type { Constant, MachineCosts } from './profile';

const published = (at: string): Source => ({ kind: 'message', at });
const assumed = (at: string): Source => ({ kind: 'assumption', at });

function constant(low: number, mid: number, high: number, source: Source): Constant {
  return { value: between(low, high, mid), source };
}

/** 203,000 tc rules/s with three areas each: what the line counts of the two locks are calibrated on, and nothing else is. */
const calibration = published(
  '20191030140907.18561-1-vladbu@mellanox.com: 203 k tc gact rules/s, three areas each, on 24 CPUs; line counts chosen to land there',
);
const loopMeasurement: Source = {
  kind: 'measurement',
  at: '16-byte areas at power-of-two strides on one last-level cache: 3.0 ns a CPU when local, 4.3 ns when two CPUs alternate; more where other work runs in between',
};
const strideMeasurement: Source = {
  kind: 'measurement',
  at: 'units at power-of-two strides fall into one L1 set: past 16 CPUs a warm read took 2.7 ns, a store 3.0 ns; more where other work runs in between',
};
const memsetShare = published(
  '20191030140907.18561-1-vladbu@mellanox.com: 4.99 % of 20 busy CPUs in memset at 609 k areas/s is about 68 ns for each of 24 CPUs',
);
const memcg = assumed('mm/memcontrol.c consume_obj_stock and refill_obj_stock (6.12): a per-CPU stock in the fast case; no figure is published');
const lockLatency = assumed('published latency tables: about 25 ns for an uncontended mutex; about half of it for a spinlock');
const cycles = assumed('a few to twenty cycles at 2.5 to 4 GHz');

/** Costs shared by the built-in profiles; `guestFactor` is the profile's own. */
export const genericCosts: MachineCosts = {
  mutex: constant(18, 25, 40, lockLatency),
  spinlock: constant(10, 15, 24, lockLatency),
  mutexHandOffLines: constant(4, 4.5, 5, calibration),
  spinlockHandOffLines: constant(2.2, 2.5, 2.8, calibration),
  placeArea: constant(100, 140, 200, assumed('mm/percpu.c pcpu_find_block_fit and pcpu_alloc_area (6.12): bitmap scan and hint update')),
  placeAreaLines: constant(7, 8, 9, calibration),
  freeArea: constant(80, 120, 180, assumed('mm/percpu.c pcpu_free_area (6.12): bitmap clear and hint update')),
  freeAreaLines: constant(5.2, 6, 6.8, calibration),
  sharedBaseLines: constant(1, 1.5, 2, assumed('3a6358c0dbe6 (6.5) gave the base address of a chunk a line of its own')),
  zeroWarm: constant(3, 4.5, 8, loopMeasurement),
  zeroNextLine: constant(1, 1.5, 2.2, loopMeasurement),
  coldLine: constant(55, 70, 90, memsetShare),
  nextLineShare: constant(0.2, 0.25, 0.32, assumed('lines of one unit are fetched side by side; the first is waited for')),
  walkCpu: constant(0.7, 1, 1.6, cycles),
  walkLoad: constant(2, 3, 5, strideMeasurement),
  walkStore: constant(2, 3, 5, strideMeasurement),
  populatePage: constant(400, 600, 1000, assumed('mm/percpu-vm.c pcpu_alloc_pages and pcpu_map_pages (6.12): one page allocated and mapped, about 0.6 us')),
  listLink: constant(4, 6, 10, cycles),
  listLines: constant(1.5, 2, 2.5, assumed('lib/percpu_counter.c (6.12): list head and the neighbour entry')),
  memcgBytes: constant(12, 20, 32, memcg),
  memcgPages: constant(120, 200, 340, memcg),
  slab: constant(15, 25, 40, assumed('mm/slub.c (6.12): per-CPU fast path')),
  clearLine: constant(1, 1.5, 2.5, cycles),
  atomic: constant(4, 6, 9, cycles),
  localUpdate: constant(0.8, 1.2, 2, cycles),
  guestFactor: { value: exactly(1), source: assumed('bare metal') },
};

/** Lines that move between vCPUs cost more where holders are preempted. */
export const guestFactor: Constant = constant(1.1, 1.4, 1.9, assumed(
  'between bare metal and the paravirtual guest of the CNA spinlock series (A. Kogan), which reached 42 % of it at 72 threads of one lock',
));

export function withGuestFactor(costs: MachineCosts, guest: boolean): MachineCosts {
  return guest ? { ...costs, guestFactor } : costs;
}

