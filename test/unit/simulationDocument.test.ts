import { beforeAll, describe, expect, it, vi } from 'vitest';
import { reportOfRun, runOfFile } from '../../client/src/storedReport';
import { publishedPoints, withPublished } from '../../server/src/features/publishedPoints';
import { resultDocument } from '../../server/src/features/simulationDocument/document';
import { niceTop } from '../../server/src/features/simulationDocument/lineChart';
import { timelineSvg } from '../../server/src/features/simulationDocument/timelineSvg';
import type { SimulationReport, Timeline, TimelineSpan } from '../../server/src/protocol/simulation';
import { seriesOf } from '../../server/src/protocol/simulationMeasures';
import { lockRecords, runsOf, spanAt } from '../../server/src/protocol/timelineReading';
import { simulate } from '../../server/src/simulation/sweep';

// Outside an editor nothing is translated.
vi.mock('vscode', () => ({ l10n: { t: (text: string, ...values: readonly unknown[]) => text.replace(/\{(\d+)\}/g, (_, at) => String(values[Number(at)])) } }));

let report: SimulationReport;

beforeAll(async () => {
  const request = { scenario: 'self-exec', kernel: '6.12', machine: 'server-192', cpus: [1, 26, 192], strategies: ['baseline', 'grouping'], seed: 1, replications: 2 };
  report = withPublished(await simulate({ request }, () => undefined));
});

