import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { geometryCommand } from '../../server/src/cli/geometryCommand';
import { replayCommand } from '../../server/src/cli/replayCommand';
import { replayTrace, type ReplayOptions } from '../../server/src/recording/replay';
import type { ReplayResult } from '../../server/src/recording/replayResult';
import { checkState, readStateFile, type RecordedState } from '../../server/src/recording/stateFile';

const recordings = path.resolve(import.meta.dirname, '../data/recordings');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'percpu-replay-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Recording = 'modules' | 'fork' | 'boot';

const file = (name: string): string => path.join(recordings, name);
const textOf = (recording: Recording): string => gunzipSync(readFileSync(file(`${recording}-trace.txt.gz`))).toString('latin1');
const stateOf = (name: string): RecordedState => JSON.parse(gunzipSync(readFileSync(file(name))).toString()) as RecordedState;

function write(name: string, content: string | Buffer): string {
  const target = path.join(folder, name);
  writeFileSync(target, content, 'latin1');
  return target;
}

async function replay(recording: Recording, change: Partial<ReplayOptions> = {}): Promise<ReplayResult> {
  const answer = await replayTrace({
    trace: file(`${recording}-trace.txt.gz`),
    state: file(`${recording}-before.json.gz`),
    expect: file(`${recording}-after.json.gz`),
    ...change,
  });
  if (!answer.ok) throw new Error(answer.error);
  return answer.result;
}

async function whyNot(change: Partial<ReplayOptions>): Promise<string> {
  const answer = await replayTrace({ trace: file('boot-trace.txt.gz'), state: file('boot-before.json.gz'), ...change });
  return answer.ok ? `replayed ${answer.result.allocations}` : answer.error;
}

describe('a recording with probes inside the lock', () => {
  it('is replayed exactly, to the state in which the kernel was', async () => {
    const result = await replay('modules');
    expect(result).toMatchObject({ allocations: 177, exact: 177, mismatched: 0, undetermined: 0, order: 'probes', problems: [] });
    expect(result.final_state).toMatchObject({ equal: true, difference_count: 0 });
  });

  it('is replayed from tracepoints alone as well', async () => {
    const stripped = write('modules.txt', textOf('modules').split('\n').filter((line) => line.includes(': percpu_')).join('\n'));
    expect(await replay('modules', { trace: stripped })).toMatchObject({ allocations: 177, exact: 177, order: 'tracepoints', final_state: { equal: true } });
  });
});

describe('a recording of tracepoints alone', () => {
  it('is exact but for allocations whose order it does not determine; these are said to be so', async () => {
    const result = await replay('fork');
    expect(result).toMatchObject({ allocations: 2676, mismatched: 0, final_state: { equal: true } });
    expect(result.exact / result.allocations).toBeGreaterThan(0.99);
    expect(result.undetermined).toBe(result.allocations - result.exact);
    expect(result.undetermined).toBeGreaterThan(0);
    expect(result.undetermined_causes).toEqual([{ cause: expect.stringContaining('two CPUs') as string, count: result.undetermined }]);
  });

  it('tells the whole boot up to user space', async () => {
    expect(await replay('boot')).toMatchObject({ allocations: 530, exact: 530, chunks_created: 1, final_state: { equal: true } });
  });

  it('begins with calls taken by breakpoints, from the state that the first chunk was set up in', async () => {
    const calls = JSON.parse(gunzipSync(readFileSync(file('early-calls.json.gz'))).toString()) as { state_before: object; state_after: object };
    const result = await replay('boot', {
      trace: file('early-calls.json.gz'),
      state: write('early-before.json', JSON.stringify(calls.state_before)),
      expect: write('early-after.json', JSON.stringify(calls.state_after)),
    });
    expect(result).toMatchObject({ allocations: 81, exact: 81, final_state: { equal: true } });
  });
});

