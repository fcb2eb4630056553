import { describe, expect, it } from 'vitest';
import { addChunk, freeArea, makeChunk, notePopulated, tryPlace, type Allocator, type Placement } from '../../server/src/allocator/allocator';
import { resumeBalance, startBalance } from '../../server/src/allocator/balance';
import { restoreCheckpoint, takeCheckpoint } from '../../server/src/allocator/checkpoint';
import { areasOf, chunkMap, fragmentation } from '../../server/src/allocator/chunkMap';
import { runCgroupCase, publishedCgroup, publishedCgroupCase } from '../../server/src/allocator/cgroupCase';
import { CONTIG } from '../../server/src/allocator/hints';
import { allocate, newScenarioRun, percpuKilobytes, release, requestOf, type StreamStep } from '../../server/src/allocator/scenarioRun';
import { chunksIn } from '../../server/src/allocator/slots';
import { whatIf } from '../../server/src/allocator/whatIf';
import { bootedAllocator, request, violation } from './allocatorFixtures';

function place(allocator: Allocator, size: number, align = 4): Placement {
  const placement = { chunk: allocator.first, at: 0 };
  expect(tryPlace(allocator, requestOf(size, align), placement)).toBe(true);
  return { ...placement };
}

describe('placement', () => {
  it('begins at the first free place and fills holes that fit', () => {
    const allocator = bootedAllocator();
    const [a, b, c] = [place(allocator, 16), place(allocator, 32), place(allocator, 16)];
    expect([a.at, b.at, c.at]).toEqual([0, 4, 12]);
    freeArea(allocator, b.chunk, b.at);
    expect(place(allocator, 24).at).toBe(4);
    expect(place(allocator, 8).at).toBe(10);
    expect(place(allocator, 8).at).toBe(16);
  });

  it('serves requests of modules from the reserved chunk alone, and fails when that is full', () => {
    const allocator = bootedAllocator();
    const placement = { chunk: allocator.first, at: 0 };
    expect(tryPlace(allocator, requestOf(8192, 64, false, true), placement)).toBe(true);
    expect(placement.chunk).toBe(allocator.reserved);
    expect(tryPlace(allocator, requestOf(4, 4, false, true), placement)).toBe(false);
  });

  it('gives requests that must not sleep populated pages only', () => {
    const allocator = bootedAllocator();
    while (tryPlace(allocator, requestOf(4096, 4), { chunk: allocator.first, at: 0 }));
    const chunk = makeChunk(allocator, 'aa');
    addChunk(allocator, chunk);
    const placement = { chunk, at: 0 };
    expect(tryPlace(allocator, requestOf(64, 4, true), placement)).toBe(false);
    notePopulated(allocator, chunk, 5, 6);
    expect(tryPlace(allocator, requestOf(64, 4, true), placement)).toBe(true);
    expect(placement.at).toBe(5 * 1024);
  });

  /** The kernel takes a block's end for a chunk's: a free in a later block does not raise the chunk's own hint. */
  it('leaves the hint of a chunk low after a free within a block other than the first', () => {
    const allocator = bootedAllocator();
    while (tryPlace(allocator, requestOf(512, 4), { chunk: allocator.first, at: 0 }));
    const own = (): number => allocator.first.hints[allocator.first.ownRow + CONTIG]! * 4;
    expect(own()).toBe(0);
    freeArea(allocator, allocator.first, 3 * 1024 + 128);
    expect(own()).toBe(0);
    expect(chunkMap(allocator)[0]).toMatchObject({ largestHole: 512, hintedHole: 0 });
    freeArea(allocator, allocator.first, 128);
    expect(own()).toBe(512);
  });

  it('prefers, of chunks with like room, one that gained room over one that lost some', () => {
    const allocator = bootedAllocator();
    while (tryPlace(allocator, requestOf(4096, 4), { chunk: allocator.first, at: 0 }));
    const chunks = ['aa', 'bb', 'cc'].map((base) => {
      const chunk = makeChunk(allocator, base);
      addChunk(allocator, chunk);
      return chunk;
    });
    // Each loses a little room: from the slot of free chunks to the back of the next.
    const areas = chunks.map(() => place(allocator, 4096 * 70));
    const order = (): string[] => chunksIn(allocator.slots, areas[0]!.chunk.slot).map((chunk) => chunk.base);
    expect(areas.map(({ chunk }) => chunk.base)).toEqual(['cc', 'bb', 'aa']);
    expect(order()).toEqual(['cc', 'bb', 'aa']);
    const smaller = place(allocator, 4096 * 40);
    expect(smaller.chunk.base).toBe('cc');
    expect(chunksIn(allocator.slots, areas[1]!.chunk.slot).map((chunk) => chunk.base)).toEqual(['bb', 'aa']);
    freeArea(allocator, smaller.chunk, smaller.at);
    expect(chunksIn(allocator.slots, areas[1]!.chunk.slot).map((chunk) => chunk.base)).toEqual(['cc', 'bb', 'aa']);
  });

  it('puts a nearly full chunk that could not serve a request out of the way', () => {
    const allocator = bootedAllocator();
    place(allocator, 28_672 - 16);
    expect(allocator.first.slot).toBe(2);
    expect(tryPlace(allocator, requestOf(16, 64), { chunk: allocator.first, at: 0 })).toBe(false);
    expect(allocator.first.slot).toBe(0);
  });
});

