import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracyOf, defaultBatch } from '../../server/src/pricing/accuracy';
import { given } from '../../server/src/util/reason';
import { compareStrategies, strategyContext } from '../../server/src/estimate/compare';
import { paysFrom, sweepStrategies } from '../../server/src/estimate/sweep';
import { type Cost, costOf } from '../../server/src/estimate/cost';
import { kernelVersion } from '../../server/src/kernel/version';
import type { CounterAccuracy, LifeCycle, ObjectKind } from '../../server/src/lifecycle/lifeCycle';
import { lifeCycleOf } from '../../server/src/lifecycle/lifeCycleOf';
import { objectKinds, objectLifeCycle } from '../../server/src/lifecycle/object';
import { builtInMachines, machineByName } from '../../server/src/machine/builtIn';
import type { MachineProfile } from '../../server/src/machine/profile';
import { withCpus } from '../../server/src/machine/rescale';
import { notModelledBecause } from '../../server/src/kernel/modelled';
import type { Reason } from '../../server/src/util/reason';
import { resolvedSite } from './siteFixtures';

const v612 = kernelVersion(6, 12);
const MiB = 1024 * 1024;

function machine(name: string): MachineProfile {
  const found = machineByName(name);
  if (found === undefined) throw new Error(`no machine ${name}`);
  return found;
}

function object(kind: ObjectKind, kernel = v612): LifeCycle {
  const found = objectLifeCycle(kind, kernel);
  if (found === null) throw new Error(`no ${kind}`);
  return found;
}

function mid(reason: Reason | null): number {
  return reason?.value?.mid ?? NaN;
}

/** Every sum in a reason tree equals its parts, every product too. */
function expectConsistent(reason: Reason): void {
  reason.parts.forEach(expectConsistent);
  if (reason.value === null || reason.parts.length === 0) return;
  for (const bound of ['low', 'mid', 'high'] as const) {
    const parts = reason.parts.map((part) => part.value?.[bound] ?? NaN);
    const total = reason.value[bound];
    if (reason.combine === 'sum') expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(total, 4);
    if (reason.combine === 'product') expect(parts.reduce((result, part) => result * part, 1)).toBeCloseTo(total, 3);
  }
}

