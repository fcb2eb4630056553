import { kernelVersion, atLeast } from '../kernel/version';
import { work } from '../lifecycle/allocation';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import { forProcessCounters, no } from './applicability';
import { counterAreas, rewritten, threadsOf, withoutAreas } from './rewriting';
import type { Applicability, Strategy, StrategyContext } from './strategy';

const slotBytes = 64;
const place = 'lwn.net/Articles/1072840: counters indexed by mm_cid';

function applies(lifeCycle: LifeCycle, context: StrategyContext): Applicability {
  if (!atLeast(lifeCycle.kernel, kernelVersion(6, 3))) return no('mm_cid exists since 6.3');
  const slots = slotsFor(context);
  return forProcessCounters(lifeCycle, context, `an mm_cid is less than min(threads, allowed CPUs): ${String(slots)} slot${slots === 1 ? '' : 's'} instead of ${String(context.possibleCpus)}`);
}

function slotsFor(context: StrategyContext): number {
  return Math.min(threadsOf(context), context.onlineCpus);
}

function rewrite(lifeCycle: LifeCycle, context: StrategyContext): LifeCycle {
  const slots = slotsFor(context);
  const counters = lifeCycle.counters?.counters ?? 1;
  const bare = withoutAreas(lifeCycle, counterAreas(lifeCycle));
  return rewritten(
    {
      ...bare,
      create: [...bare.create, work('clear the slots in use', { op: 'slab', bytes: slots * slotBytes }, place)],
      use: [work('add to the slot of this mm_cid', { op: 'local-update', count: 1 }, place)],
      destroy: [
        work('add up the slots in use', { op: 'local-update', count: slots * counters }, place),
        work('read the counter of remote writers', { op: 'atomic', count: counters, sharing: 'private' }, place),
        ...bare.destroy,
      ],
      sharedBytes: lifeCycle.sharedBytes + slots * slotBytes,
      counters: lifeCycle.counters === null ? null : { ...lifeCycle.counters, holders: slots },
    },
    cidIndexed.id,
    ['mm_cid\'s own percpu array stays'],
  );
}

export const cidIndexed: Strategy = {
  id: 'cid-indexed',
  title: 'counters indexed by mm_cid instead of CPU',
  standing: { kind: 'idea', date: '2026-05: the room at LSF/MM/BPF leaned to it; no patches' },
  changes: 'object',
  objections: [
    { by: 'participants of LSF/MM/BPF 2026', point: 'remote accesses (get_user_pages_remote, ptrace, khugepaged) run with an mm_cid of another mm and need a counter of their own', source: 'lwn.net/Articles/1072840' },
  ],
  sources: ['lwn.net/Articles/1072840'],
  prices: ['remote writes at every fork and exec go to a shared counter', 'slots have to be added when threads are', 'helps per-process data only'],
  checklist: [
    'index by the mm_cid of the running task, with slots for min(threads, allowed CPUs)',
    'give accesses from outside the process a counter of their own',
    'grow the slots when threads are created, where sleeping is allowed',
    'fold slots that go out of use; depends on CONFIG_SCHED_MM_CID',
  ],
  applies,
  rewrite,
};
