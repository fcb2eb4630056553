import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hold, Operation, Step } from '../../server/src/lifecycle/step';
import { builtInMachines, machineByName } from '../../server/src/machine/builtIn';
import type { MachineProfile } from '../../server/src/machine/profile';
import { withCpus } from '../../server/src/machine/rescale';
import { chargedBytes, lockCost, priceOf } from '../../server/src/pricing/priceOf';
import type { Interval } from '../../server/src/util/interval';
import type { Reason } from '../../server/src/util/reason';

function machine(name: string): MachineProfile {
  const found = machineByName(name);
  if (found === undefined) throw new Error(`no machine ${name}`);
  return found;
}

function work(operation: Operation): Step {
  return { kind: 'work', label: operation.op, operation, at: 'test' };
}

function nanoseconds(reason: Reason): Interval {
  if (reason.value === null) throw new Error(`unknown: ${reason.note ?? ''}`);
  return reason.value;
}

function price(operation: Operation, profile: MachineProfile, creators = 1): Interval {
  return nanoseconds(priceOf(work(operation), profile, { creators }));
}

const operations: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ op: fc.constant('zero' as const), bytes: fc.integer({ min: 1, max: 32768 }), growth: fc.constantFrom(0, 0.5, 1) }),
  fc.record({ op: fc.constant('populate' as const), bytes: fc.integer({ min: 1, max: 32768 }), growth: fc.constantFrom(0, 1) }),
  fc.record({ op: fc.constant('place-area' as const), bytes: fc.integer({ min: 4, max: 4096 }), align: fc.constant(8) }),
  fc.record({ op: fc.constant('walk' as const), over: fc.constantFrom('possible' as const, 'online' as const), loads: fc.integer({ min: 0, max: 4 }), stores: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ op: fc.constant('list' as const), links: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ op: fc.constant('memcg-charge' as const), bytes: fc.integer({ min: 4, max: 4096 }) }),
  fc.record({ op: fc.constant('atomic' as const), count: fc.integer({ min: 1, max: 8 }), sharing: fc.constantFrom('private' as const, 'node' as const, 'machine' as const) }),
);

describe('the price of a step', () => {
  it('is never cheaper with more CPUs, possible or busy', () => {
    fc.assert(
      fc.property(operations, fc.constantFrom(...builtInMachines), fc.integer({ min: 1, max: 600 }), fc.integer({ min: 0, max: 600 }), (operation, profile, few, more) => {
        const small = price(operation, withCpus(profile, few, few));
        const large = price(operation, withCpus(profile, few + more, few + more));
        expect(large.low).toBeGreaterThanOrEqual(small.low);
        expect(large.mid).toBeGreaterThanOrEqual(small.mid);
        expect(large.high).toBeGreaterThanOrEqual(small.high);
      }),
    );
  });

  it('has an interval no wider than a factor of three, for one creator and for all CPUs', () => {
    fc.assert(
      fc.property(operations, fc.constantFrom(...builtInMachines), (operation, profile) => {
        for (const creators of [1, profile.topology.onlineCpus]) {
          const { low, high } = price(operation, profile, creators);
          expect(high).toBeLessThanOrEqual(low * 3 + 1e-9);
        }
      }),
    );
  });

  it('names a source at every leaf', () => {
    const leaves = (reason: Reason): Reason[] => (reason.parts.length === 0 ? [reason] : reason.parts.flatMap(leaves));
    fc.assert(
      fc.property(operations, (operation) => {
        for (const leaf of leaves(priceOf(work(operation), machine('server-192'), { creators: 20 }))) {
          expect(leaf.source?.at ?? '').not.toBe('');
        }
      }),
    );
  });
});

describe('zeroing', () => {
  it('costs 3 to 7 ns a CPU warm and about 70 ns with 20 creators on two sockets', () => {
    const twoSockets = machine('e5-2620v3');
    const warm = price({ op: 'zero', bytes: 16 }, twoSockets).mid / 24;
    const contended = price({ op: 'zero', bytes: 16 }, twoSockets, 20).mid / 24;
    expect(warm).toBeGreaterThan(3);
    expect(warm).toBeLessThan(7);
    expect(contended).toBeGreaterThan(50);
    expect(contended).toBeLessThan(90);
  });

  it('pays for cold lines where objects stay', () => {
    const profile = machine('server-64');
    expect(price({ op: 'zero', bytes: 64, growth: 1 }, profile).mid).toBeGreaterThan(5 * price({ op: 'zero', bytes: 64, growth: 0 }, profile).mid);
  });
});

describe('the memory cgroup', () => {
  it('charges every copy and the chunk\'s own bookkeeping', () => {
    expect(chargedBytes(16, 8)).toBe(160);
    expect(chargedBytes(4, 8)).toBe(40);
  });

  it('reaches the page stock for four rss counters from 255 possible CPUs', () => {
    const server = machine('server-256');
    const at = (cpus: number): number => price({ op: 'memcg-uncharge', bytes: 16 }, withCpus(server, cpus)).mid;
    expect(at(254)).toBe(at(8));
    expect(at(255)).toBeGreaterThan(4 * at(254));
  });
});

describe('population', () => {
  it('is free where objects come and go, and about 70 us for a memory cgroup at 256 CPUs', () => {
    const server = machine('server-256');
    expect(price({ op: 'populate', bytes: 1868, growth: 0 }, server).mid).toBe(0);
    const growing = price({ op: 'populate', bytes: 1868 }, server);
    expect(growing.low).toBeLessThan(70_000);
    expect(growing.high).toBeGreaterThan(70_000);
  });
});

describe('a hold', () => {
  const hold: Hold = {
    kind: 'hold', lock: 'pcpu_lock', lockKind: 'spinlock', irqsOff: true, at: 'test',
    steps: [work({ op: 'place-area', bytes: 16, align: 8 }), work({ op: 'list', links: 1 })],
  };

  it('is the sum of its lock and its steps', () => {
    const profile = machine('server-192');
    const state = { creators: 100 };
    const whole = nanoseconds(priceOf(hold, profile, state)).mid;
    const parts = [lockCost(hold, profile, state), ...hold.steps.map((step) => priceOf(step, profile, state))];
    expect(whole).toBeCloseTo(parts.reduce((total, part) => total + nanoseconds(part).mid, 0), 6);
  });

  it('moves lines between CPUs only where somebody else takes it', () => {
    const profile = machine('server-192');
    const shared = nanoseconds(lockCost(hold, profile, { creators: 192 })).mid;
    const own = nanoseconds(lockCost({ ...hold, scope: 'object' }, profile, { creators: 192 })).mid;
    expect(shared).toBeGreaterThan(own * 5);
  });
});
