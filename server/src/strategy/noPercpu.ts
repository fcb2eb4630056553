import { work } from '../lifecycle/allocation';
import type { Area, LifeCycle } from '../lifecycle/lifeCycle';
import { no, yes } from './applicability';
import { allocatedAreas, listed, rewritten, withoutAreas } from './rewriting';
import type { Applicability, Strategy, StrategyContext } from './strategy';

const place = 'net/sched/act_api.c tcf_action_update_bstats';

/** Statistics of a tc action, by the names of its members. */
function actionStatistics(lifeCycle: LifeCycle): readonly Area[] {
  return allocatedAreas(lifeCycle).filter(({ what }) => /cpu_(bstats(_hw)?|qstats)\b/.test(what));
}

function applies(lifeCycle: LifeCycle, context: StrategyContext): Applicability {
  const areas = actionStatistics(lifeCycle);
  if (!isAction(lifeCycle, context) || areas.length === 0) return no('these are not the statistics of a tc action: only those have a flag that user space sets');
  return yes(`${listed(areas)}: TCA_ACT_FLAGS_NO_PERCPU_STATS, set by user space rule by rule, counts under the action's own spinlock instead; nothing has to be changed in the kernel for actions that honour it`);
}

function isAction({ object }: LifeCycle, { sites }: StrategyContext): boolean {
  if (object?.kind.startsWith('tc-') === true) return true;
  return sites.some(({ objects }) => objects.some(({ kind }) => kind === 'tc-action'));
}

function rewrite(lifeCycle: LifeCycle): LifeCycle {
  const areas = actionStatistics(lifeCycle);
  const update = work('take the action\'s spinlock and count', { op: 'atomic', count: 2, sharing: 'machine' }, place);
  return rewritten(
    { ...withoutAreas(lifeCycle, areas), use: [update] },
    noPercpu.id,
    ['each packet takes the action\'s spinlock; from some rate on that costs more than creation saves'],
  );
}

export const noPercpu: Strategy = {
  id: 'no-percpu',
  title: 'shared statistics under the object\'s own lock, by flag',
  standing: { kind: 'merged', since: '5.5 (TCA_ACT_FLAGS_NO_PERCPU_STATS)' },
  changes: 'user space',
  objections: [],
  sources: ['20191030140907.18561-1-vladbu@mellanox.com: 1.28 and 2.22 times the rules per second on 24 CPUs'],
  prices: ['one spinlock for every packet that meets the action', 'user space has to ask for it, rule by rule', 'only actions that are created by tcf_idr_create_from_flags honour it: in 6.12 not bpf, ife, mpls, police, sample, skbedit, skbmod'],
  checklist: [
    'in an action that calls tcf_idr_create: create it by tcf_idr_create_from_flags, which honours the flag, and keep it when it is replaced',
    'update under the object\'s own lock where the percpu pointers are null',
    'read whichever of the two exists when dumping',
    'leave the choice to user space',
  ],
  applies,
  rewrite,
};