describe('other formats', () => {
  const line = /^\s*(.+?)-(\d+)\s+\[(\d+)\] (\S+)\s+(\d+): (\w+): (.*)$/;
  const rewrite = (write_: (m: string[]) => string): string =>
    textOf('fork').split('\n').filter((text) => line.test(text)).map((text) => write_(line.exec(text)!)).join('\n');
  const seconds = (count: string): string => `100.${count.padStart(9, '0')}`;

  it('of trace-cmd give the same result', async () => {
    const text = `cpus=2\n${rewrite(([, comm, pid, cpu, , time, name, rest]) =>
      `${comm!.padStart(16)}-${pid!.padEnd(5)} [${cpu}] ${seconds(time!)}: ${name}: ${' '.repeat(6)}${rest!.replace(/base_addr=/, 'base_addr=0x')}`)}`;
    const plain = await replay('fork');
    expect(await replay('fork', { trace: write('trace-cmd.txt', text) })).toMatchObject({ exact: plain.exact, undetermined: plain.undetermined, mismatched: 0 });
  });

  it('of perf give the same result, gzip or not', async () => {
    const text = rewrite(([, comm, pid, cpu, , time, name, rest]) =>
      `${comm} ${pid} [${cpu}] ${seconds(time!)}: percpu:${name}: ${rest!.replace(/base_addr=/, 'base_addr=0x')}`);
    const result = await replay('fork', { trace: write('perf.txt.gz', gzipSync(Buffer.from(text, 'latin1'))) });
    expect(result).toMatchObject({ allocations: 2676, mismatched: 0, final_state: { equal: true } });
  });
});

describe('a recording that does not fit', () => {
  it('is counted and the kernel followed: one area elsewhere is one mismatch', async () => {
    const lines = textOf('boot').split('\n');
    const at = lines.findIndex((text, index) => index > 100 && text.includes(': percpu_alloc_percpu'));
    const timestamp = Number(/ (\d+): /.exec(lines[at]!)![1]);
    const moved = lines.with(at, lines[at]!.replace(/off=(\d+)/, (_, offset) => `off=${Number(offset) + 400}`));
    const result = await replay('boot', { trace: write('moved.txt', moved.join('\n')) });
    expect(result.exact).toBeLessThan(result.allocations);
    expect(result.mismatched).toBeGreaterThan(0);
    expect(result.first_mismatch!.timestamp).toBe(timestamp);
    expect(result.first_mismatch!.kernel!.offset - result.first_mismatch!.model!.offset).toBe(400);
    expect(result.final_state.equal).toBe('unknown');
    expect(result.final_state.reason).toContain('taken over');
  });

  it('is not bent to fit with probes: an offset changed in the trace is a mismatch', async () => {
    const changed = textOf('modules').replace(/(percpu_alloc_percpu: .* off=)(\d+)/, (_, head, offset) => `${head}${Number(offset) + 8}`);
    const result = await replay('modules', { trace: write('bent.txt', changed) });
    expect(result.mismatched).toBeGreaterThanOrEqual(1);
    expect(result.final_state.equal).toBe('unknown');
  });

  it('differs when the state to expect is another', async () => {
    const other = stateOf('modules-after.json.gz');
    const wrong = { ...other, globals: { ...other.globals, pcpu_nr_populated: other.globals.pcpu_nr_populated + 1 } };
    const result = await replay('modules', { expect: write('other.json', JSON.stringify(wrong)) });
    expect(result.final_state.equal).toBe(false);
    expect(result.final_state.differences).toEqual([
      { chunk: null, what: 'pcpu_nr_populated', model: other.globals.pcpu_nr_populated, kernel: other.globals.pcpu_nr_populated + 1 },
    ]);
  });

  it('says what was lost, and takes nothing behind the loss for a fault of the model', async () => {
    const lines = textOf('boot').split('\n');
    const cut = [...lines.slice(0, 200), 'CPU:0 [LOST 3 EVENTS]', ...lines.slice(203)];
    const result = await replay('boot', { trace: write('lost.txt', cut.join('\n')) });
    expect(result.lost_events).toBe(3);
    expect(result.problems.join()).toContain('3 events were lost');
    expect(result.mismatched).toBe(0);
    expect(result.undetermined).toBeGreaterThan(0);
    expect(result.final_state.equal).toBe('unknown');
  });

  it('is replayed as far as it goes when it is cut off', async () => {
    const packed = readFileSync(file('boot-trace.txt.gz'));
    const result = await replay('boot', { trace: write('cut.txt.gz', packed.subarray(0, packed.length / 2)) });
    expect(result.exact).toBe(result.allocations);
    expect(result.allocations).toBeGreaterThan(100);
    expect(result.problems.join()).toContain('cut off');
    expect(result.final_state.equal).toBe(false);
    const announced = `# entries-in-buffer/entries-written: 676/676   #P:2\n${textOf('boot').split('\n').slice(0, 300).join('\n')}\n`;
    expect((await replay('boot', { trace: write('short.txt', announced) })).problems.join()).toMatch(/cut off: 2\d\d of the 676 events/);
  });

  it.each<[string, () => Parameters<typeof whyNot>[0], string | RegExp]>([
    ['the state of another boot', () => ({ state: file('modules-before.json.gz') }), /no chunk of the trace .* different boots or kernels/],
    ['a text file', () => ({ trace: file('README.md') }), 'README.md'],
    ['an empty file', () => ({ trace: write('empty.txt', '') }), 'the trace is empty'],
    ['notes', () => ({ trace: write('notes.txt', 'some\nnotes\n') }), 'no event line'],
    ['zeros', () => ({ trace: write('zeros.bin', Buffer.alloc(3_000_000)) }), 'no trace text'],
    ['no file', () => ({ trace: path.join(folder, 'absent') }), 'no such file'],
    ['a range without events', () => ({ from: 1e9 }), 'no event between'],
    ['hashed addresses', () => ({ trace: write('hashed.txt', textOf('boot').replaceAll(/base_addr=ffff[0-9a-f]{4}/g, 'base_addr=00000000')) }), 'nohash-ptr'],
  ])('is refused in one line when nothing of it can be used: %s', async (_, given, reason) => {
    expect(await whyNot(given())).toMatch(reason);
  });
});

