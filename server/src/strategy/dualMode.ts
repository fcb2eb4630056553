import { work } from '../lifecycle/allocation';
import { initCounters } from '../lifecycle/counter';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { Step } from '../lifecycle/step';
import { forProcessCounters, no } from './applicability';
import { firstSharing } from './firstSharing';
import { counterAreas, rewritten, threadsOf, withoutAreas } from './rewriting';
import type { Strategy, StrategyContext } from './strategy';

const place = 'RFC 20251127233635.4170047-3-krisman@suse.de, lazy_percpu_counter';

function rewrite(lifeCycle: LifeCycle, context: StrategyContext): LifeCycle {
  const areas = counterAreas(lifeCycle);
  const counters = lifeCycle.counters?.counters ?? areas.length;
  if (threadsOf(context) > 1) return upgraded(lifeCycle, counters);
  const bare = withoutAreas(lifeCycle, areas);
  return rewritten(
    {
      ...bare,
      create: [...bare.create, work('set the plain counters to zero', { op: 'local-update', count: counters }, place)],
      use: [work('plain add: one task updates', { op: 'local-update', count: 1 }, place)],
      destroy: [work('read the plain counters', { op: 'local-update', count: counters }, place), ...bare.destroy],
      counters: lifeCycle.counters === null ? null : { ...lifeCycle.counters, scheme: 'atomic', batch: null },
    },
    dualMode.id,
    ['figures are for a single-threaded process; the first CLONE_VM pays one grouped allocation'],
  );
}

/** A process with threads pays the counters at its first clone, and exchanges each pointer. */
function upgraded(lifeCycle: LifeCycle, counters: number): LifeCycle {
  const areas = counterAreas(lifeCycle);
  const bare = withoutAreas(lifeCycle, areas);
  const upgrade: readonly Step[] = [
    ...areas.flatMap((area) => initCounters(area, Math.round(area.size / 4), { kernel: lifeCycle.kernel, growth: 0 })),
    work('exchange every counter for its percpu form', { op: 'atomic', count: counters, sharing: 'private' }, place),
  ];
  return rewritten({ ...lifeCycle, create: [...bare.create, ...upgrade] }, dualMode.id, ['the process has threads: the upgrade at its first CLONE_VM is in']);
}

export const dualMode: Strategy = {
  id: 'dual-mode',
  title: 'plain counters while the process has one thread',
  standing: { kind: 'rfc', date: '2025-11' },
  changes: 'object',
  objections: [
    { by: 'Mathieu Desnoyers', point: 'merging the percpu areas of an mm into one structure and caching it may give most of the gain', source: 'lkml.iu.edu/hypermail/linux/kernel/2511.3/05142.html' },
    { by: 'Dennis Zhou', point: 'a predecessor\'s mode switch is fragile; switching modes as such is fine', source: 'ZkoJFBfz7P3xuCrx@snowbird' },
    { by: 'Pedro Falcato', point: 'two threads on 64 CPUs still pay for 64', source: 'LSF/MM/BPF topic thread, 2026-03-06' },
    { by: 'Mateusz Guzik', point: 'programs get more threaded, and mm_cid still allocates', source: 'replies to 20240418142008.2775308-1-zhangpeng362@huawei.com' },
  ],
  sources: ['20251127233635.4170047-1-krisman@suse.de: system time -6 % on 80 CPUs, -11 % on 256', '20240418142008.2775308-1-zhangpeng362@huawei.com'],
  prices: [
    'remote writers (a parent\'s copy_pte_range at every fork, ptrace, khugepaged) go to a separate atomic',
    'current->mm == mm does not mean a single writer: kthread_use_mm and vfork share an mm',
    'the upgrade is one-way and must happen where sleeping is allowed',
  ],
  checklist: [
    'keep a plain value and an atomic for remote writers until the upgrade',
    'find every remote writer: copy_pte_range into the child, get_user_pages_remote, ptrace, khugepaged, swapoff',
    'decide locality by the owner of the mm, minding kthread_use_mm and vfork',
    'upgrade in copy_mm on CLONE_VM, where sleeping is allowed; fail the clone if the allocation fails',
    'read both parts wherever a sum is taken',
  ],
  applies: (lifeCycle, context) => {
    const event = firstSharing(lifeCycle, context);
    const shared = forProcessCounters(lifeCycle, context, `one task updates these counters until ${event.text}`);
    return shared.applies && !event.found ? no(event.text) : shared;
  },
  rewrite,
};
