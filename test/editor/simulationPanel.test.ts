import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunChange, SimulationHostMessage, StoredRun } from '../../client/views/messages';
import { withPublished } from '../../server/src/features/publishedPoints';
import type { SimulationReport, Timeline } from '../../server/src/protocol/simulation';
import { sensitivity } from '../../server/src/simulation/sensitivity';
import { simulate } from '../../server/src/simulation/sweep';
import { recordTimeline } from '../../server/src/simulation/timeline';
import { seriousFindings } from './accessibility';
import { launchChromium } from './chromium';
import { servePanels, type PanelServer } from './panelPage';

const artifacts = path.resolve(import.meta.dirname, '../artifacts');
const request = { scenario: 'self-exec', kernel: '6.12', machine: 'server-192', cpus: [1, 26, 192], strategies: ['baseline', 'grouping'], seed: 1, replications: 2 };
let browser: Browser;
let panels: PanelServer;
let page: Page;
let report: SimulationReport;
let slower: SimulationReport;
let timeline: Timeline;

beforeAll(async () => {
  mkdirSync(artifacts, { recursive: true });
  [browser, panels] = await Promise.all([launchChromium(), servePanels()]);
  report = withPublished(await simulate({ request }, () => undefined));
  slower = withPublished(await simulate({ request: { ...request, assumptions: { 'user-time': 1e6 } } }, () => undefined));
  timeline = recordTimeline({ request }, 26, 'baseline', 100_000);
});
afterAll(async () => {
  await browser.close();
  await panels.close();
});
beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await panels.open(page, 'simulation');
});
afterEach(async () => {
  expect(await page.evaluate('window.violations')).toEqual([]);
  await page.close();
});

function deliver(message: SimulationHostMessage): Promise<unknown> {
  return page.evaluate(`window.receive(${JSON.stringify(message)})`);
}

async function sent(type: string): Promise<Record<string, unknown>[]> {
  const all = await page.evaluate<Record<string, unknown>[]>('window.sentMessages');
  return all.filter((message) => message['type'] === type);
}

function started(run: string, change: RunChange = {}): StoredRun {
  const { scenario, cpus, seed, replications } = request;
  return {
    plan: {
      params: { run, scenario, cpus, strategies: ['grouping'], seed, replications, ...change },
      scenarioTitle: 'exec on every CPU',
      strategyTitles: { baseline: 'as the kernel does it', grouping: 'one percpu struct per mm' },
      choices: { strategies: ['grouping', 'dual-mode'], machines: ['server-192', 'server-256'], kernel: '6.12', machine: 'server-192' },
    },
    points: [], done: 0, total: 6, outcome: { state: 'running' }, further: {},
  };
}

function finished(run: string, of: SimulationReport, change: RunChange = {}): StoredRun {
  return { ...started(run, change), points: of.points, done: 6, outcome: { state: 'finished', report: of } };
}