describe('a result as a file', () => {
  it('is one HTML page without a script, with a chart and a table for everything measured', () => {
    const html = resultDocument(report, 'html');
    expect(html).not.toMatch(/<script|javascript:|src=|href=|@import|url\(/i);
    for (const title of ['Throughput', 'Latency of an operation, p99', 'Locks held, baseline', 'Locks held, grouping', 'Percpu memory', 'A cheap read of a counter']) expect(html).toContain(`<h2>${title}`);
    expect(html.match(/<svg /g)?.length).toBe(html.match(/<section>/g)?.length);
    expect(html).toContain('<td>epyc-7r13-guest</td>');
    expect(html.indexOf(report.summary[0]!)).toBeGreaterThan(0);
    expect(html.indexOf(report.summary[0]!)).toBeLessThan(html.indexOf('<svg'));
  });

  it('holds text that looks like markup as text', () => {
    const hostile = { ...report, title: '<img src=x onerror=alert(1)>', summary: ['a & b < c'], notes: ['"</main>'] };
    const html = resultDocument(hostile, 'html');
    expect(html).not.toContain('<img');
    expect(html).toContain('a &amp; b &lt; c');
    expect(html).toContain('&quot;&lt;/main&gt;');
    expect(resultDocument(hostile, 'svg')).not.toContain('<img');
  });

  it('has a row a point as CSV, and is read again from JSON', () => {
    expect(resultDocument(report, 'csv').trimEnd().split('\r\n')).toHaveLength(1 + 6);
    const opened = runOfFile(resultDocument(report, 'json'), 'mine.json', 'run-9');
    expect(opened.ok && reportOfRun(opened.run)).toEqual(report);
    expect(opened.ok && opened.run.plan.params).toMatchObject({ scenario: 'self-exec', cpus: [1, 26, 192], strategies: ['grouping'], kernels: ['6.12'], machines: ['server-192'] });
  });

  it.each([['{', /not JSON/], ['[]', /no result/], ['{"points": []}', /no result/], ['null', /no result/], ['{"points": [{"cpus": "many"}]}', /no result/]])('%j is refused with a sentence', (text, reason) => {
    const opened = runOfFile(text, 'x.json', 'run-9');
    expect(opened.ok ? '' : opened.reason).toMatch(reason);
  });

  it('of a run that was stopped is what it gave so far', () => {
    const opened = runOfFile(resultDocument(report, 'json'), 'mine.json', 'run-9');
    if (!opened.ok) throw new Error(opened.reason);
    const partial = reportOfRun({ ...opened.run, points: opened.run.points.slice(0, 1), done: 1, outcome: { state: 'stopped' } });
    expect(partial.points).toHaveLength(1);
    expect(partial.summary[0]).toBe('Stopped after 1 of 6 points.');
    expect(resultDocument(partial, 'html')).toContain('<svg');
  });
});

describe('published points', () => {
  it('stand where their CPUs are: those that ran it, or the whole machine where the writers are fixed', () => {
    expect(publishedPoints('self-exec').map(({ cpus, throughput_per_s: rate }) => [cpus, rate])).toEqual([[26, 133_543.63], [26, 186_061.81], [192, 140_000]]);
    expect(publishedPoints('tc-tunnel').map(({ cpus, clients, strategies }) => [cpus, clients, strategies])).toEqual([[24, 20, ['no-percpu']]]);
    expect(publishedPoints('lock-open1')).toHaveLength(10);
    expect(publishedPoints('mount')).toEqual([]);
  });
});

describe('lines of a result', () => {
  it('are named by what differs between them', () => {
    const [point] = report.points;
    const names = (change: object[]) => seriesOf(change.map((part) => ({ ...point!, ...part }))).map(({ name }) => name);
    expect(names([{}, { strategy: 'grouping' }])).toEqual(['baseline', 'grouping']);
    expect(names([{}, { kernel: '6.1' }])).toEqual(['baseline, Linux 6.12', 'baseline, Linux 6.1']);
    expect(names([{}, { machine: 'other' }])).toEqual(['baseline, server-192', 'baseline, other']);
  });

  it('end at a round number', () => {
    expect([0, 3, 21, 240, 7_600_000].map((value) => niceTop(value, '1/s'))).toEqual([1, 5, 25, 250, 10_000_000]);
    expect(niceTop(300 * 1024, 'bytes')).toBe(320 * 1024);
  });
});

describe('a timeline as it is read', () => {
  const span = (from: number, to: number, activity: TimelineSpan['activity'], lock = -1, under: number[] = []): TimelineSpan => ({ from_ns: from, to_ns: to, activity, lock, under });
  const timeline: Timeline = {
    cpus: 2, strategy: 'baseline', locks: ['outer', 'inner'], from_ns: 0, to_ns: 100,
    lanes: [
      [span(0, 20, 'holding', 0), span(20, 30, 'waiting', 1, [0]), span(30, 40, 'holding', 1, [0]), span(40, 100, 'kernel')],
      [span(0, 40, 'waiting', 0), span(40, 60, 'holding', 0), span(60, 100, 'user')],
    ],
  };

  it('counts a lock as held while another is taken inside it', () => {
    const [outer, inner] = lockRecords(timeline);
    expect(outer).toEqual({ lock: 'outer', heldShare: 0.6, waits: 1, meanWaitNs: 40, longestWaitNs: 40, mostWaiting: 1 });
    expect(inner).toMatchObject({ heldShare: 0.1, waits: 1, meanWaitNs: 10 });
  });

  it('shows in each column what took most of it', () => {
    expect(runsOf(timeline.lanes[0]!, 0, 100, 10).map(({ from, to, activity, under }) => [from, to, activity, under])).toEqual([
      [0, 2, 'holding', -1], [2, 3, 'waiting', 0], [3, 4, 'holding', 0], [4, 10, 'kernel', -1],
    ]);
    expect(runsOf(timeline.lanes[0]!, 25, 35, 2).map(({ from, to, activity }) => [from, to, activity])).toEqual([[0, 1, 'waiting'], [1, 2, 'holding']]);
    expect(runsOf([], 0, 100, 10)).toEqual([]);
  });

  it('finds what a CPU does at a time', () => {
    expect(spanAt(timeline.lanes[0]!, 30)).toMatchObject({ activity: 'holding', lock: 1 });
    expect(spanAt(timeline.lanes[0]!, 100)).toBeNull();
  });

  it('is drawn with a mark for every run of a lane', () => {
    expect(timelineSvg(timeline).match(/<rect /g)!.length).toBeGreaterThan(7);
  });
});