describe('the cost of an object', () => {
  it('is the sum of its steps, down to the leaves, on every machine', () => {
    fc.assert(
      fc.property(fc.constantFrom(...objectKinds), fc.constantFrom(...builtInMachines), (kind, profile) => {
        const cost = costOf(object(kind), profile);
        for (const reason of [cost.create, cost.destroy, cost.irqsOff, cost.footprintBytes, cost.memory.pinned]) expectConsistent(reason);
        expect(cost.create.parts.length).toBe(object(kind).create.length);
      }),
      { numRuns: 40 },
    );
  });

  it('is never less on more possible CPUs', () => {
    fc.assert(
      fc.property(fc.constantFrom(...objectKinds), fc.constantFrom(...builtInMachines), fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 500 }), (kind, profile, few, more) => {
        const small = costOf(object(kind), withCpus(profile, few, few));
        const large = costOf(object(kind), withCpus(profile, few + more, few + more));
        expect(mid(large.create)).toBeGreaterThanOrEqual(mid(small.create));
        expect(mid(large.destroy)).toBeGreaterThanOrEqual(mid(small.destroy));
        expect(mid(large.footprintBytes)).toBeGreaterThanOrEqual(mid(small.footprintBytes));
      }),
      { numRuns: 60 },
    );
  });

  it('of a larger area is never less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16_000 }), fc.integer({ min: 0, max: 16_000 }), (size, more) => {
        const at = (bytes: number): Cost => {
          const lifeCycle = lifeCycleOf(resolvedSite('__alloc_percpu', 'dyn', 'alloc', { size: bytes }), v612);
          if (lifeCycle === null) throw new Error('no life cycle');
          return costOf(lifeCycle, machine('server-256'));
        };
        expect(mid(at(size + more).footprintBytes)).toBeGreaterThanOrEqual(mid(at(size).footprintBytes));
        expect(mid(at(size + more).create)).toBeGreaterThanOrEqual(mid(at(size).create));
      }),
      { numRuns: 60 },
    );
  });

  it('depends on online CPUs where the kernel sums, on possible ones where it zeroes', () => {
    const server = withCpus(machine('server-256'), 256, 256);
    const halfOnline = withCpus(server, 256, 128);
    expect(mid(costOf(object('mm'), halfOnline).create)).toBe(mid(costOf(object('mm'), server).create));
    expect(mid(costOf(object('mm'), halfOnline).destroy)).toBeLessThan(0.6 * mid(costOf(object('mm'), server).destroy));
  });

  it('has 32 bytes for every possible CPU in an mm', () => {
    expect(mid(costOf(object('mm'), machine('server-256')).footprintBytes)).toBe(32 * 256);
  });

  it('names the locks of creation and of destruction', () => {
    const { locks } = costOf(object('mm'), machine('server-64'));
    expect(Object.keys(locks).sort()).toEqual(['pcpu_alloc_mutex', 'pcpu_lock', 'percpu_counters_lock']);
    expect(locks['pcpu_alloc_mutex']?.destroy).toBeNull();
    expect(locks['pcpu_lock']).toMatchObject({ irqsOff: true });
    expect(mid(locks['pcpu_alloc_mutex']?.create ?? null)).toBeGreaterThan(mid(locks['pcpu_lock']?.create ?? null));
  });

  it('stays within the published bound per counter on 192 CPUs: 27 ns a CPU for init, sum and destroy', () => {
    const before = object('mm', kernelVersion(6, 2));
    const { create, destroy } = costOf(before, machine('server-192'));
    expect((mid(create) + mid(destroy)) / 4 / 192).toBeLessThan(27);
    expect((mid(create) + mid(destroy)) / 4 / 192).toBeGreaterThan(5);
  });

  it('says uncalibrated until the machine was measured', () => {
    expect(costOf(object('mm'), machine('laptop-8')).caveat).toContain('uncalibrated');
    expect(costOf(object('mm'), machine('laptop-8')).create.note).toContain('uncalibrated');
    expect(costOf(object('mm'), { ...machine('laptop-8'), calibrated: true }).caveat).toBeNull();
  });

  it('has unknown times, with the reason, for kernels that are not modelled, and bytes all the same', () => {
    const why = notModelledBecause((name) => name === 'CONFIG_SMP' || name === 'CONFIG_PREEMPT_RT');
    const cost = costOf(object('mm'), machine('server-64'), why === undefined ? {} : { notModelled: why });
    expect(cost.create.value).toBeNull();
    expect(cost.create.note).toContain('PREEMPT_RT');
    expect(mid(cost.footprintBytes)).toBe(2048);
    expect(notModelledBecause((name) => name === 'CONFIG_SMP')).toBeUndefined();
    expect(notModelledBecause(() => false)).toContain('uniprocessor');
  });
});

describe('accuracy', () => {
  const rss: CounterAccuracy = { counters: 4, scheme: 'percpu', batch: null, unitBytes: 4096, inPages: true };

  it.each([[8, 1], [24, 4.5], [64, 32], [96, 72], [128, 128], [192, 288], [256, 512], [384, 1152], [512, 2048]])(
    'of a percpu counter of pages on %i CPUs is %d MiB',
    (cpus, mebibytes) => {
      const { strictBytes } = accuracyOf(rss, withCpus(machine('server-512'), cpus, cpus));
      expect(mid(strictBytes)).toBe(mebibytes * MiB);
    },
  );

  it('tells the attainable from the strict bound', () => {
    const { attainableUnits, strictUnits, batch } = accuracyOf(rss, machine('server-256'));
    expect(batch).toBe(512);
    expect(mid(strictUnits) - mid(attainableUnits)).toBe(256);
    expect(defaultBatch(4)).toBe(32);
  });

  it('follows the scheme: tree, tasks, nodes, one value, no bound', () => {
    const units = (counters: Partial<CounterAccuracy>): number => mid(accuracyOf({ ...rss, ...counters }, machine('server-256')).strictUnits);
    expect(mid(accuracyOf({ ...rss, scheme: 'hierarchical', batch: 32 }, machine('epyc-9654')).strictBytes)).toBe(192 * MiB);
    expect(units({ scheme: 'per-task', batch: 64, holders: 300 })).toBe(19_200);
    expect(units({ scheme: 'per-node', batch: 32 })).toBe(64);
    expect(units({ scheme: 'atomic' })).toBe(0);
    expect(units({ scheme: 'percpu', batch: 16 })).toBe(16 * 256);
    expect(accuracyOf({ ...rss, scheme: 'unbounded' }, machine('server-256')).strictUnits.value).toBeNull();
  });

  it('counts 64K pages where the machine has them', () => {
    expect(mid(accuracyOf(rss, { ...machine('server-64'), pageSize: 65536 }).strictBytes)).toBe(16 * 32 * MiB);
  });
});

