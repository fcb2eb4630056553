import type { LifeCycle } from '../lifecycle/lifeCycle';
import { counterAreas, isPerProcess } from './rewriting';
import type { Applicability, StrategyContext } from './strategy';

export function yes(why: string): Applicability {
  return { applies: true, why };
}

export function no(why: string): Applicability {
  return { applies: false, why };
}

/** The condition shared by the ideas that replace the counters of a process; `why` is the answer where they apply. */
export function forProcessCounters(lifeCycle: LifeCycle, context: StrategyContext, why: string): Applicability {
  if (counterAreas(lifeCycle).length === 0) {
    return no(lifeCycle.strategies.length === 0 ? 'no percpu_counter is created here' : `no percpu_counter is left after ${lifeCycle.strategies.join(', ')}`);
  }
  if (!isPerProcess(lifeCycle, context)) return no('its counters do not belong to a process: nothing tells when a single task uses them');
  return yes(why);
}
