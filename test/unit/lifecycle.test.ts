import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { kernelVersion } from '../../server/src/kernel/version';
import { allocation } from '../../server/src/lifecycle/allocation';
import { composeLifeCycles } from '../../server/src/lifecycle/compose';
import { inChurn } from '../../server/src/lifecycle/growth';
import type { LifeCycle, ObjectKind } from '../../server/src/lifecycle/lifeCycle';
import { lifeCycleOf } from '../../server/src/lifecycle/lifeCycleOf';
import { objectKinds, objectLifeCycle } from '../../server/src/lifecycle/object';
import type { Hold, Step, Work } from '../../server/src/lifecycle/step';
import { kernelData } from '../referenceData';
import { resolvedSite } from './siteFixtures';

const v612 = kernelVersion(6, 12);

function object(kind: ObjectKind, kernel = v612, nodes = 1): LifeCycle {
  const found = objectLifeCycle(kind, kernel, { nodes });
  if (found === null) throw new Error(`no ${kind}`);
  return found;
}

function bytes(lifeCycle: LifeCycle): number {
  return lifeCycle.areas.reduce((sum, { size }) => sum + Math.ceil(size / 4) * 4, 0);
}

function works(steps: readonly Step[]): Work[] {
  return steps.flatMap((step) => (step.kind === 'hold' ? works(step.steps) : [step]));
}

function holds(steps: readonly Step[]): Hold[] {
  return steps.flatMap((step) => (step.kind === 'hold' ? [step, ...holds(step.steps)] : []));
}

/** The outline of steps: `pcpu_alloc_mutex{pcpu_lock{place-area} populate} zero`. */
function outline(steps: readonly Step[]): string {
  return steps.map((step) => (step.kind === 'hold' ? `${step.lock}{${outline(step.steps)}}` : step.operation.op)).join(' ');
}

interface Recorded {
  readonly ops: Readonly<Record<string, RecordedOperation>>;
}

interface RecordedOperation {
  readonly typical_n_alloc: number;
  readonly typical_alloc_bytes: number;
  readonly iterations: readonly {
    readonly n_alloc: number;
    readonly alloc_bytes: number;
    readonly alloc_sequence: readonly (readonly [string, number, number, number, string, string])[] | null;
  }[];
}

describe('objects', () => {
  const file = kernelData('percpu-per-operation-n2.json');
  const cases: readonly (readonly [string, ObjectKind, number])[] = [
    ['fork', 'mm', 0], ['mount_tmpfs', 'superblock-tmpfs', 0], ['mkdir_cgroup_memory_only', 'memory-cgroup', 0],
    ['mkdir_cgroup_no_controllers', 'cgroup', 0], ['unshare_newnet', 'netns', 0], ['mount_ext4_loop2', 'superblock-ext4', 0],
    ['ip_link_add_dummy', 'netdev-dummy', 4], ['ip_link_add_veth_pair', 'netdev-veth-pair', 4],
    ['ip_link_add_bridge', 'netdev-bridge', 4], ['tc_filter_add_u32_drop', 'tc-filter-u32', 4], ['tc_filter_add_flower_pass', 'tc-action', 4],
  ];

  it.skipIf(file === undefined).each(cases)('%s allocates what the kernel does, in its order', (name, kind, command) => {
    const recorded = JSON.parse(readFileSync(file ?? '', 'utf8')) as Recorded;
    const operation = recorded.ops[name];
    const lifeCycle = object(kind);
    expect(lifeCycle.areas.length).toBe((operation?.typical_n_alloc ?? NaN) - command);
    expect(bytes(lifeCycle)).toBe((operation?.typical_alloc_bytes ?? NaN) - command * 16);
    const sequence = operation?.iterations.find((one) => one.n_alloc === operation.typical_n_alloc && one.alloc_bytes === operation.typical_alloc_bytes)
      ?.alloc_sequence?.slice(command);
    expect(lifeCycle.areas.map(({ size, align, accounted }) => [size, align, accounted])).toEqual(
      sequence?.map(([, size, align, , , gfp]) => [size, align, gfp.includes('ACCOUNT')]),
    );
  });

  it('all free what they allocate', () => {
    for (const kind of objectKinds) {
      const lifeCycle = object(kind);
      const placed = works(lifeCycle.create).filter(({ operation }) => operation.op === 'place-area').map(({ of }) => of);
      const freed = works(lifeCycle.destroy).filter(({ operation }) => operation.op === 'free-area').map(({ of }) => of);
      expect(new Set(placed).size, kind).toBe(lifeCycle.areas.length);
      expect([...freed].sort(), kind).toEqual([...placed].sort());
    }
  });

  it('have one area for every memory node where the kernel does', () => {
    expect(object('memory-cgroup', v612, 2).areas.length).toBe(object('memory-cgroup').areas.length + 1);
    expect(bytes(object('memory-cgroup', v612, 2))).toBe(bytes(object('memory-cgroup')) + 496);
  });

  it('say so where the recording is of another version', () => {
    expect(object('netns', kernelVersion(6, 1)).notes?.join()).toContain('not on 6.1');
    expect(object('netns').notes?.join()).not.toContain('recorded');
  });
});

