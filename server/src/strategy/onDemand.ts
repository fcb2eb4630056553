import type { Area, LifeCycle } from '../lifecycle/lifeCycle';
import { no, yes } from './applicability';
import { firstSharing } from './firstSharing';
import { allocatedAreas, listed, rewritten, threadsOf, withoutAreas } from './rewriting';
import type { Applicability, Strategy, StrategyContext } from './strategy';

/** Areas with an event of first need that may sleep while the process is still single-threaded. */
function deferrable(lifeCycle: LifeCycle): readonly Area[] {
  return allocatedAreas(lifeCycle).filter(({ holder }) => holder === 'mm_cid');
}

function applies(lifeCycle: LifeCycle, context: StrategyContext): Applicability {
  const areas = deferrable(lifeCycle);
  if (areas.length === 0) return no(nothingToDefer(lifeCycle));
  if (threadsOf(context) > 1) return no('the process has threads: the first clone would allocate what creation does now');
  const event = firstSharing(lifeCycle, context);
  return event.found ? yes(`${listed(areas)} is needed from ${event.text}`) : no(event.text);
}

function nothingToDefer({ strategies }: LifeCycle): string {
  if (strategies.includes('grouping')) return 'mm_cid shares one structure with the counters after grouping: it can only be deferred with them';
  return 'no event of first need is known for its areas: one that may sleep and comes before a second user';
}

export const onDemand: Strategy = {
  id: 'on-demand',
  title: 'allocate at first need',
  standing: { kind: 'idea', date: '2025-11 for mm_cid; merged in 6.17 for futex_ref' },
  changes: 'object',
  objections: [
    { by: 'Pedro Falcato', point: 'a process with few threads on a large machine still pays for every CPU', source: 'LSF/MM/BPF topic thread, 2026-03-06' },
  ],
  sources: ['355143c9-78c7-4da1-9033-5ae6fa50efad@efficios.com', '20250822141238.PfnkTjFb@linutronix.de: futex_ref moved to the first thread'],
  prices: ['a check on the path of first need', 'thread creation can fail for want of percpu memory'],
  checklist: [
    'name the event of first need, and show that it may sleep and comes before a second user',
    'allocate there, and fail that operation if the allocation fails',
    'make every user cope with the memory not being there',
    'free it where the object is freed, if it was ever allocated',
  ],
  applies,
  rewrite: (lifeCycle) =>
    rewritten(withoutAreas(lifeCycle, deferrable(lifeCycle)), 'on-demand', ['figures are for a single-threaded process; the first thread pays what is left out']),
};
