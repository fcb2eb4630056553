import { work } from '../lifecycle/allocation';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import { forProcessCounters } from './applicability';
import { counterAreas, rewritten, withoutAreas } from './rewriting';
import type { Strategy, StrategyContext } from './strategy';

const place = '20250331223516.7810-2-sweettea-kernel@dorminy.me';

function rewrite(lifeCycle: LifeCycle, context: StrategyContext): LifeCycle {
  const nodes = Math.max(1, context.nodes ?? 1);
  const counters = lifeCycle.counters?.counters ?? 1;
  const bare = withoutAreas(lifeCycle, counterAreas(lifeCycle));
  return rewritten(
    {
      ...bare,
      create: [...bare.create, work('clear one line for every node', { op: 'clear', bytes: 64 * nodes }, place)],
      use: [work('atomic add to the node\'s counter', { op: 'atomic', count: 1, sharing: 'node' }, place)],
      destroy: [work('add up the nodes', { op: 'atomic', count: counters * nodes, sharing: 'private' }, place), ...bare.destroy],
      sharedBytes: counters * 8 + 64 * nodes,
      counters: lifeCycle.counters === null ? null : { ...lifeCycle.counters, scheme: 'per-node', batch: 32 },
    },
    perNode.id,
    ['an update becomes an atomic on a line that the CPUs of a node share'],
  );
}

export const perNode: Strategy = {
  id: 'per-node',
  title: 'one atomic counter for every memory node',
  standing: { kind: 'rfc', date: '2025-03' },
  changes: 'object',
  objections: [
    { by: 'its own figures', point: 'no change on 112 cores; the gain shows on 224', source: '20250331223516.7810-2-sweettea-kernel@dorminy.me' },
  ],
  sources: ['20250331223516.7810-2-sweettea-kernel@dorminy.me: page fault +8.91 %, fork +6.27 % on 224 cores'],
  prices: ['every update is an atomic operation that the node\'s CPUs contend for', 'read error of 32 for every node'],
  checklist: [
    'keep one atomic for every node, on a line of its own',
    'choose the node by the CPU that updates',
    'sum over nodes where exactness is asked for',
  ],
  applies: (lifeCycle, context) => forProcessCounters(lifeCycle, context, 'few nodes instead of many CPUs bound both memory and error'),
  rewrite,
};
