import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { solveClosed } from '../../server/src/estimate/closedNetwork';
import { demandsOf, type Demands, inOrder, outside, type Visit } from '../../server/src/estimate/demands';
import { operationOf } from '../../server/src/estimate/operation';
import { otherHolders } from '../../server/src/estimate/otherHolders';
import { pointDemands } from '../../server/src/estimate/pointDemands';
import { solveCorners } from '../../server/src/estimate/solveLoad';
import { timelineOf } from '../../server/src/estimate/timeline';
import { turnsOf } from '../../server/src/estimate/turns';
import { kernelVersion } from '../../server/src/kernel/version';
import { allocation } from '../../server/src/lifecycle/allocation';
import { machineByName } from '../../server/src/machine/builtIn';
import type { MachineProfile } from '../../server/src/machine/profile';
import { tcGact } from '../../server/src/scenario/trafficControl';
import { exactly, zero } from '../../server/src/util/interval';
import { simulateHolders } from './nestedLockSimulation';

const machine = machineByName('server-64')!;

function visit(lock: string, ns: number, nested: readonly Visit[] = []): Visit {
  return { lock, irqsOff: false, after: zero, own: exactly(ns), moved: zero, populate: zero, nested };
}

/** Work, a visit, work, a visit, …: pairs of work before each and the visit. */
function program(...parts: readonly (readonly [number, Visit])[]): Demands {
  return inOrder(parts.flatMap(([work, one]) => [outside(exactly(work)), { think: zero, tail: zero, visits: [one] }]));
}

function chances(demands: Demands, clients: number): readonly number[] {
  const point = pointDemands(demands, 'mid', machine, clients);
  const solution = solveClosed(point, clients);
  const others = otherHolders(timelineOf(demands, point, solution), solution, clients);
  return all(demands.visits).map((one) => others.get(one) ?? Number.NaN);
}

function all(visits: readonly Visit[]): readonly Visit[] {
  return visits.flatMap((one) => [one, ...all(one.nested)]);
}

describe('the chance that another CPU held a lock in between', () => {
  it('is 1 where everybody queues, and nothing under a lock that keeps the others away', () => {
    const busy = program([10, visit('one', 100)], [10, visit('one', 100)]);
    for (const chance of chances(busy, 16)) expect(chance).toBeGreaterThan(0.99);
    const kept = program([100, visit('outer', 50, [visit('inner', 100), visit('inner', 100), visit('inner', 100)])]);
    const [, first, second, third] = chances(kept, 16);
    expect(first).toBeGreaterThan(0.99);
    expect([second, third]).toEqual([0, 0]);
  });

  it('is that of an event simulation, from idle locks to busy ones', () => {
    const networks: readonly Demands[] = [
      program([5000, visit('one', 100)], [200, visit('one', 100)]),
      program([2000, visit('one', 100)], [2000, visit('one', 300)]),
      program([8000, visit('outer', 200, [visit('one', 100), visit('one', 100)])], [300, visit('one', 100)], [300, visit('one', 100)]),
      program([20_000, visit('one', 50)], [50, visit('one', 50)], [50, visit('one', 50)], [50, visit('one', 50)]),
    ];
    for (const demands of networks) {
      for (const clients of [2, 4, 8, 16, 32]) {
        const simulated = simulateHolders(demands, clients, 20_000, 0.25).get('one') ?? Number.NaN;
        const visits = all(demands.visits);
        const own = chances(demands, clients).filter((_, at) => visits[at]?.lock === 'one');
        const mean = own.reduce((sum, chance) => sum + chance, 0) / own.length;
        expect(Math.abs(mean - simulated), `${String(networks.indexOf(demands))} with ${String(clients)}: ${mean.toFixed(3)}, ${simulated.toFixed(3)}`).toBeLessThan(0.08);
      }
    }
  });
});

describe('turns at a lock', () => {
  const turns = (demands: Demands, clients: number): number => {
    const point = pointDemands(demands, 'mid', machine, clients);
    const solution = solveClosed(point, clients);
    return turnsOf(timelineOf(demands, point, solution), solution).get('one') ?? Number.NaN;
  };

  it('are taken by visits in a row at a busy lock, not by a single one', () => {
    const inARow = program([4000, visit('one', 100)], ...Array.from({ length: 9 }, () => [1, visit('one', 100)] as const));
    expect(turns(program([1000, visit('one', 100)]), 8)).toBeLessThan(1e-9);
    expect(turns(program([1000, visit('one', 100)], [1000, visit('one', 100)]), 8)).toBeLessThan(0.01);
    expect(turns(inARow, 4)).toBeGreaterThan(0.3);
    expect(turns(inARow, 1)).toBeLessThan(turns(inARow, 4));
  });
});

describe('bursts of the balance worker', () => {
  const area = { what: 'area', size: 64, align: 8, atomic: false, accounted: false, holder: 'caller' } as const;
  const creating = (growth: number): Demands => {
    const demands = demandsOf(allocation(area, { kernel: kernelVersion(6, 12), growth }), machine, { creators: 8 });
    if (demands === null) throw new Error('no price');
    return inOrder([outside(exactly(20_000)), demands]);
  };
  /** The same, the pages of each area populated by whoever allocates it. */
  const spreadOut = (demands: Demands): Demands => ({
    ...demands, visits: demands.visits.map((one) => ({ ...one, own: exactly(one.own.mid + one.populate.mid), populate: zero })),
  });
  const middle = (demands: Demands, clients: number): number => solveCorners(demands, clients, machine)[1]?.throughput ?? Number.NaN;

  it('take no time where objects come and go', () => {
    expect(creating(0).visits.every(({ populate }) => populate.high === 0)).toBe(true);
    expect(creating(1).visits.some(({ populate }) => populate.mid > 0)).toBe(true);
  });

  it('cost no less than the same work spread out, and never more than if all stood still', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 64 }), (clients) => {
        const demands = creating(1);
        const populate = demands.visits.reduce((sum, one) => sum + one.populate.mid, 0);
        const withBursts = middle(demands, clients);
        const without = middle({ ...demands, visits: demands.visits.map((one) => ({ ...one, populate: zero })) }, clients);
        expect(withBursts).toBeLessThan(without);
        expect(1 / withBursts).toBeLessThanOrEqual((1 / without + populate) * 1.001);
        expect(withBursts).toBeLessThan(middle(spreadOut(demands), clients) * (1 + 1e-9));
      }),
      { numRuns: 20 },
    );
  });

  it('hold the mutex in the answer: its utilisation counts them, and so does the wait', () => {
    const at = (profile: MachineProfile) => operationOf({ scenario: tcGact, machine: profile, kernel: kernelVersion(6, 12), clients: 20, strategies: [] })?.solutions[1];
    const solution = at(machineByName('server-512')!);
    const mutex = solution?.locks.get('pcpu_alloc_mutex');
    expect(mutex?.utilisation).toBeGreaterThan(0.5);
    expect(mutex?.utilisation).toBeLessThanOrEqual(1);
    expect((solution?.throughput ?? 0) * (solution?.residence ?? 0)).toBeCloseTo(20, 6);
  });
});
