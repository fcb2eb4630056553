import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { withFragmentation } from '../../server/src/allocator/whatIf';
import { areasIn, frameOf, makeChunkMap, type ChunkMap } from '../../server/src/features/chunkMap';
import type { ChunkMapSource, WireArea, WireChunk } from '../../server/src/protocol/chunkMap';
import { replayTrace } from '../../server/src/recording/replay';

const recordings = path.resolve(import.meta.dirname, '../data/recordings');
const fork = { trace: path.join(recordings, 'fork-trace.txt.gz'), state: path.join(recordings, 'fork-before.json.gz') };

async function made(source: ChunkMapSource): Promise<ChunkMap> {
  const answer = await makeChunkMap(source, () => undefined);
  if (!answer.ok) throw new Error(answer.error);
  return answer.map;
}

function chunks(map: ChunkMap, frame: number): readonly WireChunk[] {
  const reply = frameOf(map, frame);
  if (reply.state === 'refused') throw new Error(reply.reason);
  return reply.chunks;
}

function areas(map: ChunkMap, frame: number, chunk: string): readonly WireArea[] {
  const reply = areasIn(map, frame, chunk);
  if (reply.state === 'refused') throw new Error(reply.reason);
  return reply.areas;
}

describe('the map of a recording', () => {
  it('ends in the state that the replay ends in', async () => {
    const map = await made({ kind: 'recording', files: fork });
    const replayed = await replayTrace(fork);
    if (!replayed.ok) throw new Error(replayed.error);
    const last = chunks(map, map.head.frames.length - 1);
    const expected = withFragmentation(replayed.allocator);
    expect(last.map(({ base, used_bytes, largest_hole, populated }) => [base, used_bytes, largest_hole, populated]))
      .toEqual(expected.map((view) => [view.base, view.usedBytes, view.largestHole, view.pages.map((page) => (page.populated ? '1' : '0')).join('')]));
    expect(map.head.frames.at(-1)?.percpu_kb).toBe(replayed.result.meminfo_percpu_kb);
    expect(map.head.summary[0]).toContain(`Percpu: ${replayed.result.meminfo_percpu_kb.toLocaleString('en-US')} kB`);
  });

  it('covers every used byte with areas in every frame, and names those that the trace allocated', async () => {
    const map = await made({ kind: 'recording', files: fork });
    const owners = new Set<string | null>();
    for (const [index] of map.head.frames.entries()) {
      for (const chunk of chunks(map, index)) {
        const inside = areas(map, index, chunk.base);
        expect(inside.reduce((sum, { size }) => sum + size, 0)).toBe(chunk.used_bytes);
        expect(inside).toHaveLength(chunk.areas);
        for (const { owner } of inside) owners.add(owner);
      }
    }
    expect(owners).toContain('mm_init');
    expect(owners).toContain('__percpu_counter_init_many');
    expect(map.head.frames.map(({ events }) => events)).toEqual([...map.head.frames.map(({ events }) => events)].sort((a, b) => a - b));
    expect(map.head.frames.length).toBeLessThanOrEqual(97);
  });

  it('says what is wrong with a file', async () => {
    const nothing = await makeChunkMap({ kind: 'recording', files: { ...fork, state: fork.trace } }, () => undefined);
    expect(nothing).toEqual({ ok: false, error: expect.stringContaining('fork-trace.txt.gz') as string });
    const swapped = await makeChunkMap({ kind: 'recording', files: { trace: fork.state, state: fork.state } }, () => undefined);
    expect(swapped.ok).toBe(false);
    const absent = await makeChunkMap({ kind: 'what-if', files: { ...fork, trace: '/nowhere' }, cpus: 8, strategy: 'grouping', order: 'as recorded' }, () => undefined);
    expect(absent).toEqual({ ok: false, error: expect.stringContaining('/nowhere') as string });
  });
});

describe('what if', () => {
  const question = { kind: 'what-if', files: fork, cpus: 2, strategy: 'as recorded', order: 'as recorded' } as const;

  it('the machine had more CPUs: as many bytes of a unit, in more units', async () => {
    const [two, many] = [await made(question), await made({ ...question, cpus: 64 })];
    const used = (map: ChunkMap): number => chunks(map, map.head.frames.length - 1).reduce((sum, { used_bytes }) => sum + used_bytes, 0);
    expect(used(many)).toBe(used(two));
    expect(many.head.units).toBeGreaterThanOrEqual(64);
    expect(many.head.frames.at(-1)!.percpu_kb).toBeGreaterThan(10 * two.head.frames.at(-1)!.percpu_kb);
  });

  it('a strategy left areas out, or put two into one', async () => {
    const live = async (strategy: string): Promise<readonly WireArea[]> => {
      const map = await made({ ...question, strategy });
      const last = map.head.frames.length - 1;
      return chunks(map, last).flatMap(({ base }) => areas(map, last, base));
    };
    const by = (all: readonly WireArea[], owner: string): number => all.filter((area) => area.owner === owner).length;
    const [now, grouped, dual] = [await live('as recorded'), await live('grouping'), await live('dual-mode')];
    expect(by(now, 'mm_init')).toBeGreaterThan(0);
    expect(by(grouped, '__percpu_counter_init_many')).toBe(0);
    expect(grouped.filter(({ owner }) => owner === 'mm_init').every(({ size }) => size === 32)).toBe(true);
    expect(by(dual, 'mm_init')).toBe(by(now, 'mm_init'));
    expect(now.length - dual.length).toBe(by(now, '__percpu_counter_init_many'));
  });
});

describe('the published cgroup case as a map', () => {
  it.each([true, false])('has its figures, depopulation %s', async (depopulation) => {
    const map = await made({ kind: 'cgroup-case', cpus: 16, depopulation });
    const kilobytes = map.head.frames.map(({ percpu_kb }) => percpu_kb);
    expect(kilobytes[0]).toBeLessThan(10_000);
    // No frame need lie at the very peak.
    expect(Math.max(...kilobytes)).toBeGreaterThan(0.95 * 481_152);
    expect(kilobytes.at(-1)! < 481_152 / 3).toBe(depopulation);
    expect(map.head.summary.join()).toContain('481,152');
  });
});