describe('balance work', () => {
  it('keeps two to four empty pages populated while allocations grow', () => {
    const run = newScenarioRun(bootedAllocator());
    for (let name = 0; name < 3000; name += 1) {
      allocate(run, name, requestOf(100, 4));
      expect(run.allocator.emptyPopulatedPages).toBeGreaterThanOrEqual(2);
    }
    expect(run.allocator.emptyPopulatedPages).toBeLessThanOrEqual(4);
    expect(violation(run.allocator)).toBeNull();
  });

  it('keeps one free chunk and destroys the others', () => {
    const run = newScenarioRun(bootedAllocator());
    for (let name = 0; name < 2000; name += 1) allocate(run, name, requestOf(1024, 4));
    expect(run.chunksMade).toBeGreaterThanOrEqual(4);
    for (let name = 0; name < 2000; name += 1) release(run, name);
    const { slots } = run.allocator;
    expect(chunksIn(slots, slots.free)).toHaveLength(1);
    expect(run.chunksMade - run.chunksDestroyed).toBe(1);
    expect(violation(run.allocator)).toBeNull();
  });

  it('gives empty pages of a chunk in use back and sidelines it, until nothing else has room', () => {
    const run = newScenarioRun(bootedAllocator());
    for (let name = 0; name < 1500; name += 1) allocate(run, name, requestOf(1024, 4));
    const before = run.allocator.populatedPages;
    for (let name = 0; name < 1500; name += 1) if (name % 100 !== 0) release(run, name);
    const { slots } = run.allocator;
    expect(chunksIn(slots, slots.sidelined).length).toBeGreaterThan(0);
    expect(run.allocator.populatedPages).toBeLessThan(before / 2);
    expect(run.areas.size).toBe(15);
    for (let name = 2000; name < 3500; name += 1) allocate(run, name, requestOf(1024, 4));
    expect(chunksIn(slots, slots.sidelined)).toEqual([]);
    expect(violation(run.allocator)).toBeNull();
  });

  it('depopulates a chunk from a quarter of empty pages on, when others have enough', () => {
    const run = newScenarioRun(bootedAllocator());
    const { allocator } = run;
    while (tryPlace(allocator, requestOf(4096, 4), { chunk: allocator.first, at: 0 }));
    const [busy, other] = ['aa', 'bb'].map((base) => makeChunk(allocator, base));
    for (const chunk of [other!, busy!]) {
      notePopulated(allocator, chunk, 0, 128);
      addChunk(allocator, chunk);
    }
    // Areas of a page, all in one chunk; its empty pages are those that are freed.
    for (let page = 0; page < 128; page += 1) expect(place(allocator, 4096).chunk).toBe(busy);
    for (let page = 1; page < 32; page += 1) {
      freeArea(allocator, busy!, page * 1024);
      expect(busy!.isolated, `${page} empty pages`).toBe(false);
    }
    freeArea(allocator, busy!, 32 * 1024);
    expect(busy).toMatchObject({ isolated: true, slot: allocator.slots.toDepopulate });
  });

  it('populates four pages after a request that must not sleep failed', () => {
    const run = newScenarioRun(bootedAllocator());
    for (let name = 0; name < 60; name += 1) allocate(run, name, requestOf(1024, 4));
    const before = run.allocator.populatedPages;
    expect(allocate(run, 100, requestOf(30_000, 4, true))).toBe(false);
    expect(run.allocator.populatedPages).toBe(before + 4);
    expect(run.allocator.atomicFailed).toBe(false);
  });

  it('goes on without a chunk or pages that can not be had', () => {
    const allocator = bootedAllocator();
    allocator.asyncEnabled = true;
    while (tryPlace(allocator, requestOf(1024, 4), { chunk: allocator.first, at: 0 }));
    const work = startBalance(allocator);
    expect(work.unlocked).toEqual({ kind: 'create' });
    expect(resumeBalance(allocator, work)).toEqual({ kind: 'done' });
    addChunk(allocator, makeChunk(allocator, 'aa'));
    const second = startBalance(allocator);
    expect(second.unlocked).toMatchObject({ kind: 'populate', start: 0, end: 4 });
    expect(resumeBalance(allocator, second, { failed: true })).toEqual({ kind: 'done' });
    expect(allocator.emptyPopulatedPages).toBe(0);
  });
});

