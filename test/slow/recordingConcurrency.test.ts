import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayTrace } from '../../server/src/recording/replay';
import type { ReplayResult } from '../../server/src/recording/replayResult';
import { bootedAllocator } from '../unit/allocatorFixtures';
import { runVirtualKernel, type VirtualLoad, type VirtualTrace } from '../unit/virtualKernel';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'percpu-concurrency-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const small = [4, 8, 16, 16, 24, 64, 128, 304, 496, 1024, 1056];
const large = [8, 16, 64, 128, 304, 496, 1024, 1056, 2000, 4000];

function record(load: VirtualLoad): VirtualTrace {
  const allocator = bootedAllocator(8);
  allocator.asyncEnabled = true;
  return runVirtualKernel(allocator, load);
}

async function replay(trace: VirtualTrace, lines: readonly string[]): Promise<ReplayResult> {
  const write = (name: string, content: string): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const answer = await replayTrace({
    trace: write('trace.txt', `${lines.join('\n')}\n`),
    state: write('before.json', JSON.stringify(trace.before)),
    expect: write('after.json', JSON.stringify(trace.after)),
  });
  if (!answer.ok) throw new Error(answer.error);
  return answer.result;
}

describe('many CPUs at once', () => {
  it.each([
    { cpus: 2, operations: 6000, seed: 1, phases: [0.3, 0.7], sizes: small, calm: 0.9 },
    { cpus: 8, operations: 20_000, seed: 5, phases: [0.1, 0.1, 0.8, 0.9, 0.2, 0.15, 0.75, 1, 1], sizes: large, calm: 0.9 },
    { cpus: 64, operations: 20_000, seed: 3, phases: [0.1, 0.1, 0.8, 0.9, 0.2, 0.15, 0.75, 1, 1], sizes: large, calm: 0.5 },
  ])('$cpus CPUs with probes are replayed exactly, whatever runs between the steps of the balance work', async (load) => {
    const trace = record(load);
    const result = await replay(trace, trace.lines);
    expect(result).toMatchObject({ allocations: trace.allocations, exact: trace.allocations, mismatched: 0, undetermined: 0, unknown_frees: 0 });
    expect(result.final_state).toMatchObject({ equal: true });
    if (load.sizes === large) {
      expect(result.chunks_destroyed).toBeGreaterThan(0);
      expect(result.balance_work.steps).toBeGreaterThan(100);
    }
  });

  it('without probes the order is found again where the placement shows it, and said to be found', async () => {
    const trace = record({ cpus: 2, operations: 6000, seed: 3, phases: [0.2, 0.35, 0.75, 0.9, 0.3, 0.8], sizes: small, calm: 0.9 });
    const result = await replay(trace, trace.lines.filter((line) => line.includes(': percpu_')));
    expect(result).toMatchObject({ allocations: trace.allocations, mismatched: 0, unknown_frees: 0, order: 'tracepoints' });
    expect(result.exact + result.undetermined).toBe(trace.allocations);
    expect(result.exact / trace.allocations).toBeGreaterThan(0.95);
    expect(result.undetermined).toBeGreaterThan(20);
  });

  it('without probes every allocation is accounted for, however wild the order', async () => {
    const trace = record({ cpus: 16, operations: 500, seed: 2, phases: [0.2, 0.6], sizes: small, calm: 0.5 });
    const result = await replay(trace, trace.lines.filter((line) => line.includes(': percpu_')));
    expect(result.exact + result.undetermined + result.mismatched).toBeGreaterThanOrEqual(trace.allocations);
    expect(result.final_state.equal === true || result.final_state.reason !== null).toBe(true);
  });
});
