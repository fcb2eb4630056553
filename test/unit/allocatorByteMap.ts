import { expect } from 'vitest';
import { allChunks } from '../../server/src/allocator/allocator';
import { areasOf } from '../../server/src/allocator/chunkMap';
import { allocate, newScenarioRun, release, requestOf, type ScenarioRun } from '../../server/src/allocator/scenarioRun';
import { bootedAllocator, inspect } from './allocatorFixtures';

/** The naive truth: which area owns each granule of each chunk. */
function newByteMap() {
  const owners = new Map<string, Int32Array>();
  const ownersOf = (base: string, bits: number): Int32Array => {
    const known = owners.get(base) ?? new Int32Array(bits);
    owners.set(base, known);
    return known;
  };
  return {
    take: (base: string, bits: number, at: number, length: number, name: number): boolean => {
      const granules = ownersOf(base, bits);
      for (let granule = at; granule < at + length; granule += 1) if (granules[granule] !== 0) return false;
      granules.fill(name, at, at + length);
      return at + length <= bits;
    },
    give: (base: string, at: number, length: number, name: number): boolean => {
      const granules = owners.get(base);
      for (let granule = at; granule < at + length; granule += 1) if (granules?.[granule] !== name) return false;
      granules?.fill(0, at, at + length);
      return true;
    },
    used: (base: string): number => (owners.get(base) ?? new Int32Array()).reduce((sum, owner) => (owner === 0 ? sum : sum + 4), 0),
  };
}

interface Live {
  readonly name: number;
  readonly bits: number;
  readonly base: string;
  readonly at: number;
}

/** A small deterministic generator: the tests must be the same every time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export const sizes = [4, 8, 8, 16, 16, 16, 24, 32, 40, 64, 100, 128, 152, 304, 496, 1024, 1056, 3000, 4096, 9000];

function step(run: ScenarioRun, live: Live[], byteMap: ReturnType<typeof newByteMap>, draw: () => number, name: number): string | null {
  const shrink = Math.trunc(name / 20_000) % 2 === 1;
  if (live.length > 0 && draw() < (shrink ? 0.62 : 0.42)) {
    const picked = Math.trunc(draw() * live.length);
    const area = live[picked]!;
    live[picked] = live.at(-1)!;
    live.pop();
    release(run, area.name);
    return byteMap.give(area.base, area.at, area.bits, area.name) ? null : `area ${area.name} was not its own`;
  }
  const size = sizes[Math.trunc(draw() * sizes.length)] ?? 8;
  const align = 2 ** Math.trunc(draw() * (draw() < 0.05 ? 13 : 7));
  const atomic = draw() < 0.05;
  const request = requestOf(size, align, atomic, draw() < 0.01);
  if (!allocate(run, name, request)) return atomic || request.reserved ? null : `a request that may sleep failed: ${size} bytes`;
  const { chunk, at } = run.areas.get(name)!;
  live.push({ name, bits: request.bits, base: chunk.base, at });
  if ((at * 4) % align !== 0) return `area ${name} at ${at * 4} is not aligned to ${align}`;
  return byteMap.take(chunk.base, chunk.bits, at, request.bits, name) ? null : `area ${name} overlaps another`;
}

/** Random allocations and frees, growing and shrinking in turn, each checked against the byte map. */
export function runAgainstByteMap(operations: number): ScenarioRun {
  const run = newScenarioRun(bootedAllocator(8));
  const byteMap = newByteMap();
  const live: Live[] = [];
  const draw = random(7);
  let blocks = 0;
  let lowBlocks = 0;
  for (let name = 1; name <= operations; name += 1) {
    const wrong = step(run, live, byteMap, draw, name);
    if (wrong !== null) expect.fail(`operation ${name}: ${wrong}`);
    if (name % 10_000 !== 0) continue;
    const found = inspect(run.allocator);
    expect(found.violation, `after ${name} operations`).toBeNull();
    blocks += found.blocks;
    lowBlocks += found.lowBlocks;
  }
  expect(lowBlocks / blocks).toBeLessThan(0.001);
  for (const chunk of allChunks(run.allocator)) {
    expect(areasOf(chunk).reduce((sum, { size }) => sum + size, 0), chunk.base).toBe(byteMap.used(chunk.base));
  }
  return run;
}