describe('a checkpoint', () => {
  it('brings everything back', () => {
    const run = newScenarioRun(bootedAllocator());
    for (let name = 0; name < 800; name += 1) allocate(run, name, requestOf(4 + (name % 97) * 4, 4));
    const first = takeCheckpoint(run.allocator, null, null);
    const before = JSON.stringify(chunkMap(run.allocator));
    for (let name = 0; name < 700; name += 3) release(run, name);
    const second = takeCheckpoint(run.allocator, null, first);
    const between = JSON.stringify(chunkMap(run.allocator));
    for (let name = 1000; name < 1900; name += 1) allocate(run, name, requestOf(64, 64));
    restoreCheckpoint(run.allocator, second);
    expect(JSON.stringify(chunkMap(run.allocator))).toBe(between);
    restoreCheckpoint(run.allocator, first);
    expect(JSON.stringify(chunkMap(run.allocator))).toBe(before);
    expect(violation(run.allocator)).toBeNull();
  });
});

describe('views', () => {
  it('add up', () => {
    const run = newScenarioRun(bootedAllocator(5, { staticSize: 211_333, reservedSize: 4100 }));
    for (let name = 0; name < 900; name += 1) allocate(run, name, requestOf(4 + (name % 61) * 8, 8));
    for (let name = 0; name < 900; name += 2) release(run, name);
    const views = chunkMap(run.allocator);
    expect(views.reduce((sum, view) => sum + view.areas, 0)).toBe(run.areas.size);
    for (const view of views) {
      const edges = view.pages.reduce((sum, page) => sum + page.usedBytes, 0) - view.usedBytes;
      expect(edges).toBeGreaterThanOrEqual(0);
      expect(edges).toBeLessThan(2 * 4096);
      expect(view.usedBytes + view.freeBytes + edges).toBe(view.pages.length * 4096);
      expect(view.largestHole).toBeGreaterThanOrEqual(view.hintedHole);
      expect(view.pages.filter((page) => page.populated)).toHaveLength(view.populatedPages);
    }
    const dynamic = views.filter((view) => view.role === 'dynamic');
    const memory = dynamic.reduce((sum, view) => sum + view.memoryBytes, 0);
    // Static, reserved and dynamic part of the first chunk are whole pages, whatever shares one.
    const whole = Math.ceil((211_333 + 4100 + 28_672) / 4096);
    expect(percpuKilobytes(run.allocator)).toBe(memory / 1024 + whole * 6 * 4);
  });

  it('measure fragmentation as debugfs does: holes before the last area', () => {
    const allocator = bootedAllocator();
    const areas = [16, 64, 16, 256, 16].map((size) => place(allocator, size));
    freeArea(allocator, allocator.first, areas[1]!.at);
    freeArea(allocator, allocator.first, areas[3]!.at);
    expect(areasOf(allocator.first).map(({ offset }) => offset)).toEqual([0, 80, 352]);
    expect(fragmentation(allocator.first)).toMatchObject({
      sumOfHoles: 320, largestOfHoles: 256, smallestArea: 16, medianArea: 16, largestArea: 16,
    });
  });
});

describe('what if', () => {
  const alloc = (name: number, size: number): StreamStep => ({ kind: 'alloc', name, size, align: 8, atomic: false, reserved: false });
  const start = Array.from({ length: 400 }, (_, name) => alloc(name, 8 + (name % 50) * 40));
  const steps: StreamStep[] = start.flatMap((_, name) => (name % 3 === 0 ? [] : [{ kind: 'free', name } as const]));

  it('the machine had more CPUs: the same areas, more memory', () => {
    const [small, large] = [8, 64].map((cpus) => whatIf({ geometry: request(cpus), depopulation: true, start, steps }));
    expect(large!.liveAreas).toBe(small!.liveAreas);
    expect(large!.percpuKilobytes).toBe(small!.percpuKilobytes * 8);
  });

  it('areas came in another order, or fewer and larger ones', () => {
    const geometry = request(8);
    const sorted = whatIf({ geometry, depopulation: true, start, steps, order: 'largest first' });
    expect(sorted.liveAreas).toBe(134);
    const without = whatIf({ geometry, depopulation: true, start, steps, rewrite: (step) => (step.kind === 'alloc' && step.size < 100 ? null : step) });
    expect(without.liveAreas).toBeLessThan(134);
    expect(without.percpuKilobytes).toBeLessThanOrEqual(sorted.percpuKilobytes);
  });
});

describe('the published cgroup case', () => {
  it('returned nothing before depopulation existed', () => {
    const result = runCgroupCase({ ...publishedCgroup, depopulation: false });
    expect(result.before).toBe(publishedCgroupCase.before);
    expect(Math.abs(result.created / publishedCgroupCase.created - 1)).toBeLessThan(0.01);
    expect(result.removed).toBe(result.created);
  });

  it('returns two thirds or more with depopulation', () => {
    const result = runCgroupCase(publishedCgroup);
    const [most, least] = publishedCgroupCase.removedWithDepopulation;
    expect(result.removed).toBeLessThan(result.created / 3);
    expect(result.removed).toBeGreaterThan(least * 0.9);
    expect(result.removed).toBeLessThan(most * 1.1);
  });
});
