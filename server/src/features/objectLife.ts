import { composeLifeCycles } from '../lifecycle/compose';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { Step } from '../lifecycle/step';
import type { Member } from '../resolve/objects/formObjects';
import type { SnapshotSite } from '../workspace/snapshot';
import { areaOf, type Counting } from './objectAreas';
import { evaluate } from './evaluation';

/** A part that runs more often is composed as many times at most: loops over more are no object's creation. */
const mostRepeats = 64;

/**
 * The life of all that is counted of an object, each part as often as it runs; null where the life of a part is not
 * known: a share of the whole would mislead.
 */
export function objectLife(name: string, members: readonly Member<SnapshotSite>[], counting: Counting): LifeCycle | null {
  const lives: LifeCycle[] = [];
  for (const member of members) {
    const { counted, areas, times } = areaOf(member, counting);
    if (!counted || areas === 0) continue;
    const { lifeCycle } = evaluate(member.site.site, counting.snapshot);
    if (lifeCycle === null || lifeCycle.create.length === 0) return null;
    lives.push(...Array.from({ length: Math.min(times ?? 0, mostRepeats) }, () => lifeCycle));
  }
  return composeLifeCycles(name, lives);
}

/** How often each lock is taken by some steps. */
export function locksTaken(steps: readonly Step[]): ReadonlyMap<string, number> {
  const taken = new Map<string, number>();
  const visit = (step: Step): void => {
    if (step.kind === 'work') return;
    taken.set(step.lock, (taken.get(step.lock) ?? 0) + 1);
    step.steps.forEach(visit);
  };
  steps.forEach(visit);
  return taken;
}
