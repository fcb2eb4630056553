import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../server/src/features/evaluation';
import { machineAt } from '../../server/src/features/machines';
import { priceOfShape, shapeByNumber, shapeOf, shapesOf } from '../../server/src/features/prices';
import { reportOf } from '../../server/src/features/report';
import { summaryInTurns } from '../../server/src/features/summary';
import { wireCost, wireLocks } from '../../server/src/features/wire';
import { neverCancelled } from '../../server/src/util/cancellation';
import { atOnce, inTurns } from '../../server/src/util/turns';
import { allSites, withMachine } from '../../server/src/workspace/snapshot';
import { snapshotOfTexts } from './memoryWorkspace';

const tree = snapshotOfTexts({
  'mm/room.c': `
struct shard { u64 hits; u32 misses; u32 pad; };
int copy_process(struct room *room)
{
	room->shards = alloc_percpu(struct shard);
	room->others = alloc_percpu(struct shard);
	room->wide = __alloc_percpu(300, 64);
	return percpu_counter_init_many(room->stat, 0, GFP_KERNEL_ACCOUNT, 4);
}
void room_free(struct room *room)
{
	free_percpu(room->shards);
	percpu_counter_destroy(&room->stat[0]);
}
DEFINE_PER_CPU(struct shard, boot_shard);
`,
  'drivers/ring.c': `
static int ring_probe(struct platform_device *dev)
{
	dev->rings = alloc_percpu_gfp(u64, GFP_KERNEL);
	return percpu_ref_init(&dev->ref, ring_gone, 0, GFP_KERNEL);
}
static struct platform_driver ring_driver = { .probe = ring_probe };
`,
});

describe('a price by shape', () => {
  it('is that of the site with all its reasons, on any machine', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1024 }), (cpus) => {
      const setting = withMachine(tree, machineAt(tree.machine, cpus));
      for (const { site } of allSites(tree)) {
        const shape = shapeOf(site, tree.kernel);
        const { cost, contention, lifeCycle } = evaluate(site, setting);
        expect(shape === null).toBe(cost === null);
        if (shape === null || cost === null || lifeCycle === null) continue;
        const price = priceOfShape(shape, setting);
        expect(price.create).toEqual(lifeCycle.create.length === 0 ? null : wireCost(cost.create));
        expect(price.destroy).toEqual(lifeCycle.destroy.length === 0 ? null : wireCost(cost.destroy));
        expect(price.locks).toEqual(wireLocks(cost.locks));
        expect(price.knee_cpus).toEqual(contention?.kneeCpus.value ?? null);
        expect(price.bottleneck).toEqual(contention?.bottleneck ?? null);
      }
    }), { numRuns: 20 });
  });

  it('is shared by sites that do the same, and by no others', () => {
    const numbers = shapesOf(tree, tree.kernel);
    const { sites } = reportOf(tree);
    const at = (argument: string): number | null | undefined => numbers[sites.findIndex(({ first_argument: first, line }) => `${String(first)}:${String(line)}` === argument)];
    expect(at('struct shard:5')).toBe(at('struct shard:6'));
    expect(new Set([at('struct shard:5'), at('300:7'), at('room->stat:8'), at('u64:4'), at('&dev->ref:5')]).size).toBe(5);
    expect(numbers[sites.findIndex(({ kind }) => kind === 'define')]).toBeNull();
  });

  it('differs between kernels where their steps do', () => {
    const old = { major: 6, minor: 1 };
    const setting = { ...withMachine(tree, tree.machine), kernel: old };
    const [now] = shapesOf(tree, tree.kernel);
    const [then] = shapesOf(tree, old);
    expect(then).not.toBe(now);
    const first = reportOf(setting).sites[0];
    expect(priceOfShape(shapeByNumber(then ?? -1)!, setting).create).toEqual(first?.create);
  });

  it('says why where times are not modelled', () => {
    const sleeping = snapshotOfTexts({ 'a.c': 'void f(void)\n{\n\tp = alloc_percpu(int);\n}\n' }, { config: 'CONFIG_SMP=y\nCONFIG_PREEMPT_RT=y\n' });
    const { site } = allSites(sleeping)[0]!;
    const price = priceOfShape(shapeOf(site, sleeping.kernel)!, sleeping);
    expect(price.create).toEqual({ ns: null, reason: expect.stringContaining('PREEMPT_RT') as string });
    expect([price.locks, price.knee_cpus]).toEqual([{}, null]);
  });
});

describe('the summary of a report', () => {
  it('is what the whole report says, on any machine', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1024 }), (cpus) => {
      const setting = withMachine(tree, machineAt(tree.machine, cpus));
      const { machine, calibrated, cpus: both, totals, sites } = reportOf(setting);
      const advice = Object.fromEntries(sites.flatMap((site) => (site.advice.length === 0 ? [] : [[site.id, site.advice]])));
      expect(atOnce(summaryInTurns(setting))).toEqual({ machine, calibrated, cpus: both, totals, advice });
    }), { numRuns: 20 });
  });
});

describe('work in turns', () => {
  it('lets others be answered before it is done, and ends when nobody waits for it any more', async () => {
    let pieces = 0;
    function* work(): Generator<void, number> {
      for (; pieces < 60; pieces += 1) {
        const until = Date.now() + 1;
        while (Date.now() < until);
        yield;
      }
      return pieces;
    }
    let answeredAt = Infinity;
    setImmediate(() => (answeredAt = pieces));
    expect(await inTurns(work(), neverCancelled)).toBe(60);
    expect(answeredAt).toBeLessThan(60);
    pieces = 0;
    const cancelled = { isCancellationRequested: false };
    setImmediate(() => (cancelled.isCancellationRequested = true));
    await expect(inTurns(work(), cancelled)).rejects.toThrow('cancelled');
    expect(pieces).toBeLessThan(60);
  });
});
