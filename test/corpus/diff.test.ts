import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../server/src/cli/main';
import type { DiffReport, SiteChange } from '../../server/src/protocol/diff';
import { bundledWorker, bundleFolder } from '../gitFixture';
import { kernelTree } from '../referenceData';

const [older, newer] = [kernelTree('6.1'), kernelTree('6.12')];
const sample = path.resolve(import.meta.dirname, '../../docs/diff-sample.md');

/** The draw that was read, as its table has it. */
function judged(): readonly { readonly file: string; readonly function: string; readonly call: string; readonly right: string }[] {
  const rows = readFileSync(sample, 'utf8').split('\n').filter((line) => /^\| \d/.test(line));
  return rows.map((row) => {
    const [, , file = '', around = '', call = '', , right = ''] = row.split('|').map((cell) => cell.trim());
    return { file, function: around === 'file scope' ? '' : around, call: call.replace(/^.* → /, ''), right };
  });
}

describe.runIf(older !== undefined && newer !== undefined)('6.1 compared with 6.12', () => {
  const bundles = bundleFolder();
  let report: DiffReport;

  beforeAll(async () => {
    const entries = { factsEntry: await bundledWorker('factsWorker', bundles), blobEntry: '', serverEntry: '', processes: 2, version: 'test' };
    let out = '';
    const io = { out: (text: string) => void (out += text), err: () => undefined };
    await runCommandLine(['diff', older ?? '', newer ?? '', '--format', 'json', '--machine', 'server-256', '--no-cache'], io, entries);
    report = JSON.parse(out) as DiffReport;
  });
  afterAll(() => rmSync(bundles, { recursive: true, force: true }));

  const ofFunction = (name: string): readonly SiteChange[] => report.changes.filter(({ before, after }) => (after ?? before)?.function === name);

  it('names what a fork allocates more, per CPU and on 256', () => {
    expect(report.totals.find(({ frequency_class: name }) => name === 'fork-exec')).toMatchObject({ size: { before: 0, after: 32 }, footprint: { before: 0, after: 8192 } });
    expect(ofFunction('mm_init').map(({ change, after }) => [change, after?.api, after?.size])).toEqual([
      ['added', 'mm_alloc_cid', 16], ['added', 'percpu_counter_init_many', 16],
    ]);
  });

  it('says where the calls of netdev_alloc_pcpu_stats went', () => {
    expect(report.apis.find(({ api }) => api === 'netdev_alloc_pcpu_stats')).toMatchObject({
      before: 59, after: 34, note: '27 files set pcpu_stat_type instead and share the calls in netdev_do_alloc_pcpu_stats() in net/core/dev.c',
    });
  });

  it('has the same bytes where a loop over counters became one call', () => {
    expect(ofFunction('dquot_init').filter(({ after }) => after?.api === 'percpu_counter_init_many')).toMatchObject([{ aspects: ['api'], before: { size: 32, turns: 8 }, after: { size: 32, turns: 1 }, footprint_difference: 0 }]);
    expect(ofFunction('cgwb_bdi_init')).toEqual([]);
  });

  it('lists what was read in the last draw, and not much beside', () => {
    const listed = new Set(report.changes.map(({ before, after }) => (after ?? before)).map((site) => [site?.file, site?.function ?? '', site?.api].join(' ')));
    const gone = judged().filter(({ file, function: name, call, right }) => right === 'yes' && !listed.has([file, name, call].join(' ')));
    expect(gone).toEqual([]);
    expect(judged()).toHaveLength(50);
    expect(report.changes.length).toBeLessThan(1_700);
    expect(report.moved).toBeGreaterThan(75);
  });
});
