import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimulationRequest } from '../../server/src/protocol/simulation';
import { Refused } from '../../server/src/simulation/simulationInput';
import { startSimulation } from '../../server/src/simulation/simulationThread';
import { simulate } from '../../server/src/simulation/sweep';

const folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-simulation-'));
const script = path.join(folder, 'simulationWorker.cjs');
const request: SimulationRequest = {
  scenario: 'tc-gact', kernel: '6.12', machine: 'server-64', cpus: [2, 8, 24], strategies: ['baseline', 'no-percpu'], seed: 3, replications: 2, band: false,
};

beforeAll(async () => {
  const entry = path.resolve(import.meta.dirname, '../../server/src/worker/simulationWorker.ts');
  await build({ entryPoints: [entry], outfile: script, bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error' });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a simulation in a thread', () => {
  it('answers as one in this thread, point by point', async () => {
    const seen: number[] = [];
    const { answer } = startSimulation(script, { kind: 'sweep', input: { request } }, (_, done) => seen.push(done));
    expect(await answer).toEqual({ of: 'sweep', result: await simulate({ request }, () => undefined) });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('is gone when it is stopped: no point comes any more', async () => {
    let points = 0;
    let atStop = -1;
    const stopped = new Promise<void>((resolve, reject) => {
      const running = startSimulation(script, { kind: 'sweep', input: { request: { ...request, replications: 50 } } }, () => {
        points += 1;
        if (points > 1) return;
        running.stop().then(() => {
          atStop = points;
          resolve();
        }, reject);
      });
    });
    await stopped;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(points).toBe(atStop);
    expect(points).toBeLessThan(6);
  });

  it('refuses a bad request with its reason', async () => {
    const { answer } = startSimulation(script, { kind: 'sweep', input: { request: { ...request, cpus: [100_000] } } });
    await expect(answer).rejects.toThrow(/100000 CPUs/);
    await expect(answer).rejects.toBeInstanceOf(Refused);
  });

  it('does the other tasks', async () => {
    const { answer } = startSimulation(script, { kind: 'timeline', input: { request }, cpus: 8, strategy: 'baseline', spanNs: 1e6 });
    const result = await answer;
    expect(result.of === 'timeline' && result.timeline.lanes.length).toBe(8);
  });
});
