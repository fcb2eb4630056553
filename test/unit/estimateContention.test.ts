import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PointDemands, solveClosed } from '../../server/src/estimate/closedNetwork';
import { contentionOf, demandsAt, kneeOf } from '../../server/src/estimate/contention';
import type { Demands, Visit } from '../../server/src/estimate/demands';
import { asymptotesOf, selfConsistentKnee } from '../../server/src/estimate/knee';
import { solveCorners } from '../../server/src/estimate/solveLoad';
import { kernelVersion } from '../../server/src/kernel/version';
import type { LifeCycle, ObjectKind } from '../../server/src/lifecycle/lifeCycle';
import { objectKinds, objectLifeCycle } from '../../server/src/lifecycle/object';
import { builtInMachines, machineByName } from '../../server/src/machine/builtIn';
import type { MachineProfile } from '../../server/src/machine/profile';
import { add, zero } from '../../server/src/util/interval';
import { withCpus } from '../../server/src/machine/rescale';
import { solveMarkovChain } from './markovChain';
import { simulateNestedLocks } from './nestedLockSimulation';

const v612 = kernelVersion(6, 12);

function machine(name: string): MachineProfile {
  const found = machineByName(name);
  if (found === undefined) throw new Error(`no machine ${name}`);
  return found;
}

function object(kind: ObjectKind): LifeCycle {
  const found = objectLifeCycle(kind, v612);
  if (found === null) throw new Error(`no ${kind}`);
  return found;
}

function mid(reason: { readonly value: { readonly mid: number } | null }): number {
  return reason.value?.mid ?? NaN;
}

function unnested(think: number, services: readonly number[]): PointDemands {
  return { think, visits: services.map((own, at) => ({ lock: `station ${String(at)}`, own, variance: own ** 2, nested: [] })) };
}

