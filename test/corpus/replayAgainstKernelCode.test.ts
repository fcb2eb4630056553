import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, newScenarioRun, release, requestOf, type ScenarioRun } from '../../server/src/allocator/scenarioRun';
import type { Allocator } from '../../server/src/allocator/allocator';
import { testBit } from '../../server/src/allocator/bitmap';
import type { Chunk } from '../../server/src/allocator/chunk';
import {
  addBatch, compareCounter, cpuDying, cpuOnline, initCounters, limitedAdd, sumCounter, syncCounter, type PercpuCounter,
} from '../../server/src/allocator/counter';
import { geometryOf, type GeometryRequest } from '../../server/src/allocator/geometry';
import { kernelTraits } from '../../server/src/allocator/kernelTraits';
import { ROW } from '../../server/src/allocator/hints';
import { chunksIn } from '../../server/src/allocator/slots';
import { bootedAllocator } from '../unit/allocatorFixtures';
import { kernelProgram, type Program } from './kernelCode';

const versions = ['6.12', '6.1'] as const;
type Version = (typeof versions)[number];

const core = [
  '__pcpu_size_to_slot', 'pcpu_size_to_slot', 'pcpu_chunk_slot', 'pcpu_index_alloc_map', 'pcpu_off_to_block_index',
  'pcpu_off_to_block_off', 'pcpu_block_off_to_off', 'pcpu_check_block_hint', 'pcpu_next_hint', 'pcpu_next_md_free_region',
  'pcpu_next_fit_region', '#define pcpu_for_each_md_free_region', '#define pcpu_for_each_fit_region', '__pcpu_chunk_move',
  'pcpu_chunk_move', 'pcpu_chunk_relocate', 'pcpu_isolate_chunk', 'pcpu_reintegrate_chunk', 'pcpu_update_empty_pages',
  'pcpu_region_overlap', 'pcpu_block_update', 'pcpu_block_update_scan', 'pcpu_chunk_refresh_hint', 'pcpu_block_refresh_hint',
  'pcpu_block_update_hint_alloc', 'pcpu_block_update_hint_free', 'pcpu_is_populated', 'pcpu_find_block_fit', 'pcpu_find_zero_area',
  'pcpu_alloc_area', 'pcpu_free_area', 'pcpu_init_md_block', 'pcpu_init_md_blocks', 'pcpu_alloc_first_chunk', 'pcpu_alloc_chunk',
  'pcpu_free_chunk', 'pcpu_chunk_populated', 'pcpu_chunk_depopulated',
];
const work = ['pcpu_balance_free', 'pcpu_balance_populated', 'pcpu_reclaim_populated', 'pcpu_balance_workfn'];

function allocatorProgram(version: Version): Program | null {
  return kernelProgram(version, {
    types: [['mm/percpu-internal.h', ['struct pcpu_block_md', 'struct pcpu_chunk']]],
    before: 'allocatorBefore.c',
    pieces: [
      ['mm/percpu.c', [...core, version === '6.12' ? 'pcpu_alloc_noprof' : 'pcpu_alloc', ...work]],
      ['mm/percpu-vm.c', ['pcpu_should_reclaim_chunk']],
      ['mm/percpu.c', ['free_percpu']],
    ],
    after: 'allocatorAfter.c',
    defines: version === '6.12' ? [] : ['OLD_ALLOC'],
  });
}

/** The same digest as the program's. */
function digestOf(allocator: Allocator): number {
  let digest = 2_166_136_261;
  const mix = (value: number): void => {
    digest = Math.imul(digest ^ value, 16_777_619);
  };
  const mixChunk = (chunk: Chunk): void => {
    mix(chunk.freeBytes);
    chunk.hints.subarray(chunk.ownRow, chunk.ownRow + ROW).forEach(mix);
    chunk.hints.subarray(0, chunk.pages * ROW).forEach(mix);
    chunk.allocated.forEach(mix);
    chunk.boundaries.subarray(0, chunk.pages * 32).forEach(mix);
    for (let page = 0; page < chunk.pages; page += 1) mix(testBit(chunk.populated, page) ? 1 : 0);
    mix(chunk.populatedPages);
    mix(chunk.emptyPopulatedPages);
    mix(chunk.isolated ? 1 : 0);
  };
  allocator.slots.heads.forEach((_, slot) => {
    mix(slot);
    chunksIn(allocator.slots, slot).forEach(mixChunk);
  });
  if (allocator.reserved !== null) mixChunk(allocator.reserved);
  mix(allocator.emptyPopulatedPages);
  mix(allocator.populatedPages);
  return digest >>> 0;
}

