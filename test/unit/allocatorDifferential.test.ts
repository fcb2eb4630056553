import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, newScenarioRun, release, requestOf } from '../../server/src/allocator/scenarioRun';
import { runAgainstByteMap, sizes } from './allocatorByteMap';
import { bootedAllocator, violation } from './allocatorFixtures';

describe('the allocator against a byte map', () => {
  it('agrees over random operations', () => {
    const run = runAgainstByteMap(120_000);
    expect(run.chunksMade).toBeGreaterThan(3);
    expect(run.chunksDestroyed).toBeGreaterThan(0);
  });

  it('keeps its books after every operation, whatever the page size and the unit', () => {
    const operations = fc.array(fc.tuple(fc.nat(1), fc.nat(19), fc.nat(12), fc.nat(1_000_000)), { minLength: 1, maxLength: 120 });
    const machines = fc.constantFrom(
      bootedAllocator.bind(null, 1), bootedAllocator.bind(null, 5), bootedAllocator.bind(null, 64),
      () => bootedAllocator(4, { firstChunk: 'page', dynamicSize: 20_480, atomSize: 4096 }),
      () => bootedAllocator(4, { staticSize: 211_333, reservedSize: 4100 }),
      () => bootedAllocator(8, { pageSize: 65_536, atomSize: 65_536 }),
    );
    fc.assert(fc.property(machines, operations, (machine, steps) => {
      const run = newScenarioRun(machine());
      const names: number[] = [];
      steps.forEach(([free, size, align, pick], name) => {
        if (free === 1 && names.length > 0) release(run, names.splice(pick % names.length, 1)[0]!);
        else if (allocate(run, name, requestOf(sizes[size] ?? 8, 2 ** align, pick % 11 === 0, pick % 13 === 0))) names.push(name);
        expect(violation(run.allocator)).toBeNull();
      });
    }), { numRuns: 60 });
  });
});
