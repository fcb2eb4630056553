import { describe, expect, it } from 'vitest';
import { contentionOf } from '../../server/src/estimate/contention';
import { mmLifeCycle } from '../../server/src/lifecycle/mm';
import { machineByName } from '../../server/src/machine/builtIn';
import { withCpus } from '../../server/src/machine/rescale';
import { kernelVersion } from '../../server/src/kernel/version';
import { simulate } from '../../server/src/simulation/sweep';

async function simulated(cpus: number, think: number): Promise<number> {
  const site = { object: 'mm', rate_per_s: think === 0 ? null : (cpus / think) * 1e9, lifetime_ns: null, concurrency: null };
  const request = { scenario: 'site', kernel: '6.12', machine: 'server-192', cpus: [cpus], strategies: ['baseline'], seed: 1, band: false, replications: 3, site };
  const { points: [point] } = await simulate({ request }, () => undefined);
  return point?.throughput_per_s ?? Number.NaN;
}

function estimated(cpus: number, think: number): number {
  const machine = withCpus(machineByName('server-192')!, cpus, cpus);
  const load = { creators: cpus, ...(think === 0 ? {} : { think: { low: think, mid: think, high: think } }) };
  return contentionOf(mmLifeCycle(kernelVersion(6, 12)), machine, load).throughputPerSecond.value?.mid ?? Number.NaN;
}

describe('estimate and simulation of the same steps, nested locks and all, within five per cent', () => {
  it.each([[1, 0], [1, 100_000], [16, 0], [16, 20_000], [64, 0], [64, 100_000], [192, 0], [192, 20_000], [192, 100_000]])(
    'agree on the throughput of %i CPUs with %i ns of other work',
    async (cpus, think) => {
      expect(Math.abs(estimated(cpus, think) / (await simulated(cpus, think)) - 1)).toBeLessThan(0.05);
    },
  );
});