describe('an mm over kernel versions', () => {
  it.each([
    [[6, 1], 0, 0, 0], [[6, 2], 4, 16, 4], [[6, 3], 5, 32, 4], [[6, 5], 5, 32, 4], [[6, 6], 2, 32, 4], [[6, 12], 2, 32, 4], [[6, 19], 2, 80, 4],
  ] as const)('%j: %i areas, %i bytes, %i sums at exit', ([major, minor], areas, size, sums) => {
    const lifeCycle = object('mm', kernelVersion(major, minor));
    expect(lifeCycle.areas.length).toBe(areas);
    expect(bytes(lifeCycle)).toBe(size);
    expect(holds(lifeCycle.destroy).filter(({ scope }) => scope === 'object').length).toBe(sums);
  });

  it('is created in the order of 6.12', () => {
    expect(outline(object('mm').create)).toBe(
      'pcpu_alloc_mutex{pcpu_lock{place-area} populate} zero walk ' +
      'memcg-charge pcpu_alloc_mutex{pcpu_lock{place-area} populate} zero percpu_counters_lock{list}',
    );
    expect(outline(object('mm').destroy)).toBe(
      'percpu_counter.lock{walk} percpu_counter.lock{walk} percpu_counter.lock{walk} percpu_counter.lock{walk} ' +
      'pcpu_lock{free-area} percpu_counters_lock{list} pcpu_lock{free-area memcg-uncharge}',
    );
  });

  it('frees with interrupts off, and never under the mutex', () => {
    const freeing = holds(object('mm').destroy).filter(({ lock }) => lock === 'pcpu_lock');
    expect(freeing.every(({ irqsOff }) => irqsOff)).toBe(true);
    expect(holds(object('mm').destroy).map(({ lock }) => lock)).not.toContain('pcpu_alloc_mutex');
  });
});

describe('an allocation', () => {
  const area = { what: 'x', size: 17, align: 8, accounted: false };

  it('that may not sleep never takes the mutex nor populates', () => {
    const steps = allocation({ ...area, atomic: true }, { kernel: v612, growth: 1 });
    expect(outline(steps)).toBe('pcpu_lock{place-area} zero');
  });

  it('is rounded up to the 4-byte granule', () => {
    const zero = works(allocation({ ...area, atomic: false }, { kernel: v612, growth: 0 })).find(({ operation }) => operation.op === 'zero');
    expect(zero?.operation).toMatchObject({ bytes: 20 });
  });

  it('names the function of its version and shares the base line before 6.5', () => {
    const old = works(allocation({ ...area, atomic: false }, { kernel: kernelVersion(6, 1), growth: 0 }))[0];
    expect(old?.at).toBe('mm/percpu.c pcpu_alloc (6.1)');
    expect(old?.operation).toMatchObject({ baseShared: true });
  });
});

