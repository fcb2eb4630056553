import { allocation, release, work } from '../lifecycle/allocation';
import { treeItems } from '../lifecycle/counterTree';
import type { Area, LifeCycle } from '../lifecycle/lifeCycle';
import type { Step } from '../lifecycle/step';
import { no, yes } from './applicability';
import { counterAreas, listed, rewritten, withoutAreas, worksIn } from './rewriting';
import type { Applicability, Strategy, StrategyContext } from './strategy';

const place = 'lib/percpu_counter_tree.c (proposed, v16)';
/** One line for every item above the CPUs. */
const itemBytes = 64;

function applies(lifeCycle: LifeCycle): Applicability {
  const areas = counterAreas(lifeCycle);
  if (areas.length === 0) return no('no percpu_counter is created here');
  return yes(`${listed(areas)}: a carry tree bounds the read error by N log N; creation gets dearer, not cheaper`);
}

function rewrite(lifeCycle: LifeCycle, context: StrategyContext): LifeCycle {
  const old = counterAreas(lifeCycle);
  const counters = old.reduce((sum, { size }) => sum + Math.round(size / 4), 0);
  const leaves: Area = {
    what: `${old[0]?.what ?? 'counters'} (tree leaves)`, size: 8 * counters, align: 8, atomic: false,
    accounted: old.some(({ accounted }) => accounted), holder: 'caller',
  };
  const items = treeItems(context.possibleCpus) * itemBytes * counters;
  const setting = { kernel: lifeCycle.kernel, growth: growthIn(lifeCycle) };
  const bare = withoutAreas(lifeCycle, old);
  return rewritten(
    {
      ...bare,
      create: [...bare.create, ...allocation(leaves, setting), work('clear the items of the tree', { op: 'clear', bytes: items }, place, leaves.what)],
      destroy: [...preciseSums(counters, leaves.what), ...bare.destroy, ...release(leaves, setting)],
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

function preciseSums(counters: number, of: string): readonly Step[] {
  return Array.from({ length: counters }, (_, index) =>
    work('precise sum over every possible CPU', { op: 'walk', over: 'possible', loads: 1, stores: 0, warm: index > 0 }, place, of),
  );
}

export const hierarchical: Strategy = {
  id: 'hierarchical',
  title: 'hierarchical counters: a carry tree over the CPUs',
  standing: { kind: 'rfc', date: '2026-01 (v16)' },
  changes: 'object',
  objections: [
    { by: 'Pedro Falcato', point: 'it fixes the error on many CPUs and may add to allocation and initialisation', source: 'LSF/MM/BPF topic thread, 2026-03-06' },
  ],
  sources: ['lkml.iu.edu/hypermail/linux/kernel/2601.1/11412.html: at most 192 MiB off on 384 CPUs, where a percpu_counter reaches 1 GiB'],
  prices: ['8 instead of 4 bytes for every counter and CPU, and a line for every item of the tree', 'more memory to clear at creation'],
  checklist: [
    'replace the counters by a tree of them with one allocation for all',
    'keep precise sums where exactness is asked for',
    'count the items in the object\'s size: they are cleared at every creation',
  ],
  applies,
  rewrite,
};
