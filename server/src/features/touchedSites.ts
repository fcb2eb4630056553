import type { ComparedStrategy } from '../estimate/compare';
import type { Area, LifeCycle } from '../lifecycle/lifeCycle';
import type { Step } from '../lifecycle/step';
import type { ResolvedSite } from '../resolve/resolvedSite';

/** True for the first site, in the order of the source, of those whose areas a strategy changes. */
export function isTouchedFirst({ before, after }: ComparedStrategy, { file, fact }: ResolvedSite): boolean {
  if (after === null) return false;
  const places = touchedAreas(before.lifeCycle, after.lifeCycle).flatMap(({ origin }) => (origin === undefined ? [] : [origin.site]));
  const [first] = [...places].sort((a, b) => lineOf(a) - lineOf(b));
  return first === `${file}:${String(fact.line)}`;
}

function lineOf(place: string): number {
  return Number(/:(\d+)$/.exec(place)?.[1] ?? 0);
}

/** Areas that are gone, or that other steps are taken for. */
function touchedAreas(before: LifeCycle, after: LifeCycle): readonly Area[] {
  return before.areas.filter(({ what }) => stepsOf(before, what) !== stepsOf(after, what));
}

function stepsOf({ create, destroy }: LifeCycle, area: string): string {
  const own = (steps: readonly Step[]): readonly Step[] => steps.filter(({ of }) => of === area);
  return JSON.stringify([own(create), own(destroy)]);
}
