import type { LifeCycle } from '../lifecycle/lifeCycle';
import { no, yes } from './applicability';
import { allocatedAreas, listed, rewritten } from './rewriting';
import type { Applicability, Strategy, StrategyContext } from './strategy';

function applies(lifeCycle: LifeCycle, context: StrategyContext): Applicability {
  const areas = allocatedAreas(lifeCycle);
  if (areas.length === 0) return no('nothing is allocated here');
  const classes = new Set(context.sites.flatMap(({ reach }) => reach.map(({ frequencyClass }) => frequencyClass)));
  if (classes.size === 0 || lifeCycle.object !== undefined) return no('the object is created more than once');
  const others = [...classes].filter((frequencyClass) => frequencyClass !== 'boot');
  if (others.length > 0) return no(`it is allocated on ${others.join(', ')}, not only at boot`);
  if (context.sites.some(({ fact }) => fact.loop !== null || /->/.test(fact.assignedTo ?? ''))) return no('there is one for every object or turn of a loop, not one for the kernel');
  return yes(`${listed(areas)} exists once for the life of the kernel: DEFINE_PER_CPU places it in the first chunk`);
}

export const staticDefinition: Strategy = {
  id: 'static',
  title: 'one static percpu variable for the life of the kernel',
  standing: { kind: 'merged', since: 'the beginning (DEFINE_PER_CPU)' },
  changes: 'object',
  objections: [],
  sources: ['include/linux/percpu-defs.h (6.12)', 'PERCPU_MODULE_RESERVE, include/linux/percpu.h (6.12)'],
  prices: ['built-in code only: the static variables of all modules share a reserve of 8 KiB (64 KiB with CONFIG_MEM_ALLOC_PROFILING)', 'the memory is there whether the feature is used or not'],
  checklist: [
    'define it with DEFINE_PER_CPU and drop the allocation, its error path and the free',
    'keep the alignment that the allocation asked for',
    'do so in built-in code only',
  ],
  applies,
  rewrite: (lifeCycle) => rewritten({ ...lifeCycle, create: [], destroy: [] }, 'static'),
};
