import { composeLifeCycles } from '../lifecycle/compose';
import { sumCounter } from '../lifecycle/counter';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { Step } from '../lifecycle/step';
import type { FormedObject, Member } from '../resolve/objects/formObjects';
import type { SnapshotSite } from '../workspace/snapshot';
import { areaOf, type Counting } from './objectAreas';
import { evaluate } from './evaluation';

/** A part that runs more often is composed as many times at most: loops over more are no object's creation. */
const mostRepeats = 64;

/**
 * The life of all that is counted of an object, each part as often as it runs; null where the life of a part is not
 * known: a share of the whole would mislead.
 */
export function objectLife({ name, members, sums }: FormedObject<SnapshotSite>, counting: Counting): LifeCycle | null {
  const lives: LifeCycle[] = [];
  for (const member of members) {
    const { counted, areas, times } = areaOf(member, counting);
    if (!counted || areas === 0) continue;
    const { lifeCycle } = evaluate(member.site.site, counting.snapshot);
    if (lifeCycle === null || lifeCycle.create.length === 0) return null;
    lives.push(...Array.from({ length: Math.min(times ?? 0, mostRepeats) }, () => lifeCycle));
  }
  const composed = composeLifeCycles(name, lives);
  return composed === null ? null : { ...composed, destroy: [...sumsOf(sums, composed.areas, counting), ...composed.destroy] };
}

/** Of several sums in a row all but the first find the lines of the CPUs' slots at hand, as far as they share an area. */
function sumsOf(sums: readonly Member<SnapshotSite>[], areas: LifeCycle['areas'], { snapshot }: Counting): readonly Step[] {
  return sums.flatMap(({ site: { site }, membership }) => {
    const name = plainName(site.fact.arguments[0] ?? site.fact.api);
    const area = areas.find(({ what }) => plainName(what) === name)?.what ?? name;
    return Array.from({ length: Math.min(membership.times.count ?? 1, mostRepeats) }, (_, index) => sumCounter(area, snapshot.kernel, index > 0));
  });
}

/** `mm->rss_stat` of `&mm->rss_stat[i]`. */
function plainName(text: string): string {
  return text.replace(/^&|\[[^\]]*\]$/g, '');
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