describe('strategies compared', () => {
  const server = machine('server-192');
  const compared = compareStrategies(object('mm'), server);
  const gainOf = (id: string): number => compared.find((one) => one.id === id)?.gain?.throughputRatio?.mid ?? NaN;

  it('puts what applies first, best first, and gives a reason for all', () => {
    const applies = compared.map((one) => one.applies);
    expect(applies.lastIndexOf(true)).toBeLessThan(applies.indexOf(false));
    const saved = compared.filter((one) => one.applies).map(({ gain }) => gain?.savedNs.value?.mid ?? 0);
    expect(saved).toEqual([...saved].sort((a, b) => b - a));
    expect(compared.every(({ why }) => why.length > 0)).toBe(true);
  });

  it('have the published signs for an mm', () => {
    for (const id of ['grouping', 'ctor-dtor', 'dual-mode', 'on-demand', 'cid-indexed', 'per-task', 'per-node', 'percpu-cache']) expect(gainOf(id), id).toBeGreaterThan(1.02);
    expect(gainOf('ctor-dtor')).toBeGreaterThan(gainOf('dual-mode'));
    const hierarchical = compared.find(({ id }) => id === 'hierarchical')?.gain;
    expect(hierarchical?.savedBytes).toBeLessThan(0);
    expect(gainOf('hierarchical')).toBeLessThan(1.1);
  });

  it('leave the accuracy beside the time', () => {
    const tree = compared.find(({ id }) => id === 'hierarchical');
    expect(mid(tree?.after?.cost.accuracy?.strictBytes ?? null)).toBeLessThan(mid(tree?.before.cost.accuracy?.strictBytes ?? null));
  });

  it('count what caches pin', () => {
    const cache = compared.find(({ id }) => id === 'percpu-cache');
    expect(cache?.gain?.pinnedBytes).toBeGreaterThan(192 * 32);
    expect(mid(cache?.after?.cost.create ?? null)).toBeGreaterThan(0.5 * mid(cache?.before.cost.create ?? null));
  });

  it('give the update rate from which no-percpu loses', () => {
    const tc = compareStrategies(object('tc-action'), server).find(({ id }) => id === 'no-percpu');
    expect(tc?.gain?.losesFromUpdates).toBeGreaterThan(0);
    expect(tc?.gain?.savedBytes).toBe(52 * 192);
    expect(compared.find(({ id }) => id === 'no-percpu')).toMatchObject({ applies: false, after: null, gain: null });
  });

  it('sweep over CPU counts and say from where each pays', () => {
    const [sweep = [], never = []] = sweepStrategies([['dual-mode'], ['hierarchical']], object('mm'), server, {}, [1, 8, 64, 256]);
    expect(sweep.map(({ cpus }) => cpus)).toEqual([1, 8, 64, 256]);
    expect(paysFrom(sweep)).toBe(1);
    expect(paysFrom(sweep, 0.9)).toBeNull();
    expect(paysFrom(never)).toBeNull();
  });

  it('weigh the time saved by how often it is', () => {
    const at = (perSecond: number) => compareStrategies(object('mm'), server, { rate: given('rate', '1/s', perSecond, { kind: 'profile', at: 'test' }) }).find(({ id }) => id === 'dual-mode')?.gain;
    const [seldom, often] = [at(10), at(1_000_000)];
    const each = seldom?.savedNs.value?.mid ?? 0;
    expect(seldom?.savedCpus?.value?.mid).toBeCloseTo(10 * each * 1e-9, 12);
    // So often that creators wait for each other: the waits saved are counted too.
    expect(often?.savedNs.value?.mid).toBeGreaterThan(1.5 * each);
    expect(compared.find(({ id }) => id === 'dual-mode')?.gain?.savedCpus).toBeNull();
  });

  it('need nothing but the machine to be recomputed', () => {
    const context = strategyContext(withCpus(server, 32));
    expect(context).toMatchObject({ possibleCpus: 32, nodes: 1, cpusPerLlc: 16, sites: [] });
  });
});
