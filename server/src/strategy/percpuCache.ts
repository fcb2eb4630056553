import { work } from '../lifecycle/allocation';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { Hold, Step } from '../lifecycle/step';
import { no, yes } from './applicability';
import { allocatedAreas, isAllocatorTrip, isOperation, listed, rewritten, worksIn } from './rewriting';
import type { Applicability, Strategy } from './strategy';

/** Areas of one size that each cache holds ready; an assumption in the range of BPF's own. */
const depth = 16;
const place = 'idea of M. Guzik, 2024-05-16: caches shared by four or eight CPUs would suffice';

function applies(lifeCycle: LifeCycle): Applicability {
  const areas = allocatedAreas(lifeCycle);
  if (areas.length === 0) return no('nothing is allocated here');
  return yes(`${listed(areas)}: taken from a cache beside the CPU, without the global locks; zeroing stays`);
}

function rewrite(lifeCycle: LifeCycle): LifeCycle {
  const areas = allocatedAreas(lifeCycle);
  return rewritten(
    {
      ...lifeCycle,
      create: lifeCycle.create.map((step) => (isAllocatorTrip(step) ? cacheTrip(step, 'take an area of this size', 2) : step)),
      destroy: lifeCycle.destroy.flatMap((step) => (isAllocatorTrip(step) ? cachedFree(step) : [step])),
      pinned: [
        ...(lifeCycle.pinned ?? []),
        ...areas.map(({ what, size }) => ({ what: `cached areas of the size of ${what}`, areaBytes: Math.ceil(size / 4) * 4, count: depth, per: 'llc' as const })),
      ],
    },
    percpuCache.id,
    [`figures are for one cache at each last-level cache that holds, by assumption, ${String(depth)} areas of each size; refills and drains still take the global locks`],
  );
}

function cacheTrip(step: Hold, label: string, updates: number): Hold {
  return {
    kind: 'hold', lock: 'area cache of the last-level cache', lockKind: 'spinlock', irqsOff: true, scope: 'object', at: place,
    steps: [work(label, { op: 'local-update', count: updates }, place, step.of)],
    ...(step.of === undefined ? {} : { of: step.of }),
  };
}

/** A free has to learn the area's size first; the uncharge leaves the lock. */
function cachedFree(step: Hold): readonly Step[] {
  const uncharge = worksIn([step]).filter((one) => isOperation(one, 'memcg-uncharge'));
  const size = work('find the size in the maps', { op: 'local-update', count: 4 }, place, step.of);
  return [size, cacheTrip(step, 'give the area back', 2), ...uncharge];
}

export const percpuCache: Strategy = {
  id: 'percpu-cache',
  title: 'the allocator caches areas near the CPUs',
  standing: { kind: 'idea', date: '2023-08, 2026-02; BPF has a cache of its own' },
  changes: 'allocator',
  objections: [
    { by: 'Dennis Zhou', point: 'one cached area pins a page on every CPU, and caching works against depopulation', source: 'replies to 20240418142008.2775308-1-zhangpeng362@huawei.com' },
    { by: 'Jan Kara', point: 'scaling is one issue; initialisation and summing cost as much without contention', source: 'LSF/MM/BPF topic thread, 2026-03-05' },
    { by: 'Tejun Heo', point: 'data on sizes and on who contends is needed to decide', source: 'aAtfe1-ncE_oxt9H@harry' },
  ],
  sources: ['CAGudoHH-b5R+COHUtns92NTzSVeT1ECMHb22SEcH_108Pi0FTQ@mail.gmail.com', 'kernel/bpf/memalloc.c (5c1a37653260 limits it to 512 bytes)'],
  prices: [
    'cached areas cost their size times possible CPUs for every cache: memory grows with the square of the CPUs, fastest with one cache per CPU',
    'a free does not know the size today and has to look it up',
    'areas are still zeroed on every possible CPU',
  ],
  checklist: [
    'choose size classes and the depth of each cache from recorded sizes and rates',
    'tell free_percpu the size, or find it without the global lock',
    'zero on the way out of the cache, charge and uncharge the memory cgroup as now',
    'drain on memory pressure and CPU hotplug, so that pages can be depopulated',
  ],
  applies,
  rewrite,
};
