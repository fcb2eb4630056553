import type { Solution } from './closedNetwork';
import { stretchesOf, type Timeline } from './timeline';

/**
 * To what share the visitors of each lock take turns at it. Who comes back at once, again and again, shares the lock with
 * others that do the same: it goes round between them. The work that waits is the same in any order; but of b visits in a
 * row those present have (b + 1) / 2 left on average instead of b, so that 2b / (b + 1) times as many wait (for large b
 * twice as many: processor sharing, where equal services queue like exponential ones; Baskett, Chandy, Muntz and
 * Palacios, J. ACM 22(2), 1975). Equal services leave half a service to wait for, so the share of exponential ones is
 * (b − 1) / (b + 1). b follows from the stretches t between the m visits of an operation of length C, as m Σ(t/C)²: 1
 * where they are evenly spread, m where they lie together. They find the same others again where the lock did not fall
 * idle meanwhile: with the chance that it is held.
 */
export function turnsOf({ byLock, cycle }: Timeline, { locks }: Solution): ReadonlyMap<string, number> {
  const held = (lock: string): number => Math.min(1, locks.get(lock)?.utilisation ?? 0);
  return new Map([...byLock].map(([lock, events]) => {
    const inARow = events.length * stretchesOf(events, cycle).reduce((sum, stretch) => sum + (stretch / cycle) ** 2, 0);
    return [lock, (held(lock) * Math.max(0, inARow - 1)) / (inARow + 1)] as const;
  }));
}
