import type { Demands, Visit } from './demands';

/** Time each lock is held per operation, ns, handed on from another CPU each time, and the time of one undisturbed operation. */
export interface Asymptotes {
  readonly total: number;
  readonly longest: number;
  readonly bottleneck: string | null;
  /** (Z + ΣD) / D_max, in CPUs; infinite where no lock is shared. */
  readonly knee: number;
}

export type Corner = 'low' | 'mid' | 'high';

/** The closed network's asymptotes cross at the knee: beyond it more CPUs only wait longer. */
export function asymptotesOf(demands: Demands, think: Corner, held: Corner = think): Asymptotes {
  const perLock = new Map<string, number>();
  for (const visit of demands.visits) countHeld(visit, held, perLock);
  const outer = demands.visits.reduce((sum, visit) => sum + heldBy(visit, held), 0);
  const total = demands.think[think] + outer;
  const [bottleneck, longest] = [...perLock].reduce<[string | null, number]>((most, one) => (one[1] > most[1] ? one : most), [null, 0]);
  return { total, longest, bottleneck, knee: longest === 0 ? Infinity : total / longest };
}

export function heldBy(visit: Visit, corner: Corner): number {
  return visit.nested.reduce((sum, inner) => sum + heldBy(inner, corner), visit.own[corner] + visit.moved[corner] + visit.populate[corner]);
}

function countHeld(visit: Visit, corner: Corner, perLock: Map<string, number>): void {
  perLock.set(visit.lock, (perLock.get(visit.lock) ?? 0) + heldBy(visit, corner));
  for (const inner of visit.nested) countHeld(inner, corner, perLock);
}

/**
 * The knee with hand-offs as dear as they are between that many CPUs: the smallest count that reaches its own knee,
 * by bisection up to `most`; the knee at `most` where even that many do not saturate.
 */
export function selfConsistentKnee(kneeAt: (creators: number) => number, most: number): number {
  if (kneeAt(most) > most) return kneeAt(most);
  let low = 1;
  let high = most;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (kneeAt(middle) <= middle) high = middle;
    else low = middle + 1;
  }
  return Math.max(1, Math.min(kneeAt(low), low));
}
