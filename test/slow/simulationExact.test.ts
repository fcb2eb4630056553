import { describe, expect, it } from 'vitest';
import type { LockModel } from '../../server/src/simulation/engineState';
import { derivedSeed } from '../../server/src/simulation/randomStream';
import { type Measure, replicate, type RunLength } from '../../server/src/simulation/replication';
import { estimate, type Estimate } from '../../server/src/simulation/statistics';
import { exponentialModel, meanValueAnalysis, type Visit } from '../unit/simulationModels';

const spin = (name: string): LockModel => ({ name, kind: 'spinlock', lines: 0 });
const mutex = (name: string): LockModel => ({ name, kind: 'mutex', lines: 0 });
const replications = 10;
const length: RunLength = { warmUpOperations: 300, warmUpNs: 0, operations: 2000, minimumNs: 0, longestNs: 1e12, spreadNs: 1000 };

interface Network {
  readonly name: string;
  readonly clients: number;
  readonly think: number;
  readonly visits: readonly Visit[];
  readonly locks: readonly LockModel[];
}

const networks: readonly Network[] = [
  { name: 'M/M/1//8 far from saturation', clients: 8, think: 10_000, visits: [{ lock: 0, ns: 500 }], locks: [spin('a')] },
  { name: 'M/M/1//16 at the knee', clients: 16, think: 8000, visits: [{ lock: 0, ns: 500 }], locks: [mutex('a')] },
  { name: 'M/M/1//32 saturated', clients: 32, think: 5000, visits: [{ lock: 0, ns: 500 }], locks: [spin('a')] },
  {
    name: 'machine repairman with two stations', clients: 12, think: 4000,
    visits: [{ lock: 0, ns: 500 }, { lock: 1, ns: 400 }], locks: [mutex('a'), spin('b')],
  },
];

function samples(network: Network, seed: number): Measure[] {
  const { clients, think, visits, locks } = network;
  return Array.from({ length: replications }, (_, part) =>
    replicate(exponentialModel(clients, think, visits, locks, derivedSeed(seed, part)), length),
  );
}

const contains = (interval: Estimate, value: number): boolean => interval.low <= value && value <= interval.high;

describe('the engine against exact solutions, seeds 1 to 100', { timeout: 120_000 }, () => {
  for (const network of networks) {
    it(`${network.name}: its 95 % interval holds the exact throughput and queue for at least 90 seeds`, () => {
      const exact = meanValueAnalysis(network.clients, network.think, network.visits.map(({ ns }) => ns));
      let throughput = 0;
      const queue = network.locks.map(() => 0);
      for (let seed = 1; seed <= 100; seed += 1) {
        const runs = samples(network, seed);
        if (contains(estimate(runs.map((run) => run.throughputPerS)), exact.throughput * 1e9)) throughput += 1;
        network.locks.forEach((_, station) => {
          const atStation = estimate(runs.map((run) => run.locks[station]!.meanWaiting + run.locks[station]!.utilisation));
          if (contains(atStation, exact.queue[station]!)) queue[station] = queue[station]! + 1;
        });
      }
      process.stdout.write(`${network.name}: throughput ${String(throughput)}, stations ${queue.join(', ')} of 100\n`);
      expect(throughput).toBeGreaterThanOrEqual(90);
      for (const count of queue) expect(count).toBeGreaterThanOrEqual(90);
    });
  }

  it('lies within 0.3 % of the exact throughput in one long run', () => {
    for (const { clients, think, visits, locks } of networks) {
      const exact = meanValueAnalysis(clients, think, visits.map(({ ns }) => ns)).throughput * 1e9;
      const long = { ...length, warmUpOperations: 20_000, operations: 1_000_000 };
      const { throughputPerS } = replicate(exponentialModel(clients, think, visits, locks, 7), long);
      expect(Math.abs(throughputPerS / exact - 1)).toBeLessThan(0.003);
    }
  });
});
