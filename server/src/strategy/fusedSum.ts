import type { LifeCycle } from '../lifecycle/lifeCycle';
import { work } from '../lifecycle/allocation';
import type { Step } from '../lifecycle/step';
import { no, yes } from './applicability';
import { isSum, replaceSteps, rewritten } from './rewriting';
import type { Applicability, Strategy } from './strategy';

const place = '20230823050609.2228718-1-mjguzik@gmail.com: one pass would do';

function applies(lifeCycle: LifeCycle): Applicability {
  const sums = lifeCycle.destroy.filter(isSum).length;
  if (sums < 2) return no(sums === 1 ? 'a single counter is summed at the end' : 'no counters are summed at the end');
  return yes(`${String(sums)} walks over the online CPUs become one; nobody updates the counters any more`);
}

function rewrite(lifeCycle: LifeCycle): LifeCycle {
  const sums = lifeCycle.destroy.filter(isSum);
  const of = sums[0]?.of;
  const walk: Step = work('add up all counters in one walk', { op: 'walk', over: 'online', loads: sums.length, stores: 0 }, place, of);
  return rewritten({ ...lifeCycle, destroy: replaceSteps(lifeCycle.destroy, isSum, [walk]) }, fusedSum.id);
}

export const fusedSum: Strategy = {
  id: 'fused-sum',
  title: 'one walk over the CPUs for all counters of an object',
  standing: { kind: 'idea', date: '2023-08' },
  changes: 'object',
  objections: [],
  sources: [place],
  prices: ['only where nobody updates any more, as in check_mm at the last mmdrop: the counters\' own locks are not taken'],
  checklist: [
    'show that nobody updates any more: the last reference is gone',
    'walk the online CPUs once and add up every counter of the object',
    'keep the check of each sum as it was',
  ],
  applies,
  rewrite,
};