const sizes = [4, 8, 8, 16, 16, 16, 24, 32, 40, 64, 100, 128, 152, 304, 496, 1024, 1056, 3000, 4096, 9000, 20_000];

/** Random operations, growing and shrinking in turn: as the program reads them, and what the model makes of them. */
function randomOperations(run: ScenarioRun, count: number, seed: number, every: number): { input: string; output: string[] } {
  let state = seed;
  const draw = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const live: number[] = [];
  const input: string[] = [];
  const output: string[] = [];
  for (let name = 1; name <= count; name += 1) {
    const shrink = Math.trunc(name / 15_000) % 2 === 1;
    if (live.length > 0 && draw() < (shrink ? 0.65 : 0.42)) {
      const picked = Math.trunc(draw() * live.length);
      const [freed = 0] = live.splice(picked, 1);
      input.push(`f ${freed}`);
      release(run, freed);
      output.push('freed');
    } else {
      const size = sizes[Math.trunc(draw() * sizes.length)] ?? 8;
      const align = 2 ** Math.trunc(draw() * (draw() < 0.05 ? 13 : 7));
      const [atomic, reserved] = [draw() < 0.05, draw() < 0.02];
      input.push(`a ${name} ${size} ${align} ${Number(atomic)} ${Number(reserved)}`);
      const placed = allocate(run, name, requestOf(size, align, atomic, reserved));
      if (placed) live.push(name);
      output.push(String(placed ? (run.areas.get(name)?.at ?? 0) * 4 : -1));
    }
    if (name % every === 0) output.push(`digest ${digestOf(run.allocator)}`);
  }
  return { input: `${input.join('\n')}\n`, output };
}

describe.each(versions)("the model against the code of %s: areas, hints, slots and balance work", (version) => {
  const program = allocatorProgram(version);
  const machines = [
    [8, 233_472, 8192], [1, 211_333, 4100], [2, 211_333, 0], [64, 300_001, 8192], [5, 233_472, 65_536],
  ] as const;

  it.skipIf(program === null).each(machines)('%i CPUs, static %i, reserved %i', (cpus, staticSize, reservedSize) => {
    const run = newScenarioRun(bootedAllocator(cpus, { staticSize, reservedSize }));
    const { first, slots } = run.allocator;
    const { input, output } = randomOperations(run, 100_000, cpus + staticSize, 2_000);
    const area = first.bits * 4 - first.startOffset - first.endOffset;
    const dynamicSize = area + ((4 - (staticSize % 4)) % 4);
    const kernel = program?.([slots.unitSize, staticSize, reservedSize, dynamicSize, 2_000].map(String), input) ?? [];
    const differs = output.findIndex((line, at) => line !== kernel[at]);
    expect(differs === -1 ? null : { line: differs, model: output[differs], kernel: kernel[differs] }).toBeNull();
    expect(run.chunksDestroyed).toBeGreaterThan(0);
  });
});

const machines: fc.Arbitrary<GeometryRequest> = fc
  .record({
    homes: fc.array(fc.nat(5), { minLength: 1, maxLength: 80 }),
    staticSize: fc.integer({ min: 1, max: 3_000_000 }),
    reservedWords: fc.nat(20_000),
    dynamicSize: fc.integer({ min: 1, max: 500_000 }),
    atom: fc.nat(10),
  })
  .map(({ homes, reservedWords, atom, ...rest }) => ({
    ...rest,
    firstChunk: 'embed' as const,
    pageSize: 4096,
    reservedSize: reservedWords * 4,
    atomSize: 4096 * 2 ** atom,
    nodes: [0, 1, 2, 3, 4, 5].map((node) => homes.flatMap((home, cpu) => (home === node ? [cpu] : []))),
  }));

