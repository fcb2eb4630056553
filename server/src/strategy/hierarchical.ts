import { allocation, release, work } from '../lifecycle/allocation';
import { treeItems } from '../lifecycle/counterTree';
import type { Area, LifeCycle } from '../lifecycle/lifeCycle';
import type { Step } from '../lifecycle/step';
import { no, yes } from './applicability';
import { belongsTo, counterAreas, isSum, listed, namesOf, rewritten, withoutAreas, worksIn } from './rewriting';
import type { Applicability, Strategy, StrategyContext } from './strategy';

const place = 'lib/percpu_counter_tree.c (proposed, v16)';
/** One line for every item above the CPUs. */
const itemBytes = 64;

function applies(lifeCycle: LifeCycle): Applicability {
  const areas = counterAreas(lifeCycle);
  if (areas.length === 0) return no('no percpu_counter is created here');
  return yes(`${listed(areas)}: a carry tree bounds the read error by N log N; it is for accuracy, and clears more memory at creation`);
}

function rewrite(lifeCycle: LifeCycle, context: StrategyContext): LifeCycle {
  const old = counterAreas(lifeCycle);
  const counters = old.reduce((sum, { size }) => sum + Math.round(size / 4), 0);
  const leaves: Area = {
    what: `${old[0]?.what ?? 'counters'} (tree leaves)`, size: 8 * counters, align: 8, atomic: false,
    accounted: old.some(({ accounted }) => accounted), holder: 'caller',
    ...(old[0]?.origin === undefined ? {} : { origin: old[0].origin }),
  };
  const items = treeItems(context.possibleCpus) * itemBytes * counters;
  const setting = { kernel: lifeCycle.kernel, growth: growthIn(lifeCycle) };
  const bare = withoutAreas(lifeCycle, old);
  const summed = lifeCycle.destroy.filter((step) => isSum(step) && belongsTo(step, namesOf(old))).length;
  return rewritten(
    {
      ...bare,
      create: [...bare.create, ...allocation(leaves, setting), work('clear the items of the tree', { op: 'clear', bytes: items }, place, leaves.what)],
      destroy: [...preciseSums(summed, leaves.what), ...bare.destroy, ...release(leaves, setting)],
      areas: [...bare.areas, leaves],
      sharedBytes: lifeCycle.sharedBytes + items,
      counters: { ...(lifeCycle.counters ?? { counters, unitBytes: null }), scheme: 'hierarchical', batch: 32 },
    },
    hierarchical.id,
    ['no hotplug list and no percpu_counters_lock'],
  );
}

function growthIn(lifeCycle: LifeCycle): number {
  const zero = worksIn(lifeCycle.create).find(({ operation }) => operation.op === 'zero')?.operation;
  return zero?.op === 'zero' ? (zero.growth ?? 0) : 0;
}

/** As many as there were: where nothing was summed at the end, nothing is. */
function preciseSums(counters: number, of: string): readonly Step[] {
  return Array.from({ length: counters }, (_, index) =>
    work('precise sum over every possible CPU', { op: 'walk', over: 'possible', loads: 1, stores: 0, warm: index > 0 }, place, of),
  );
}

export const hierarchical: Strategy = {
  id: 'hierarchical',
  title: 'hierarchical counters: a carry tree over the CPUs',
  standing: { kind: 'posted', date: '2026-01 (v16; an RFC until v2, 2025-04)' },
  changes: 'object',
  objections: [
    { by: 'Pedro Falcato', point: 'it fixes the error on many CPUs and may add to allocation and initialisation', source: 'LSF/MM/BPF topic thread, 2026-03-06' },
  ],
  sources: ['20250408160508.991738-1-mathieu.desnoyers@efficios.com (RFC v2)', 'lkml.iu.edu/hypermail/linux/kernel/2601.1/11412.html: at most 192 MiB off on 384 CPUs, where a percpu_counter reaches 1 GiB'],
  prices: ['8 instead of 4 bytes for every counter and CPU, and a line for every item of the tree', 'more memory to clear at creation'],
  checklist: [
    'replace the counters by a tree of them with one allocation for all',
    'keep precise sums where exactness is asked for',
    'count the items in the object\'s size: they are cleared at every creation',
  ],
  applies,
  rewrite,
};
