import { work } from '../lifecycle/allocation';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import { forProcessCounters } from './applicability';
import { counterAreas, rewritten, threadsOf, withoutAreas } from './rewriting';
import type { Strategy, StrategyContext } from './strategy';

const place = 'mm/memory.c sync_mm_rss (6.1)';
/** Page faults between two flushes of a task's cache: TASK_RSS_EVENTS_THRESH (6.1). */
const flushAfter = 64;

function rewrite(lifeCycle: LifeCycle, context: StrategyContext): LifeCycle {
  const counters = lifeCycle.counters?.counters ?? 1;
  const bare = withoutAreas(lifeCycle, counterAreas(lifeCycle));
  return rewritten(
    {
      ...bare,
      create: [...bare.create, work('set the shared counters to zero', { op: 'local-update', count: counters }, place)],
      use: [
        work('add to the task\'s cache', { op: 'local-update', count: 1 }, place),
        work('share of a flush into the process', { op: 'atomic', count: counters / flushAfter, sharing: threadsOf(context) > 1 ? 'machine' : 'private' }, place),
      ],
      destroy: [work('flush the last task and read the counters', { op: 'atomic', count: counters, sharing: 'private' }, place), ...bare.destroy],
      sharedBytes: counters * 8,
      counters: lifeCycle.counters === null ? null : { ...lifeCycle.counters, scheme: 'per-task', batch: flushAfter, holders: threadsOf(context) },
    },
    perTask.id,
  );
}

export const perTask: Strategy = {
  id: 'per-task',
  title: 'per-task accounting folded into shared counters',
  standing: { kind: 'dropped', since: '6.2, when percpu_counters replaced it (f1a7941243c1); to go back is an idea of 2026-03' },
  changes: 'object',
  objections: [
    { by: 'Shakeel Butt', point: 'the error grows with threads times 64 and is unbounded where mappings bypass the flush; that is why it was dropped', source: '20221024052841.3291983-1-shakeelb@google.com' },
    { by: 'Gabriel Krisman Bertazi', point: 'the percpu error is smaller, and the old one misled the choice of an OOM victim', source: 'LSF/MM/BPF topic thread, 2026-03-06' },
  ],
  sources: ['f1a7941243c1 (6.2)', 'mm/memory.c sync_mm_rss (6.1)', 'LSF/MM/BPF topic thread, 2026-03-06 (P. Falcato)'],
  prices: ['read error of 64 pages for every thread'],
  checklist: [
    'count into the task, fold into the process every 64 events, at exit and at exec',
    'cover every writer that has no page fault of its own, such as vm_insert_pages',
    'say how far a read can be off, and use exact sums where a victim is chosen',
  ],
  applies: (lifeCycle, context) => forProcessCounters(lifeCycle, context, 'tasks can cache their own updates and fold them into the process'),
  rewrite,
};