describe('stations that do not nest', () => {
  it('agree with the Markov chain to 1e-9', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 10, max: 5000, noNaN: true }),
        fc.array(fc.double({ min: 10, max: 2000, noNaN: true }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 5 }),
        (think, services, clients) => {
          const exact = solveMarkovChain({ think, services, clients });
          const solution = solveClosed(unnested(think, services), clients);
          expect(Math.abs(solution.throughput / exact.throughput - 1)).toBeLessThan(1e-9);
          services.forEach((service, at) => {
            const load = solution.locks.get(`station ${String(at)}`);
            const queue = solution.throughput * ((load?.wait ?? NaN) + service);
            expect(Math.abs(queue - (exact.queues[at] ?? NaN))).toBeLessThan(1e-8 * clients);
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** The same demands where each hold takes as long as one that was handed on from another CPU, whoever had it before. */
function alwaysHandedOn(demands: Demands): Demands {
  const there = (visit: Visit): Visit => ({ ...visit, own: add(visit.own, visit.moved), moved: zero, nested: visit.nested.map(there) });
  return { ...demands, visits: demands.visits.map(there) };
}

describe('nested locks', () => {
  const cases = (['mm', 'tc-action', 'superblock-tmpfs', 'memory-cgroup'] as const).flatMap((kind) =>
    (['e5-2620v3', 'server-64', 'server-192'] as const).flatMap((name) => [1, 2, 3, 4, 8, 16, 48].map((clients) => [kind, name, clients] as const)),
  );

  /** Of the work, evenly around its mean: as far as CPUs do not run in step. */
  const spread = 0.5;

  it('agree with a simulation within 5 %, and within 6 % where two to four do nothing else and so fall into step', () => {
    const differences = cases.map(([kind, name, clients]) => {
      const demands = demandsAt(object(kind), machine(name), {}, Math.min(clients, machine(name).topology.onlineCpus));
      if (demands === null) throw new Error('no price');
      const analysed = solveCorners(alwaysHandedOn(demands), clients, machine(name), spread ** 2 / 3)[1]?.throughput ?? Number.NaN;
      const simulated = simulateNestedLocks(demands, clients, 4000, spread);
      return { what: `${kind} ${name} ${String(clients)}`, clients, difference: analysed / simulated - 1 };
    });
    const wrong = differences.filter(({ clients, difference }) => Math.abs(difference) > (clients < 5 ? 0.06 : 0.05));
    expect(wrong.map(({ what, difference }) => `${what}: ${(difference * 100).toFixed(1)} %`)).toEqual([]);
  });
});

/** As if each lock and what it protects lay in this CPU's cache. */
function withoutHandOffs(demands: Demands): Demands {
  const here = (visit: Visit): Visit => ({ ...visit, moved: zero, nested: visit.nested.map(here) });
  return { ...demands, visits: demands.visits.map(here) };
}

describe('theory holds for every object, machine and number of creators', () => {
  it('throughput stays below both asymptotes and utilisation below one', () => {
    fc.assert(
      fc.property(fc.constantFrom(...objectKinds), fc.constantFrom(...builtInMachines), fc.integer({ min: 1, max: 512 }), (kind, profile, wanted) => {
        const creators = Math.min(wanted, profile.topology.onlineCpus);
        const demands = demandsAt(object(kind), profile, {}, creators);
        if (demands === null) throw new Error('no price');
        const { total, longest } = asymptotesOf(withoutHandOffs(demands), 'mid');
        const [, middle] = solveCorners(demands, creators, profile);
        if (middle === undefined) throw new Error('no solution');
        const { throughput, residence, locks } = middle;
        expect(throughput).toBeLessThanOrEqual((creators / total) * (1 + 1e-9));
        expect(throughput).toBeLessThanOrEqual((1 / longest) * (1 + 1e-9));
        expect(throughput * residence).toBeCloseTo(creators, 6);
        for (const { utilisation } of locks.values()) expect(utilisation).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it('one creator never waits', () => {
    for (const kind of objectKinds) expect(mid(contentionOf(object(kind), machine('server-192'), { creators: 1 }).waitNs)).toBe(0);
  });
});

describe('the knee', () => {
  it('is where the asymptotes cross, found with its own hand-offs', () => {
    expect(selfConsistentKnee((creators) => 40 / Math.sqrt(creators), 512)).toBeCloseTo(40 / Math.sqrt(12), 6);
    expect(selfConsistentKnee(() => 1000, 64)).toBe(1000);
  });

  it('comes later with other work in between, and falls to nothing where no lock is shared', () => {
    const server = machine('server-192');
    const busy = kneeOf(object('mm'), server, { think: { low: 50_000, mid: 100_000, high: 200_000 } });
    expect(mid(busy)).toBeGreaterThan(mid(kneeOf(object('mm'), server)));
    const alone = kneeOf({ ...object('mm'), create: [], destroy: [] }, server);
    expect(alone.value).toBeNull();
    expect(alone.note).toContain('no shared lock');
  });

  it('unfolds to the time outside locks and the time that each is held', () => {
    const { parts, value } = kneeOf(object('mm'), machine('server-192'));
    expect(parts.map(({ label }) => label)).toEqual(['outside shared locks', 'pcpu_alloc_mutex held', 'pcpu_lock held', 'percpu_counters_lock held']);
    const [outside, mutex, inner, list] = parts.map(mid);
    const direct = (inner ?? NaN) / 2;
    const estimate = ((outside ?? NaN) + (mutex ?? NaN) + direct + (list ?? NaN)) / Math.max(mutex ?? NaN, inner ?? NaN);
    expect(Math.abs(estimate / (value?.mid ?? NaN) - 1)).toBeLessThan(0.2);
  });

  it('names the load that it holds for', () => {
    expect(contentionOf(object('mm'), machine('server-64')).assumption).toContain('back to back on 64 CPUs');
    expect(contentionOf(object('mm'), machine('server-64'), { think: { low: 1, mid: 1000, high: 2000 } }).assumption).toContain('1000 ns of other work');
  });
});

describe('contention of an mm', () => {
  it('serialises 1.2 to 2.2 us per allocation on 24 CPUs, and at least 2.9 us on 192', () => {
    const serial = (name: string): number => 1e9 / (2 * mid(contentionOf(object('mm'), machine(name)).throughputPerSecond));
    expect(serial('e5-2620v3')).toBeGreaterThan(1200);
    expect(serial('e5-2620v3')).toBeLessThan(2200);
    expect(serial('epyc-7r13-guest')).toBeGreaterThan(2900);
    expect(serial('server-192')).toBeGreaterThan(1.4 * serial('e5-2620v3'));
  });

  it('keeps interrupts off for longer than a hold once frees wait', () => {
    const server = machine('server-192');
    const alone = contentionOf(object('mm'), server, { creators: 1 });
    expect(mid(contentionOf(object('mm'), server).irqsOffNs)).toBeGreaterThan(4 * mid(alone.irqsOffNs));
  });

  it('has intervals no wider than a factor of three', () => {
    for (const profile of builtInMachines) {
      const { throughputPerSecond, kneeCpus, waitNs } = contentionOf(object('mm'), profile);
      for (const { value } of [throughputPerSecond, kneeCpus, waitNs]) {
        expect((value?.high ?? NaN) / (value?.low ?? NaN), profile.name).toBeLessThanOrEqual(3);
      }
    }
  });

  it('falls as the second socket joins', () => {
    const box = machine('e7-8895v3');
    const at = (creators: number): number => mid(contentionOf(object('mm'), box, { creators }).throughputPerSecond);
    expect(at(36)).toBeLessThan(0.75 * at(18));
    expect(mid(contentionOf(object('mm'), withCpus(box, 36)).throughputPerSecond)).toBeGreaterThan(at(144));
  });
});
