import { work } from '../lifecycle/allocation';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import { no, yes } from './applicability';
import { allocatedAreas, counterAreas, listed, rewritten, withoutAreas } from './rewriting';
import type { Applicability, Strategy } from './strategy';

const place = '20220830214919.53220-4-surenb@google.com: lazy percpu counters';

function applies(lifeCycle: LifeCycle): Applicability {
  const areas = counterAreas(lifeCycle);
  if (areas.length > 0) return yes(`${listed(areas)}: a shared atomic serves until updates show contention`);
  if (allocatedAreas(lifeCycle).some(({ holder }) => holder === 'srcu_struct')) {
    return no('SRCU already grows its node tree on contention; its percpu data is eager and would stay');
  }
  return no('no percpu_counter is created here: an area read by address cannot start as a shared word');
}

function rewrite(lifeCycle: LifeCycle): LifeCycle {
  const counters = Math.max(1, counterAreas(lifeCycle).reduce((sum, { size }) => sum + Math.round(size / 4), 0));
  const bare = withoutAreas(lifeCycle, counterAreas(lifeCycle));
  return rewritten(
    {
      ...bare,
      create: [...bare.create, work('set the shared counters to zero', { op: 'local-update', count: counters }, place)],
      use: [work('atomic add to the shared counter', { op: 'atomic', count: 1, sharing: 'machine' }, place)],
      destroy: [work('read the shared counters', { op: 'atomic', count: counters, sharing: 'private' }, place), ...bare.destroy],
      counters: lifeCycle.counters === null ? null : { ...lifeCycle.counters, scheme: 'atomic', batch: null },
    },
    sizeOnContention.id,
    ['figures are for a counter that stays uncontended'],
  );
}

export const sizeOnContention: Strategy = {
  id: 'size-on-contention',
  title: 'start with a shared counter, grow when contention shows',
  standing: { kind: 'rfc', date: '2022-08; SRCU\'s node tree is a merged precedent for the switch only' },
  changes: 'counters',
  objections: [
    { by: 'Peter Zijlstra', point: 'an update under a raw spinlock cannot allocate, not even atomically', source: '20220830214919.53220-4-surenb@google.com, replies' },
  ],
  sources: [place, 'kernel/rcu/srcutree.c (6.12): big after 100 contended events in a jiffy'],
  prices: ['the switch has to happen where sleeping is allowed', 'updates are atomics on a shared line until then'],
  checklist: [
    'start with one shared value and count contended updates',
    'switch from a context that may sleep, never from the update itself',
    'publish the new memory with release semantics and fold the old value in',
  ],
  applies,
  rewrite,
};
