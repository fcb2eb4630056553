import { work } from '../lifecycle/allocation';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { Step } from '../lifecycle/step';
import { forProcessCounters } from './applicability';
import { belongsTo, counterAreas, isOperation, isSum, namesOf, replaceSteps, rewritten, threadsOf } from './rewriting';
import type { Strategy, StrategyContext } from './strategy';

const place = 'idea in the LSF/MM/BPF topic thread, 2026-03-06';

function rewrite(lifeCycle: LifeCycle, context: StrategyContext): LifeCycle {
  const names = namesOf(counterAreas(lifeCycle));
  const visited = Math.min(threadsOf(context), context.onlineCpus);
  const counters = lifeCycle.counters?.counters ?? 1;
  const zeroes = (step: Step): boolean => belongsTo(step, names) && isOperation(step, 'zero');
  const sums = (step: Step): boolean => belongsTo(step, names) && isSum(step);
  return rewritten(
    {
      ...lifeCycle,
      create: [
        ...lifeCycle.create.filter((step) => !zeroes(step)),
        work('initialise the slots of the CPUs that the process runs on, at the first switch there', { op: 'local-update', count: counters * visited }, place),
      ],
      destroy: replaceSteps(lifeCycle.destroy, sums, [
        work('add up the CPUs that the process ran on', { op: 'local-update', count: counters * visited }, place),
      ]),
    },
    lazySwitch.id,
    [
      'the areas are still allocated at creation: nothing can be allocated under the rq lock',
      'figures are for a process whose tasks stay on as many CPUs as it has threads; the check at every context switch is not in them',
    ],
  );
}

export const lazySwitch: Strategy = {
  id: 'lazy-switch',
  title: 'initialise a CPU\'s slot at the first task switch',
  standing: { kind: 'idea', date: '2026-03; a related RFC of 2022-07 flushes one per-CPU stash at the switch' },
  changes: 'scheduler',
  objections: [
    { by: 'Mateusz Guzik', point: 'work is added to every context switch, and counters are read at each mmap and munmap, so a forced walk over CPUs there is out of the question', source: 'CAGudoHHQ4y0Z_A0yzpfim_wGFVUuF3NaLgNtWUiquiCby6Ppkg@mail.gmail.com' },
  ],
  sources: ['LSF/MM/BPF topic thread, 2026-03-06 (P. Falcato)', '20220728204511.56348-1-ryncsn@gmail.com'],
  prices: [
    'the allocator zeroes unconditionally today: it would need a way not to',
    'mm_cpumask tells where a process ran on x86, and is not kept on arm64',
    'lock trips and memory stay as they are',
  ],
  checklist: [
    'allocate at creation without zeroing: needs a way to ask the allocator for that',
    'initialise the slot of a CPU when the process is first switched in, without allocating',
    'remember the CPUs that have a slot in a mask of its own where mm_cpumask is not kept',
    'sum over that mask only',
  ],
  applies: (lifeCycle, context) => forProcessCounters(lifeCycle, context, 'a process runs on few CPUs; only their slots need a value'),
  rewrite,
};