describe.each(versions)('the geometry against the code of %s', (version) => {
  const program = kernelProgram(version, {
    before: 'geometryBefore.c', pieces: [['mm/percpu.c', ['pcpu_build_alloc_info']]], after: 'geometryAfter.c',
  });

  it.skipIf(program === null)('is equal for any sizes and any nodes', () => {
    const early = kernelTraits({ major: 6, minor: version === '6.12' ? 12 : 1 }).earlyDynamicBytes({});
    const samples = fc.sample(machines, { numRuns: 3000, seed: 11 });
    const input = samples.map(({ staticSize, reservedSize, dynamicSize, atomSize, nodes }) => {
      const cpus = nodes.flat().length;
      const homes = Array.from({ length: cpus }, (_, cpu) => nodes.findIndex((node) => node.includes(cpu)));
      return [staticSize, reservedSize, dynamicSize, atomSize, early, cpus, ...homes].join(' ');
    });
    const kernel = program?.([], `${input.join('\n')}\n`) ?? [];
    samples.forEach((sample, at) => {
      const geometry = geometryOf({ ...sample, dynamicSize: Math.max(sample.dynamicSize, early) });
      const groups = geometry.groups.map((group) => ` / ${group.map((cpu) => cpu ?? '-').join(' ')}`);
      expect(`${geometry.unitSize} ${geometry.allocationSize} ${geometry.dynamicSize}${groups.join('')}`).toBe(kernel[at]);
    });
  });
});

const cpu = fc.nat(7);
const amount = fc.integer({ min: -120, max: 120 });
const batch = fc.constantFrom(1, 7, 32, 64);
const counterSteps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant('a'), cpu, amount, batch) },
    { weight: 3, arbitrary: fc.tuple(fc.constant('l'), cpu, fc.integer({ min: -300, max: 600 }), amount, batch) },
    { weight: 2, arbitrary: fc.tuple(fc.constant('c'), fc.integer({ min: -900, max: 900 }), batch) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('s'), cpu) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom('d', 'u'), fc.integer({ min: 1, max: 7 })) },
  ),
  { minLength: 3000, maxLength: 3000 },
);

function applyToCounter(counter: PercpuCounter, [operation, a, b = 0, c = 0, d = 0]: readonly (string | number)[]): number {
  const [first, second, third, fourth] = [Number(a), Number(b), Number(c), Number(d)];
  switch (operation) {
    case 'a':
      addBatch(counter, first, second, third);
      return 0;
    case 'l':
      return Number(limitedAdd(counter, first, second, third, fourth));
    case 'c':
      return compareCounter(counter, first, second).order;
    case 's':
      syncCounter(counter, first);
      return 0;
    case 'd':
      cpuDying(counter, first);
      return 0;
    default:
      cpuOnline(counter, first);
      return 0;
  }
}

describe.each(versions)('percpu_counter against the code of %s', (version) => {
  const traits = kernelTraits({ major: 6, minor: version === '6.12' ? 12 : 1 });
  const names = ['percpu_counter_add_batch', 'percpu_counter_sync', '__percpu_counter_sum', '__percpu_counter_compare'];
  const program = kernelProgram(version, {
    before: 'counterBefore.c',
    pieces: [['lib/percpu_counter.c', traits.counterLimitedAdd ? [...names, '__percpu_counter_limited_add'] : names]],
    after: 'counterAfter.c',
    defines: [traits.counterLimitedAdd ? 'LIMITED_ADD=__percpu_counter_limited_add' : 'LIMITED_ADD(...)=0'],
  });

  it.skipIf(program === null)('counts, sums and compares alike after every step', () => {
    for (const steps of fc.sample(counterSteps, { numRuns: 5, seed: 3 })) {
      const known = steps.filter(([operation]) => operation !== 'l' || traits.counterLimitedAdd);
      const [counter] = initCounters([0], 8, traits);
      if (counter === undefined) throw new Error('one counter was asked for');
      const model = known.map((step) => `${applyToCounter(counter, step)} ${counter.count} ${sumCounter(counter)}`);
      expect(model).toEqual(program?.([], `${known.map((step) => step.join(' ')).join('\n')}\n`));
    }
  });
});
