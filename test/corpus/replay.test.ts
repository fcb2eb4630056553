import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayTrace } from '../../server/src/recording/replay';
import type { ReplayResult } from '../../server/src/recording/replayResult';
import { compareState } from '../../server/src/recording/compareState';
import { allocatorFrom, checkState, readStateFile, type RecordedState } from '../../server/src/recording/stateFile';
import { geometryOf } from '../../server/src/allocator/geometry';
import { setupFirstChunk } from '../../server/src/allocator/setup';

import { inspect, request } from '../unit/allocatorFixtures';
import { kernelData } from '../referenceData';

const traces = kernelData('traces');
const early = kernelData('early');

/** A workload of a trace: the states before and after it, and the timestamps at which they hold. */
interface Segment {
  readonly trace: string;
  readonly before: string;
  readonly after: string;
  readonly from: number;
  readonly to: number;
}

function gunzip(file: string): string {
  return gunzipSync(readFileSync(file)).toString('latin1');
}

function segmentsOf(folder: string): Segment[] {
  const state = (label: string): string => path.join(folder, `${label}.json.gz`);
  const dumps = gunzip(path.join(folder, 'ops.tsv.gz')).split('\n').map((line) => line.split('\t')).filter((columns) => columns[1] === 'dump');
  return dumps.slice(1).map((dump, index) => {
    const before = dumps[index] ?? dump;
    return {
      trace: path.join(folder, 'trace.txt.gz'),
      before: state(before[13] ?? ''),
      after: state(dump[13] ?? ''),
      from: Number(before[0]),
      to: Number(dump[0]),
    };
  });
}

const names = traces === undefined ? [] : readdirSync(traces).sort();
const probed = names.filter((name) => traces !== undefined && readdirSync(path.join(traces, name)).includes('ops.tsv.gz'));
const boots = names.filter((name) => name.includes('boot'));

async function replay(segment: Segment, trace = segment.trace): Promise<ReplayResult> {
  const answer = await replayTrace({ trace, state: segment.before, expect: segment.after, from: segment.from, to: segment.to });
  if (!answer.ok) throw new Error(answer.error);
  return answer.result;
}

describe.each(probed)('%s, with probes inside the lock', (name) => {
  const segments = segmentsOf(path.join(traces ?? '', name));

  it.each(segments.map((segment) => [path.basename(segment.after), segment] as const))('is exact up to %s', async (_, segment) => {
    const result = await replay(segment);
    expect(result).toMatchObject({ mismatched: 0, undetermined: 0, unknown_frees: 0, order: 'probes', problems: [] });
    expect(result.exact).toBe(result.allocations);
    expect(result.allocations).toBeGreaterThan(100);
    expect(result.final_state).toMatchObject({ equal: true, difference_count: 0 });
  });

  it('is exact as one recording from its first state to its last', async () => {
    const [first, last] = [segments[0], segments.at(-1)];
    if (first === undefined || last === undefined) throw new Error('a trace has dumps');
    const result = await replay({ ...first, after: last.after, to: last.to });
    expect(result.exact).toBe(result.allocations);
    expect(result.final_state.equal).toBe(true);
  });
});

describe.each(probed)('%s, with tracepoints alone', (name) => {
  const folder = path.join(traces ?? '', name);
  let temporary = '';
  let stripped = '';
  beforeAll(() => {
    temporary = mkdtempSync(path.join(tmpdir(), 'percpu-stripped-'));
    stripped = path.join(temporary, 'trace.txt');
    const lines = gunzip(path.join(folder, 'trace.txt.gz')).split('\n').filter((line) => line.includes(': percpu_'));
    writeFileSync(stripped, `${lines.join('\n')}\n`, 'latin1');
  });
  afterAll(() => {
    rmSync(temporary, { recursive: true, force: true });
  });

  it('is exact for 99 % and more, and the rest is reported as undetermined with its cause', async () => {
    const results: ReplayResult[] = [];
    for (const segment of segmentsOf(folder)) results.push(await replay(segment, stripped));
    const sum = (key: 'allocations' | 'exact' | 'mismatched' | 'undetermined'): number => results.reduce((total, result) => total + result[key], 0);
    expect(sum('exact') / sum('allocations')).toBeGreaterThanOrEqual(0.99);
    expect(sum('mismatched')).toBe(0);
    expect(sum('undetermined')).toBe(sum('allocations') - sum('exact'));
    for (const result of results) {
      expect(result.undetermined_causes.reduce((total, { count }) => total + count, 0)).toBe(result.undetermined);
      // Where the work that the trace does not show ran at another moment, the state is not claimed.
      expect(result.final_state.equal).not.toBe(false);
    }
  });
});

describe.each(boots)('%s', (name) => {
  it('is exact from the start of ftrace to user space', async () => {
    const folder = path.join(traces ?? '', name);
    const marks = gunzip(path.join(folder, 'trace.txt.gz')).split('\n').filter((line) => line.includes('STOP boot A'));
    const to = Number(/ (\d+): /.exec(marks[0] ?? '')?.[1]) + 0.5;
    const [before = '', after = ''] = readdirSync(folder).filter((file) => /^state-[12]/.test(file)).sort();
    const result = await replay({ trace: path.join(folder, 'trace.txt.gz'), before: path.join(folder, before), after: path.join(folder, after), from: 0, to });
    expect(result.exact).toBe(result.allocations);
    expect(result.allocations).toBeGreaterThan(500);
    expect(result.final_state).toMatchObject({ equal: true, difference_count: 0 });
  });
});

describe.skipIf(early === undefined)('the beginning', () => {
  const files = early === undefined ? [] : readdirSync(early);

  it.each(files)('%s: set up from nothing, then 81 calls', async (name) => {
    const file = path.join(early ?? '', name);
    const calls = JSON.parse(gunzip(file)) as { ncpu: number; state_before: RecordedState; state_after: RecordedState };
    const before = checkState(calls.state_before);
    expect(before.ok).toBe(true);
    const base = BigInt((calls.state_before.globals as unknown as { pcpu_base_addr: string }).pcpu_base_addr);
    const geometry = geometryOf(request(calls.ncpu));
    const setUp = setupFirstChunk(geometry, { base, objectExtensions: true, depopulation: true });
    expect(compareState(setUp, calls.state_before)).toEqual([]);

    const folder = mkdtempSync(path.join(tmpdir(), 'percpu-early-'));
    const state = (label: string, value: RecordedState): string => {
      writeFileSync(path.join(folder, label), JSON.stringify(value));
      return path.join(folder, label);
    };
    const answer = await replayTrace({ trace: file, state: state('before', calls.state_before), expect: state('after', calls.state_after) });
    rmSync(folder, { recursive: true, force: true });
    expect(answer).toMatchObject({ ok: true, result: { allocations: 81, exact: 81, final_state: { equal: true } } });
  });
});

describe.skipIf(traces === undefined)('recorded states', () => {
  const files = names.flatMap((name) => readdirSync(path.join(traces ?? '', name)).filter((file) => file.startsWith('state-')).map((file) => path.join(traces ?? '', name, file)));

  it('go through the model unchanged, and their block hints equal the truth', () => {
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) {
      const read = readStateFile(file);
      if (!read.ok) throw new Error(`${file}: ${read.error}`);
      const allocator = allocatorFrom(read.state);
      expect(compareState(allocator, read.state), file).toEqual([]);
      expect(inspect(allocator), file).toMatchObject({ violation: null, lowBlocks: 0 });
    }
  });
});