describe('a range of timestamps', () => {
  it('takes what lies strictly between', async () => {
    const first = await replay('boot', { to: 100 });
    const rest = await replay('boot', { from: 99 });
    expect(first.allocations + rest.allocations + first.frees + rest.frees).toBe(530 + 144);
    expect((await replay('boot', { from: 98, to: 100 })).events).toBe(1);
  });
});

describe('a state', () => {
  it('is checked: what is missing or impossible is named', () => {
    const good = stateOf('modules-before.json.gz');
    const errorOf = (value: unknown): string => {
      const result = checkState(value);
      return result.ok ? 'accepted' : result.error;
    };
    expect(errorOf(good)).toBe('accepted');
    expect(errorOf(null)).toContain('no JSON object');
    expect(errorOf([])).toContain('"globals"');
    expect(errorOf({ ...good, globals: { ...good.globals, pcpu_unit_size: 'big' } })).toContain('pcpu_unit_size');
    expect(errorOf({ ...good, slots: good.slots.slice(1) })).toContain('slots');
    expect(errorOf({ ...good, globals: { ...good.globals, pcpu_free_slot: 7 } })).toContain('not a kernel from 5.14');
    expect(errorOf({ ...good, chunks: good.chunks.slice(1) })).toContain('first chunk');
    expect(errorOf({ ...good, chunks: [{ ...good.chunks[0], alloc_map_hex: 'ff' }] })).toContain('alloc_map_hex');
    expect(errorOf({ ...good, chunks: [{ ...good.chunks[0], md_blocks: [[1]] }] })).toContain('md_blocks');
    expect(readStateFile(write('broken.json', '{"globals": ')).ok).toBe(false);
  });
});

