import type { Area, LifeCycle } from './lifeCycle';
import type { Step } from './step';

/**
 * Several life cycles that live and die together as one: created in order, destroyed in reverse. Areas of the same
 * name are told apart by a number. Null for an empty list.
 */
export function composeLifeCycles(subject: string, parts: readonly LifeCycle[]): LifeCycle | null {
  const [first] = parts;
  if (first === undefined) return null;
  const distinct = withDistinctAreas(parts);
  const counting = parts.filter(({ counters }) => counters !== null);
  const notes = [...new Set(parts.flatMap((part) => part.notes ?? []))];
  return {
    subject,
    kernel: first.kernel,
    sites: [...new Set(parts.flatMap(({ sites }) => sites))],
    create: distinct.flatMap(({ create }) => create),
    use: distinct.flatMap(({ use }) => use),
    destroy: [...distinct].reverse().flatMap(({ destroy }) => destroy),
    areas: distinct.flatMap(({ areas }) => areas),
    sharedBytes: parts.reduce((sum, { sharedBytes }) => sum + sharedBytes, 0),
    counters: combinedCounters(counting),
    strategies: [],
    ...(first.object === undefined ? {} : { object: first.object }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

function combinedCounters(parts: readonly LifeCycle[]): LifeCycle['counters'] {
  const first = parts[0]?.counters ?? null;
  if (first === null) return null;
  return { ...first, counters: parts.reduce((sum, { counters }) => sum + (counters?.counters ?? 0), 0) };
}

function withDistinctAreas(parts: readonly LifeCycle[]): readonly LifeCycle[] {
  const seen = new Map<string, number>();
  return parts.map((part) => {
    const names = new Map(part.areas.map(({ what }) => [what, distinctName(what, seen)]));
    return renamed(part, (what) => names.get(what) ?? what);
  });
}

function distinctName(what: string, seen: Map<string, number>): string {
  const number = (seen.get(what) ?? 0) + 1;
  seen.set(what, number);
  return number === 1 ? what : `${what} #${String(number)}`;
}

function renamed(part: LifeCycle, name: (what: string) => string): LifeCycle {
  const steps = (list: readonly Step[]): readonly Step[] => list.map((step) => renamedStep(step, name));
  const areas: readonly Area[] = part.areas.map((area) => ({ ...area, what: name(area.what) }));
  return { ...part, areas, create: steps(part.create), use: steps(part.use), destroy: steps(part.destroy) };
}

function renamedStep(step: Step, name: (what: string) => string): Step {
  const of = step.of === undefined ? {} : { of: name(step.of) };
  return step.kind === 'hold' ? { ...step, ...of, steps: step.steps.map((inner) => renamedStep(inner, name)) } : { ...step, ...of };
}
