import { accuracyOf } from '../pricing/accuracy';
import type { CounterError } from '../protocol/simulation';
import type { Point } from './pointRun';

/** The bounds of the counters of a point's objects, an object of each kind once. */
export function counterErrors({ parts, lifeCycles, machine }: Point): readonly CounterError[] {
  const seen = new Set<string>();
  return parts.flatMap(({ scenario }, part) =>
    scenario.objects.flatMap((_, index): CounterError[] => {
      const lifeCycle = lifeCycles[part]?.[index];
      if (lifeCycle?.counters == null || seen.has(lifeCycle.subject)) return [];
      seen.add(lifeCycle.subject);
      const { strictUnits, strictBytes } = accuracyOf(lifeCycle.counters, machine);
      return [{
        object: lifeCycle.subject,
        scheme: lifeCycle.counters.scheme,
        units: strictUnits.value?.mid ?? null,
        bytes: strictBytes?.value?.mid ?? null,
      }];
    }),
  );
}
