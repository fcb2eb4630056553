import { describe, expect, it } from 'vitest';
import { type PointDemands, type PointVisit, solveClosed } from '../../server/src/estimate/closedNetwork';
import { type Demands, noDemands, type Visit } from '../../server/src/estimate/demands';
import { inStep } from '../../server/src/estimate/twoClients';
import { exactly, zero } from '../../server/src/util/interval';

/** Two holds of one lock, one after the other, then work: ns. */
function twoHolds(first: number, second: number, think: number): Demands {
  const hold = (own: number): Visit => ({ lock: 'mutex', irqsOff: false, after: zero, own: exactly(own), moved: zero, populate: zero, nested: [] });
  return { ...noDemands, think: exactly(think), tail: exactly(think), visits: [hold(first), hold(second)] };
}

function pointOf({ think, visits }: Demands): PointDemands {
  const point = ({ lock, own, nested }: Visit): PointVisit => ({ lock, own: own.mid, variance: own.mid ** 2 / 48, nested: nested.map(point) });
  return { think: think.mid, visits: visits.map(point) };
}

function both(demands: Demands): { readonly mean: number; readonly residence: number; readonly wait: number; readonly utilisation: number } {
  const point = pointOf(demands);
  const solution = solveClosed(point, 2);
  const { residence, locks } = inStep(solution, demands, 'mid');
  return { mean: solution.residence, residence, wait: locks.get('mutex')?.wait ?? NaN, utilisation: locks.get('mutex')?.utilisation ?? NaN };
}

describe('two clients', () => {
  it('leave a lock idle that mean values think always held: each comes back a little after the other is done', () => {
    // In step: both hold for 60, both for 15, and 25 of the 40 of work are left when the second is done.
    const { residence, mean, wait, utilisation } = both(twoHolds(60, 15, 40));
    expect(mean).toBeCloseTo(150, 0);
    expect(residence / (60 + 60 + 15 + 40)).toBeGreaterThan(0.99);
    expect(residence / (60 + 60 + 15 + 40)).toBeLessThan(1.02);
    expect(wait).toBeCloseTo(residence - 115, 6);
    expect(utilisation).toBeCloseTo((2 * 75) / residence, 2);
  });

  it('hardly meet where each works for longer than the other holds', () => {
    const { residence, mean } = both(twoHolds(0, 100, 150));
    expect(residence).toBeLessThan(260);
    expect(mean).toBeGreaterThan(265);
  });

  it('never do more than the lock can, nor more than two that never meet', () => {
    for (const [first, second, think] of [[10, 10, 0], [60, 25, 30], [5, 90, 95], [40, 40, 1000], [0, 0, 10]] as const) {
      const { residence } = both(twoHolds(first, second, think));
      expect(residence).toBeGreaterThanOrEqual(Math.max(first + second + think, 2 * (first + second)) * 0.999);
    }
  });

  it('keep the mean values where they wait for each other for ever', () => {
    const inner = (lock: string): Visit => ({ lock, irqsOff: false, after: exactly(5), own: exactly(10), moved: zero, populate: zero, nested: [] });
    const outer = (lock: string, other: string): Visit => ({ ...inner(lock), own: exactly(40), nested: [inner(other)] });
    const demands: Demands = { ...noDemands, visits: [outer('a', 'b'), outer('b', 'a')] };
    const point = pointOf(demands);
    const solution = solveClosed(point, 2);
    expect(inStep(solution, demands, 'mid')).toBe(solution);
  });
});