describe('the simulation panel', () => {
  it('says what to do where nothing was run yet', async () => {
    await deliver({ type: 'runs', runs: [] });
    await page.getByText('Run “Percpu Lens: Run Simulation…”').waitFor();
    await page.locator('#choose').click();
    expect(await sent('choose')).toHaveLength(1);
    expect(await page.locator('[data-chart]').first().isVisible()).toBe(false);
  });

  it('draws points as they come and keeps them when stopped', async () => {
    await deliver({ type: 'started', run: 'run-1', runs: [started('run-1')], changedFrom: null });
    await page.getByText('0 of 6 points').waitFor();
    await deliver({ type: 'point', run: 'run-1', point: report.points[0]!, done: 1, total: 6 });
    await deliver({ type: 'point', run: 'other', point: report.points[1]!, done: 2, total: 6 });
    await page.getByText('1 of 6 points').waitFor();
    expect(await page.locator('[data-chart=throughput] canvas').first().isVisible()).toBe(true);
    await page.locator('#stop').click();
    expect(await sent('stop')).toHaveLength(1);
    await deliver({ type: 'ended', run: 'run-1', outcome: { state: 'stopped' } });
    await page.getByText('Stopped after 1 of 6 points; what they gave is kept.').waitFor();
    expect(await page.locator('#results tbody tr').count()).toBe(1);
  });

  it('ends with what limits, and every chart with its table of the same figures', async () => {
    await deliver({ type: 'runs', runs: [finished('run-1', report)] });
    await page.getByText(report.summary[0]!).waitFor();
    const charts = page.locator('.columns > div').first().locator('[data-chart]');
    expect(await charts.count()).toBe(7);
    for (let index = 0; index < 7; index += 1) {
      const chart = charts.nth(index);
      expect((await chart.locator('canvas').boundingBox())?.height).toBeGreaterThan(200);
      await chart.locator('summary').click();
      expect(await chart.locator('details table tbody tr').count()).toBeGreaterThanOrEqual(3);
    }
    const throughput = charts.first();
    expect(await throughput.locator('table').nth(1).textContent()).toContain('epyc-7r13-guest');
    await throughput.locator('.chart').focus();
    await page.keyboard.press('End');
    await throughput.getByText('192 CPUs: baseline').waitFor();
    await page.screenshot({ path: path.join(artifacts, 'panel-simulation.png'), fullPage: true });
  });

  it('has no serious accessibility finding, two results and all tables open', async () => {
    await deliver({ type: 'runs', runs: [{ ...finished('run-1', report), further: { sensitivity: { cpus: 26, strategy: 'baseline', rows: await sensitivity({ request }, 26, 'baseline') } } }, finished('run-2', slower)] });
    await page.locator('#beside').selectOption('run-1');
    await deliver({ type: 'answered', run: 'run-2', question: { kind: 'timeline', cpus: 26, strategy: 'baseline', spanNs: 100_000 }, reply: { state: 'done', answers: [{ of: 'timeline', timeline }] } });
    await page.locator('#timeline-readout').waitFor();
    await page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('marks a changed assumption as not yet run, and asks for a run with that one change', async () => {
    await deliver({ type: 'runs', runs: [finished('run-1', report)] });
    const field = page.locator('input[data-assumption="user-time"]');
    await field.fill('-3');
    await page.keyboard.press('Tab');
    await page.getByText('a number of 0 or more').waitFor();
    await field.fill('1000000');
    await page.keyboard.press('Tab');
    await page.getByText('Changed, not yet run').waitFor();
    await page.locator('#change-cpus').fill('1, 100000');
    await page.keyboard.press('Tab');
    await page.getByText('100000 is more than 8192').waitFor();
    await page.locator('#again').click();
    expect(await sent('again')).toEqual([{ type: 'again', run: 'run-1', change: { assumptions: { 'user-time': 1_000_000 } } }]);
    await deliver({ type: 'started', run: 'run-2', runs: [finished('run-1', report), started('run-2', { assumptions: { 'user-time': 1_000_000 } })], changedFrom: 'run-1' });
    await deliver({ type: 'ended', run: 'run-2', outcome: { state: 'finished', report: slower } });
    await page.getByText('user-time: as it was → 1000000').waitFor();
    expect(await page.locator('.columns .charts:visible').count()).toBe(2);
    const row = page.locator('.differs tbody tr', { hasText: '26' }).first();
    expect(await row.textContent()).toMatch(/-\d+ %/);
    await page.screenshot({ path: path.join(artifacts, 'panel-simulation-beside.png'), fullPage: true });
  });

  it('keeps what was shown where a request is refused, with the reason', async () => {
    await deliver({ type: 'runs', runs: [finished('run-1', report)] });
    await deliver({ type: 'started', run: 'run-2', runs: [finished('run-1', report), started('run-2', { strategies: ['no-percpu'] })], changedFrom: 'run-1' });
    await deliver({ type: 'refused', run: 'run-2', reason: 'strategy no-percpu does not apply to self-exec' });
    await page.getByText('Not run: strategy no-percpu does not apply to self-exec').waitFor();
    expect(await page.locator('#results tbody tr').count()).toBe(6);
    expect(await page.locator('#change-strategies').inputValue()).toBe('no-percpu');
  });

  it('reads the timeline with the keyboard', async () => {
    await deliver({ type: 'runs', runs: [finished('run-1', report)] });
    await page.locator('#timeline-span').fill('0');
    await page.locator('#ask-timeline').click();
    await page.getByText('More than 0').waitFor();
    await page.locator('#timeline-span').fill('100');
    await page.locator('#ask-timeline').click();
    expect((await sent('ask'))[0]?.['question']).toEqual({ kind: 'timeline', cpus: 192, strategy: 'baseline', spanNs: 100_000 });
    await deliver({ type: 'answered', run: 'run-1', question: { kind: 'timeline', cpus: 26, strategy: 'baseline', spanNs: 100_000 }, reply: { state: 'done', answers: [{ of: 'timeline', timeline }] } });
    await page.locator('.timeline').focus();
    const readout = page.locator('#timeline-readout');
    await expect.poll(() => readout.textContent()).toMatch(/^CPU 0 at 0.00 µs: /);
    for (const key of ['ArrowDown', 'ArrowRight', '+', 'ArrowRight']) await page.keyboard.press(key);
    await expect.poll(() => readout.textContent()).toMatch(/^CPU 1 at 3.00 µs: /);
    expect(await page.locator('.timeline-section table').first().textContent()).toContain('pcpu_alloc_mutex');
    await page.locator('#timeline').screenshot({ path: path.join(artifacts, 'panel-timeline.png') });
  });

  it('gives its charts as a picture, and other formats to be written', async () => {
    await deliver({ type: 'runs', runs: [finished('run-1', report)] });
    for (const format of ['html', 'svg', 'csv', 'json']) await page.locator(`#export-${format}`).click();
    expect((await sent('export')).map((message) => message['format'])).toEqual(['html', 'svg', 'csv', 'json']);
    await page.locator('#export-png').click();
    const [picture] = await sent('savePicture');
    expect(Buffer.from(String(picture?.['base64']), 'base64').subarray(1, 4).toString()).toBe('PNG');
  });
});