describe('the life cycle of a site', () => {
  const forked = { reach: [{ frequencyClass: 'fork-exec' as const, chain: ['copy_process', 'mm_init'] }] };

  it('of a grouped counter has slots of 4 bytes, one list trip, and its accuracy', () => {
    const site = resolvedSite('percpu_counter_init_many', 'counter', 'init', { count: 4, gfp: 'GFP_KERNEL_ACCOUNT', ...forked });
    const lifeCycle = lifeCycleOf(site, v612);
    expect(lifeCycle?.subject).toBe('percpu_counter ×4');
    expect(lifeCycle?.areas).toMatchObject([{ size: 16, align: 4, accounted: true }]);
    expect(works(lifeCycle?.create ?? []).find(({ operation }) => operation.op === 'list')?.operation).toEqual({ op: 'list', links: 4 });
    expect(lifeCycle?.counters).toMatchObject({ counters: 4, scheme: 'percpu' });
  });

  it('of an allocation grows where objects stay and is reused where they come and go', () => {
    const grown = (frequencyClass: 'tc' | 'fork-exec'): unknown => {
      const site = resolvedSite('alloc_percpu', 'dyn', 'alloc', { size: 24, reach: [{ frequencyClass, chain: [] }] });
      return works(lifeCycleOf(site, v612)?.create ?? []).find(({ operation }) => operation.op === 'populate')?.operation;
    };
    expect(grown('tc')).toMatchObject({ growth: 1 });
    expect(grown('fork-exec')).toMatchObject({ growth: 0 });
  });

  it('of a device\'s statistics walks the copies after zeroing', () => {
    const site = resolvedSite('netdev_alloc_pcpu_stats', 'dyn', 'alloc', { size: 32 });
    expect(outline(lifeCycleOf(site, v612)?.create ?? [])).toMatch(/zero walk$/);
  });

  it('of an indirect initialiser follows the catalogue, else the resolved size', () => {
    const site = resolvedSite('percpu_ref_init', 'up', 'init', { size: 8 });
    const api = {
      name: 'percpu_ref_init', family: 'up', kind: 'init', roles: {}, source: 'lib/percpu-refcount.c',
      areas: [{ bytes: 8, align: 8, what: 'reference count' }],
    } as const;
    expect(lifeCycleOf(site, v612, { api })?.areas).toMatchObject([{ what: 'reference count', holder: 'percpu_ref' }]);
    expect(lifeCycleOf(site, v612)?.areas).toMatchObject([{ size: 8, holder: 'percpu_ref' }]);
    expect(outline(lifeCycleOf(site, v612)?.create ?? [])).toMatch(/zero slab$/);
  });

  it('of every initialiser in the catalogue is known once its size is', () => {
    const creating = [...catalogueFor(v612).byName.values()].filter(({ family, kind }) => family !== 'static' && ['alloc', 'init', 'indirect'].includes(kind));
    expect(creating.length).toBeGreaterThan(40);
    const without = creating.filter((api) => {
      const lifeCycle = lifeCycleOf(resolvedSite(api.name, api.family, api.kind, { size: 16 }), v612, { api });
      return api.areas?.length !== 0 && (lifeCycle === null || lifeCycle.areas.length === 0 || lifeCycle.destroy.length === 0);
    });
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it('of a counter inside another API joins the hotplug list', () => {
    const lifeCycle = lifeCycleOf(resolvedSite('blkg_rwstat_init', 'up', 'indirect', { size: 20 }), v612);
    expect(works(lifeCycle?.create ?? []).at(-1)?.operation).toEqual({ op: 'list', links: 5 });
  });

  it('of mm_alloc_cid walks the possible CPUs a second time', () => {
    expect(outline(lifeCycleOf(resolvedSite('mm_alloc_cid', 'up', 'indirect', { size: 16 }), v612)?.create ?? [])).toMatch(/zero walk$/);
  });

  it('of an update knows its batch, or that there is no bound', () => {
    const update = (name: string, text?: string, batch?: number): unknown => {
      const api = catalogueFor(v612).byName.get(name);
      const site = resolvedSite(name, 'counter', 'update', { arguments: ['&c', '1', ...(text === undefined ? [] : [text])], ...(batch === undefined ? {} : { batch }) });
      return lifeCycleOf(site, v612, api === undefined ? {} : { api })?.counters;
    };
    expect(update('percpu_counter_add_batch', 'MY_BATCH', 64)).toMatchObject({ scheme: 'percpu', batch: 64 });
    expect(update('percpu_counter_add_batch', 'my_batch')).toMatchObject({ batch: null, batchUnknown: 'the batch my_batch is not known before run time' });
    expect(update('percpu_counter_add_local')).toMatchObject({ scheme: 'unbounded' });
    expect(outline(lifeCycleOf(resolvedSite('percpu_counter_set', 'counter', 'update'), v612)?.use ?? [])).toBe('percpu_counter.lock{walk}');
  });

  it('is null where nothing is known or nothing happens at run time', () => {
    expect(lifeCycleOf(resolvedSite('alloc_percpu', 'dyn', 'alloc', { size: null }), v612)).toBeNull();
    expect(lifeCycleOf(resolvedSite('percpu_counter_init_many', 'counter', 'init', { size: null, count: null }), v612)).toBeNull();
    expect(lifeCycleOf(resolvedSite('DEFINE_PER_CPU', 'static', 'define', { size: 8 }), v612)).toBeNull();
    expect(lifeCycleOf(resolvedSite('mm_alloc_cid', 'dyn', 'alloc', {}), kernelVersion(6, 1))).toBeNull();
  });

  it('of a free, a sum and an update is that step alone', () => {
    expect(outline(lifeCycleOf(resolvedSite('free_percpu', 'dyn', 'free', { size: null }), v612)?.destroy ?? [])).toBe('pcpu_lock{free-area}');
    expect(outline(lifeCycleOf(resolvedSite('percpu_counter_sum', 'counter', 'sum', {}), v612)?.use ?? [])).toBe('percpu_counter.lock{walk}');
    expect(outline(lifeCycleOf(resolvedSite('percpu_counter_add', 'counter', 'update', {}), v612)?.use ?? [])).toBe('local-update');
  });
});

describe('a composition', () => {
  it('destroys in reverse and tells areas of one name apart', () => {
    const one = objectLifeCycle('tc-action', v612);
    if (one === null) throw new Error('no tc action');
    const both = composeLifeCycles('two actions', [one, one]);
    expect(both?.areas.length).toBe(6);
    expect(new Set(both?.areas.map(({ what }) => what)).size).toBe(6);
    expect(works(both?.destroy ?? [])[0]?.of).toMatch(/ #2$/);
    expect(composeLifeCycles('nothing', [])).toBeNull();
  });
});

describe('churn', () => {
  it('populates nothing', () => {
    const growth = works(inChurn(object('netns')).create).flatMap(({ operation }) =>
      operation.op === 'populate' || operation.op === 'zero' ? [operation.growth] : [],
    );
    expect(growth.length).toBe(42);
    expect(new Set(growth)).toEqual(new Set([0]));
  });
});
