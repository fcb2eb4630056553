import { formatKernelVersion, type KernelVersion } from '../kernel/version';
import { allocation, release, type Setting, work } from './allocation';
import { addToCounter, counterArea, counterBytes, destroyCounters, initCounters, sumCounter } from './counter';
import type { Area, CounterAccuracy, LifeCycle, ObjectFacts } from './lifeCycle';
import type { Step } from './step';
import { behaviourOf } from './versions';

/** Counters of an mm: file, anonymous, swap and shmem pages (NR_MM_COUNTERS). */
export const rssCounters = 4;

export const rssAreaName = 'rss_stat';
export const cidAreaName = 'pcpu_cid';

const origin = { site: 'kernel/fork.c mm_init', function: 'mm_init', inside: null } as const;

const mmFacts: ObjectFacts = {
  kind: 'mm',
  slabCache: 'mm_struct',
  overwrittenBy: ['mm_alloc (memset of the whole mm)', 'dup_mm (memcpy of the parent\'s mm)'],
};

/**
 * The percpu memory of an mm from mm_init to the last mmdrop: none in 6.1; four counters with an area each in 6.2 to
 * 6.5, one area since 6.6; mm_cid since 6.3. One fork makes one mm, one exec another.
 */
export function mmLifeCycle(kernel: KernelVersion, growth = 0): LifeCycle {
  const setting: Setting = { kernel, growth };
  const { rssPercpu } = behaviourOf(kernel);
  const cid = cidArea(kernel);
  const rss = rssPercpu ? rssAreas(kernel) : [];
  return {
    subject: 'mm (one fork or one exec)',
    kernel,
    sites: ['kernel/fork.c mm_init', 'kernel/fork.c __mmdrop'],
    create: [...(cid === null ? [] : allocateCid(cid, setting)), ...rss.flatMap(({ area, counters }) => initCounters(area, counters, setting))],
    use: [rssPercpu ? addToCounter(rssAreaName, kernel) : taskUpdate(kernel)],
    destroy: [
      ...checkMm(kernel),
      ...(cid === null ? [] : release(cid, setting)),
      ...rss.flatMap(({ area, counters }) => destroyCounters(area, counters, setting)),
    ],
    areas: [...(cid === null ? [] : [cid]), ...rss.map(({ area }) => area)],
    sharedBytes: rssCounters * (rssPercpu ? counterBytes : 8),
    counters: rssAccuracy(kernel),
    strategies: [],
    object: mmFacts,
    notes: notesFor(kernel),
  };
}

function rssAreas(kernel: KernelVersion): readonly { area: Area; counters: number }[] {
  if (behaviourOf(kernel).groupedCounters) return [{ area: { ...counterArea(rssAreaName, rssCounters, true), origin }, counters: rssCounters }];
  return Array.from({ length: rssCounters }, (_, index) => ({
    area: { ...counterArea(`${rssAreaName}[${String(index)}]`, 1, true), origin },
    counters: 1,
  }));
}

function cidArea(kernel: KernelVersion): Area | null {
  const { mmCid, cidSize, cidAlign } = behaviourOf(kernel);
  if (!mmCid) return null;
  return { what: cidAreaName, size: cidSize, align: cidAlign, atomic: false, accounted: false, holder: 'mm_cid', origin };
}

/** mm_alloc_cid, and mm_init_cid's second walk over every possible CPU, on lines that were zeroed just before. */
export function allocateCid(area: Area, setting: Setting): readonly Step[] {
  const at = `include/linux/mm_types.h mm_init_cid (${formatKernelVersion(setting.kernel)})`;
  const stores = area.size > 16 ? 1 : 2;
  return [
    ...allocation(area, setting),
    work('mark every possible CPU\'s id unset', { op: 'walk', over: 'possible', loads: 0, stores, warm: true }, at, area.what),
  ];
}

/** check_mm sums all four counters at the last mmdrop; the slots of one mm share a line per CPU. */
function checkMm(kernel: KernelVersion): readonly Step[] {
  if (!behaviourOf(kernel).rssPercpu) {
    return [work('read four shared counters', { op: 'local-update', count: rssCounters }, `kernel/fork.c check_mm (${formatKernelVersion(kernel)})`)];
  }
  return Array.from({ length: rssCounters }, (_, index) => sumCounter(rssAreaName, kernel, index > 0));
}

function taskUpdate(kernel: KernelVersion): Step {
  return work('add to the task\'s cache', { op: 'local-update', count: 1 }, `mm/memory.c add_mm_counter_fast (${formatKernelVersion(kernel)})`);
}

function rssAccuracy(kernel: KernelVersion): CounterAccuracy {
  const percpu = behaviourOf(kernel).rssPercpu;
  return percpu
    ? { counters: rssCounters, scheme: 'percpu', batch: null, unitBytes: 4096, inPages: true }
    : { counters: rssCounters, scheme: 'per-task', batch: 64, unitBytes: 4096, inPages: true };
}

function notesFor(kernel: KernelVersion): readonly string[] {
  const behaviour = behaviourOf(kernel);
  return [
    'the sums at exit run at the last mmdrop, possibly in another task',
    'tasks outside a memory cgroup pay no charge',
    ...(behaviour.futexRef ? ['the first thread of a process adds futex_ref, 4 bytes per CPU'] : []),
  ];
}
