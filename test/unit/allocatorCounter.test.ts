import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addBatch, compareCounter, counterAreas, counterBatch, counterBytes, cpuDead, cpuDying, cpuOnline, initCounters, limitedAdd,
  LOCAL_BATCH, readCounter, readErrorBound, readPositive, setCounter, sumCounter, syncCounter, type PercpuCounter,
} from '../../server/src/allocator/counter';
import { kernelTraits } from '../../server/src/allocator/kernelTraits';

const traits = kernelTraits({ major: 6, minor: 12 });
const old = kernelTraits({ major: 6, minor: 1 });

function counter(cpus: number, amount = 0, of = traits): PercpuCounter {
  return initCounters([amount], cpus, of)[0]!;
}

const updates = fc.record({
  cpus: fc.integer({ min: 1, max: 12 }),
  batch: fc.integer({ min: 1, max: 200 }),
  steps: fc.array(fc.tuple(fc.nat(11), fc.integer({ min: -300, max: 300 })), { maxLength: 200 }),
});

describe('a percpu counter', () => {
  it('reads within its bound and sums exactly, under any updates', () => {
    fc.assert(fc.property(updates, ({ cpus, batch, steps }) => {
      const subject = counter(cpus, 5);
      let truth = 5;
      for (const [cpu, amount] of steps) {
        addBatch(subject, cpu % cpus, amount, batch);
        truth += amount;
        expect(sumCounter(subject)).toBe(truth);
        const error = Math.abs(readCounter(subject) - truth);
        expect(error).toBeLessThanOrEqual(readErrorBound(batch, cpus).attainable);
        expect(error).toBeLessThan(readErrorBound(batch, cpus).strict);
      }
    }));
  });

  it('moves a slot to the count as it reaches the batch, not before', () => {
    const subject = counter(2);
    addBatch(subject, 0, 31, 32);
    expect([readCounter(subject), subject.slots[0]]).toEqual([0, 31]);
    addBatch(subject, 0, 1, 32);
    expect([readCounter(subject), subject.slots[0]]).toEqual([32, 0]);
    addBatch(subject, 1, -32, 32);
    expect([readCounter(subject), subject.slots[1]]).toEqual([0, 0]);
  });

  it('can be off by exactly the attainable bound', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 100 }), (cpus, batch) => {
      const subject = counter(cpus);
      for (let cpu = 0; cpu < cpus; cpu += 1) addBatch(subject, cpu, batch - 1, batch);
      expect(sumCounter(subject) - readCounter(subject)).toBe(readErrorBound(batch, cpus).attainable);
    }));
  });

  it('reaches the strict bound only with limited adds, whose fast path fills a slot', () => {
    const subject = counter(4);
    for (let cpu = 0; cpu < 4; cpu += 1) expect(limitedAdd(subject, cpu, 1_000_000, 32, 32)).toBe(true);
    expect(sumCounter(subject) - readCounter(subject)).toBe(readErrorBound(32, 4).strict);
  });

  it('adds under a limit exactly when the sum allows it', () => {
    const limited = fc.array(fc.tuple(fc.nat(7), fc.integer({ min: -90, max: 90 })), { maxLength: 150 });
    fc.assert(fc.property(limited, fc.integer({ min: 0, max: 400 }), (steps, limit) => {
      const subject = counter(8);
      let truth = 0;
      for (const [cpu, amount] of steps) {
        const bound = amount > 0 ? limit : -limit;
        const fits = amount === 0 || (amount > 0 ? truth + amount <= bound : truth + amount >= bound);
        expect(limitedAdd(subject, cpu, bound, amount, 32)).toBe(fits);
        if (fits) truth += amount;
        expect(sumCounter(subject)).toBe(truth);
        expect(Math.abs(readCounter(subject) - truth)).toBeLessThanOrEqual(readErrorBound(32, 8).strict);
      }
    }));
  });

  it('compares as the exact value does, and sums only when it is near', () => {
    fc.assert(fc.property(updates, fc.integer({ min: -4000, max: 4000 }), ({ cpus, batch, steps }, value) => {
      const subject = counter(cpus);
      for (const [cpu, amount] of steps) addBatch(subject, cpu % cpus, amount, batch);
      expect(compareCounter(subject, value, batch).order).toBe(Math.sign(sumCounter(subject) - value) + 0);
    }));
    expect(compareCounter(counter(4, 1000), 0, 32).summed).toBe(false);
    expect(compareCounter(counter(4, 100), 0, 32).summed).toBe(true);
  });

  it('is unbounded with local adds, and exact after a sync of every CPU', () => {
    const subject = counter(2);
    for (let round = 0; round < 1000; round += 1) addBatch(subject, round % 2, 1000, LOCAL_BATCH);
    expect(readCounter(subject)).toBe(0);
    syncCounter(subject, 0);
    syncCounter(subject, 1);
    expect(readCounter(subject)).toBe(1_000_000);
  });

  it('keeps what a dying CPU holds: 6.12 sums it, 6.1 misses it until it is folded', () => {
    for (const [of, seen] of [[traits, 107], [old, 100]] as const) {
      const subject = counter(4, 100, of);
      addBatch(subject, 3, 7, 32);
      cpuDying(subject, 3);
      expect(sumCounter(subject)).toBe(seen);
      cpuDead(subject, 3);
      expect(sumCounter(subject)).toBe(107);
      cpuOnline(subject, 3);
      expect(sumCounter(subject)).toBe(107);
    }
  });

  it('can be set, and never reads below zero where that is asked for', () => {
    const subject = counter(4);
    addBatch(subject, 1, -40, 32);
    expect([readCounter(subject), readPositive(subject)]).toEqual([-40, 0]);
    addBatch(subject, 2, 5, 32);
    setCounter(subject, 12);
    expect(sumCounter(subject)).toBe(12);
  });
});

describe('what counters take', () => {
  it('is 40 bytes with CPU hotplug, 24 without, 8 on one CPU, and unknown with lock debugging', () => {
    const bytes = (smp: boolean, hotplugCpu: boolean, lockDebugging = false): number | null =>
      counterBytes({ smp, hotplugCpu, lockDebugging }).value?.mid ?? null;
    expect([bytes(true, true), bytes(true, false), bytes(false, false), bytes(true, true, true)]).toEqual([40, 24, 8, null]);
  });

  it('is one area for many counters since they can be initialised together', () => {
    expect(counterAreas(traits, 4)).toEqual({ areas: 1, bytesEach: 16 });
    expect(counterAreas(old, 4)).toEqual({ areas: 4, bytesEach: 4 });
  });

  it('has a batch of at least 32 that grows with the online CPUs', () => {
    expect([1, 16, 17, 256].map(counterBatch)).toEqual([32, 32, 34, 512]);
    expect(readErrorBound(counterBatch(256), 256)).toEqual({ strict: 131_072, attainable: 130_816 });
  });
});