describe('the commands', () => {
  const run = async (command: typeof replayCommand, args: string[]): Promise<{ code: number; out: string; err: string }> => {
    let out = '';
    let err = '';
    const code = await command(args, { out: (text) => (out += text), err: (text) => (err += text) });
    return { code, out, err };
  };
  const modules = [file('modules-trace.txt.gz'), '--state', file('modules-before.json.gz')];

  it('replay --map: the chunks of the state at the end, as text and JSON', async () => {
    const { out } = await run(replayCommand, [...modules, '--map', '--format', 'json']);
    const { chunks } = JSON.parse(out) as { chunks: { base: string; used_bytes: number; populated_pages: number; pages: number[] }[] };
    expect(chunks.length).toBeGreaterThan(1);
    for (const { pages, populated_pages: populated } of chunks) expect(pages.filter((page) => page >= 0)).toHaveLength(populated);
    const text = (await run(replayCommand, [...modules, '--map'])).out;
    for (const { base } of chunks) expect(text).toContain(`\n${base}\n  `);
    expect(text).toMatch(/Percpu: \d+ kB/);
  });

  it('replay: 0 when all is exact and equal, 1 when not, 2 when it can not be done', async () => {
    const good = await run(replayCommand, [...modules, '--expect', file('modules-after.json.gz'), '--format', 'json']);
    expect([good.code, good.err]).toEqual([0, '']);
    expect(JSON.parse(good.out)).toMatchObject({
      events: 1773, allocations: 177, exact: 177, mismatched: 0, undetermined: 0, first_mismatch: null, final_state: { equal: true, differences: [] },
    });
    const other = await run(replayCommand, [...modules, '--expect', file('modules-before.json.gz')]);
    expect(other.code).toBe(1);
    expect(other.out).toContain('final state differs');
    for (const args of [[], modules.slice(0, 1), [...modules, '--from', 'soon'], [...modules, '--from', '5', '--to', '4'], [...modules, '--format', 'xml'], ['/absent', ...modules.slice(1)], [...modules, '--what']]) {
      const bad = await run(replayCommand, args);
      expect([bad.code, bad.out], args.join(' ')).toEqual([2, '']);
      expect(bad.err.trimEnd().split('\n'), args.join(' ')).toHaveLength(1);
    }
  });

  it('geometry: JSON of the contract, the kernel’s own lines, and 2 for values that no kernel has', async () => {
    const sizes = ['--static-size', '233472', '--reserved-size', '8192', '--dyn-size', '28672', '--atom-size', '2097152', '--page-size', '4096'];
    const answer = await run(geometryCommand, ['--cpus', '8', '--node-cpus', '0+2,4,6/1,3/5,7', ...sizes, '--format', 'json']);
    expect(answer.code).toBe(0);
    expect(JSON.parse(answer.out)).toMatchObject({
      unit_size: 1_048_576, alloc_size: 2_097_152, upa: 2, nr_units: 8, groups: [[0, 2, 4, 6], [1, 3], [5, 7]],
      static_size: 233_472, reserved_size: 8192, dyn_size: 28_672,
    });
    const text = await run(geometryCommand, ['--cpus', '3', ...sizes]);
    expect(text.out).toBe('percpu: Embedded 66 pages/cpu s233472 r8192 d28672 u524288\npcpu-alloc: s233472 r8192 d28672 u524288 alloc=1*2097152\npcpu-alloc: [0] 0 1 2 -\n');
    for (const bad of ['0', '-1', '1e9', 'many', '', '8.5', '0x8', '100000']) {
      for (const option of ['--cpus', '--static-size', '--atom-size', '--page-size'].filter((name) => name === '--cpus' || bad !== '100000')) {
        const given = [...['--cpus', '8', ...sizes].filter((_, at, all) => all[at] !== option && all[at - 1] !== option), option, bad];
        const answerTo = await run(geometryCommand, given);
        expect([answerTo.code, answerTo.out], `${option} ${bad}`).toEqual([2, '']);
        expect(answerTo.err.trimEnd().split('\n'), `${option} ${bad}`).toHaveLength(1);
      }
    }
    for (const nodes of ['0-3', '0-8', '0-4/4-7', '0-3/x', '7-0']) {
      expect((await run(geometryCommand, ['--cpus', '8', '--node-cpus', nodes, ...sizes])).code, nodes).toBe(2);
    }
  });

  it('geometry: what a kernel asks for where nothing is given', async () => {
    const page = await run(geometryCommand, ['--cpus', '2', '--static-size', '212992', '--first-chunk', 'page', '--kernel', '6.1', '--format', 'json']);
    expect(JSON.parse(page.out)).toMatchObject({ dyn_size: 12_288, reserved_size: 8192, unit_size: 233_472, upa: 1, groups: [[0, 1]] });
  });
});
