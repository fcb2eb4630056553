import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { sendReport } from '../../client/src/reportDelivery';
import type { ChunkMapViewMessage } from '../../client/views/messages';
import { areasIn, frameOf, makeChunkMap, type ChunkMap } from '../../server/src/features/chunkMap';
import type { WireChunk } from '../../server/src/protocol/chunkMap';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium';
import { seriousFindings } from './accessibility';
import { servePanels, type PanelServer } from './panelPage';
import type { PricesParams, ReportReply } from '../../server/src/protocol/requests';
import { fixtureDetails, fixtureMachines, fixturePrices, fixtureReport } from './reportFixture';

const artifacts = path.resolve(import.meta.dirname, '../artifacts');
let browser: Browser;
let panels: PanelServer;
/** Which control has the focus, and whether that is drawn; null outside the page. Runs in the page. */
const focusedControl = `(() => {
  let at = document.activeElement;
  if (at === null || at === document.body) return null;
  const host = at;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const seen = [host, at].some((node) => { const style = getComputedStyle(node); return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.borderColor.includes('0, 120, 212'); });
  const row = host.id === 'sites' || host.id === 'details';
  return { name: host.id || host.label || host.dataset?.column || host.className || host.tagName, outline: seen || row };
})()`;
let page: Page;
let answeredPrices = 0;

beforeAll(async () => {
  mkdirSync(artifacts, { recursive: true });
  [browser, panels] = await Promise.all([launchChromium(), servePanels()]);
});
afterAll(async () => {
  await browser.close();
  await panels.close();
});
beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
  answeredPrices = 0;
});
afterEach(async () => {
  expect(await page.evaluate('window.violations')).toEqual([]);
  await page.close();
});

function deliver(message: unknown): Promise<unknown> {
  return page.evaluate(`window.receive(${JSON.stringify(message)})`);
}

async function sent(type: string): Promise<Record<string, unknown>[]> {
  const all = await page.evaluate<Record<string, unknown>[]>('window.sentMessages');
  return all.filter((message) => message['type'] === type);
}

async function openReport(sites = 6000): Promise<void> {
  await panels.open(page, 'report');
  await deliverReport(fixtureReport(sites));
  await page.locator('#sites tr.site').first().waitFor();
}

/** As the host sends it: the report, then its sites in parts. */
async function deliverReport(report: ReportReply): Promise<void> {
  const delivered: Promise<unknown>[] = [];
  await sendReport(report, fixtureMachines, { group: 'none' }, (message) => delivered.push(deliver(message)));
  await Promise.all(delivered);
}

/** Answers every request for prices that has not been answered, as the server would at that count. */
async function answerPrices(): Promise<number> {
  const asked = await sent('prices');
  let answered = 0;
  for (const { ask, params } of asked.slice(answeredPrices) as { ask: number; params: PricesParams }[]) {
    answered += 1;
    await deliver({ type: 'prices', ask, reply: fixturePrices(params) });
  }
  answeredPrices += answered;
  return answered;
}

function firstCells(column: number): Promise<string[]> {
  return page.locator(`#sites tr.site td:nth-child(${String(column)})`).allTextContents();
}

describe('the report panel', () => {
  it('holds thousands of sites in a real table of few rows', async () => {
    await openReport();
    expect(await page.locator('#sites').getAttribute('aria-rowcount')).toBe(String(6000 - Math.floor(6001 / 7) + 1));
    expect(await page.locator('#sites tr.site').count()).toBeLessThan(100);
    expect(await page.locator('#summary').textContent()).toContain('of 6,000 sites');
    await page.screenshot({ path: path.join(artifacts, 'panel-report.png') });
  });

  it('sorts by a column, unknown last in both directions', async () => {
    await openReport(100);
    const heading = page.locator('button.sort[data-column="footprint"]');
    await heading.click();
    expect(await page.locator('th[aria-sort="descending"]').textContent()).toBe('Footprint');
    expect((await firstCells(3))[0]).toBe('64 KiB');
    await heading.click();
    expect((await firstCells(3))[0]).toBe('2 KiB');
    await page.locator('#sites').focus();
    await page.keyboard.press('End');
    expect((await firstCells(3)).at(-1)).toBe('unknown');
  });

  it('filters by search and by trigger, and says when nothing is left', async () => {
    await openReport(600);
    await page.locator('#search').fill('function_12 alloc_percpu');
    await page.getByText(/^\d+ of 600 sites$/).waitFor();
    await expect.poll(() => firstCells(1)).toEqual(expect.arrayContaining([expect.stringContaining('function_121')]));
    expect(await firstCells(10)).not.toContain('percpu_counter_init_many');
    await page.locator('#search').fill('no such thing');
    await page.getByText('No site matches').waitFor();
    await page.locator('#search').fill('');
    await page.locator('button.chip[data-class="netns"]').click();
    await expect.poll(() => firstCells(4).then((cells) => [...new Set(cells)])).toEqual(['every netns']);
  });

  it('has no serious finding of axe, with details, charts as tables, groups and a comparison open', async () => {
    await openReport(300);
    expect(await seriousFindings(page)).toEqual([]);
    await page.locator('vscode-single-select').nth(3).click();
    await page.getByRole('option', { name: 'laptop-8' }).click();
    await page.locator('vscode-single-select').nth(1).click();
    await page.getByRole('option', { name: 'by directory' }).click();
    await page.locator('#row-1').click();
    const report = fixtureReport(300);
    await expect.poll(() => sent('details')).toHaveLength(1);
    const id = (await sent('details'))[0]?.['siteId'];
    await deliver({ type: 'details', siteId: id, reply: { details: fixtureDetails(report.sites.find((site) => site.id === id)!) } });
    await page.locator('#footprint-chart-table').click();
    await page.locator('#cost-chart-table').click();
    expect(await seriousFindings(page)).toEqual([]);
    await page.locator('#unknowns').click();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('reaches every control by the tab key, each with a visible focus', async () => {
    await openReport(60);
    await page.locator('#row-0').click();
    await expect.poll(() => sent('details')).toHaveLength(1);
    await deliver({ type: 'details', siteId: (await sent('details'))[0]?.['siteId'], reply: { details: fixtureDetails(fixtureReport(60).sites[0]!) } });
    const reached = new Set<string>();
    for (let step = 0; step < 90; step += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate<{ name: string; outline: boolean } | null>(focusedControl);
      if (at === null) continue;
      expect(at.outline, at.name).toBe(true);
      reached.add(at.name);
    }
    for (const name of ['Machine', 'cpu-slider', 'cpu-count', 'search', 'Group', 'Show calls', 'Compare with', 'follow', 'unknowns', 'sites', 'details', 'footprint-chart-table', 'cost-chart-table']) expect([...reached], name).toContain(name);
  });

  it('stays whole at twice the size and in a narrow column', async () => {
    await page.setViewportSize({ width: 720, height: 450 });
    await openReport(100);
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(wide).toBeLessThanOrEqual(0);
    await page.locator('#row-2').scrollIntoViewIfNeeded();
    await page.locator('#row-2').click();
    await page.locator('#cost-chart').scrollIntoViewIfNeeded();
    await page.screenshot({ path: path.join(artifacts, 'panel-report-narrow.png') });
  });

  it('is driven by the keyboard alone', async () => {
    await openReport(500);
    await page.locator('#sites').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'PageDown', 'ArrowUp']) await page.keyboard.press(key);
    const active = await page.locator('#sites').getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active ?? 'none'}`).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    const [opened] = await sent('open');
    const where = await page.locator('#row-0 .where').textContent();
    const { file, line } = opened?.['place'] as { file: string; line: number };
    expect(`${file}:${String(line)}`).toBe(where);
  });

  it('groups with totals and folds', async () => {
    await openReport(300);
    await page.locator('vscode-single-select').nth(1).click();
    await page.getByRole('option', { name: 'by trigger' }).click();
    await page.locator('tr.group').first().waitFor();
    expect(await page.locator('tr.group').first().textContent()).toContain('every fork and exec');
    const before = Number(await page.locator('#sites').getAttribute('aria-rowcount'));
    await page.locator('tr.group').first().click();
    expect(Number(await page.locator('#sites').getAttribute('aria-rowcount'))).toBeLessThan(before);
  });

  it('shows reasons, steps and strategies of the selected site as text', async () => {
    await openReport(50);
    await page.locator('#row-0').click();
    await expect.poll(() => sent('details')).toHaveLength(1);
    const report = fixtureReport(50);
    const id = (await sent('details'))[0]?.['siteId'];
    const site = report.sites.find((candidate) => candidate.id === id)!;
    await deliver({ type: 'details', siteId: id, reply: { details: fixtureDetails(site) } });
    const details = page.locator('#details');
    expect(await details.textContent()).toContain('<b>couples unrelated code</b>');
    expect(await details.locator('b').count()).toBe(0);
    expect(await details.locator('table.comparison').textContent()).toContain('2–9 µs');
    await details.locator('summary', { hasText: 'create' }).first().click();
    expect(await details.textContent()).toContain('because the charge batch of this machine was not measured');
    await page.screenshot({ path: path.join(artifacts, 'panel-details.png') });
  });

  it('moves the CPU slider by equal ratios and asks for the last count', async () => {
    await openReport(50);
    const slider = page.locator('#cpu-slider');
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => sent('setMachine')).toHaveLength(1);
    const [set] = await sent('setMachine');
    expect(set?.['machine']).toEqual({ name: 'server-256', cpus: 265 });
    await page.locator('#cpu-count').fill('-1');
    await page.keyboard.press('Enter');
    expect((await sent('setMachine')).at(-1)?.['machine']).toEqual({ name: 'server-256', cpus: -1 });
    await deliver({ type: 'refused', reason: 'A machine has at least 1 possible CPU.' });
    expect(await page.locator('.refusal').textContent()).toContain('at least 1');
    expect(await page.locator('#cpu-count').inputValue()).toBe('256');
  });

  it('shows bytes at the dragged count at once and times when they come, those in view first', async () => {
    await openReport(6000);
    await page.locator('button.sort[data-column="footprint"]').click();
    await page.evaluate("document.querySelector('#cpu-slider').value = '200'; document.querySelector('#cpu-slider').dispatchEvent(new Event('input'))");
    await expect.poll(() => firstCells(3).then(([first]) => first)).toBe('256 KiB');
    expect(await page.locator('tr.site:not(.stale)').count()).toBe(0);
    const [first] = (await sent('prices')) as { params: PricesParams }[];
    expect(first?.params).toMatchObject({ machine: 'server-256', cpus: 1024 });
    expect(first!.params.shapes.length).toBeLessThan(50);
    expect(await answerPrices()).toBe(1);
    await expect.poll(() => page.locator('tr.site.stale').count()).toBeLessThan(30);
    const asked = async (): Promise<number> => {
      await answerPrices();
      return new Set(((await sent('prices')) as { params: PricesParams }[]).flatMap(({ params }) => params.shapes)).size;
    };
    await expect.poll(asked).toBe(90);
    await expect.poll(() => answerPrices().then(() => page.locator('.tiles').textContent())).toContain('3–5 CPUs');
    expect(await page.locator('tr.site.stale').count()).toBe(0);
    expect((await firstCells(3))[0]).toBe('256 KiB');
  });

  it('asks for the last position only while an answer is under way', async () => {
    await openReport(500);
    const drag = (position: number) => page.evaluate(`document.querySelector('#cpu-slider').value = '${String(position)}'; document.querySelector('#cpu-slider').dispatchEvent(new Event('input'))`);
    for (const position of [180, 150, 100, 60]) await drag(position);
    expect(await sent('prices')).toHaveLength(1);
    await answerPrices();
    await expect.poll(async () => (await sent('prices')).map(({ params }) => (params as PricesParams).cpus)).toEqual([512, 8]);
  });

  it('compares with another machine in columns of their own, and sorts by the difference', async () => {
    await openReport(120);
    await page.locator('vscode-single-select').nth(3).click();
    await page.getByRole('option', { name: 'laptop-8' }).click();
    while ((await answerPrices()) > 0) await page.waitForTimeout(20);
    await page.locator('button.sort[data-column="footprint-difference"]').click();
    await expect.poll(() => page.locator('th[aria-sort="descending"]').textContent()).toBe('Footprint Δ');
    const cells = await page.locator('#row-0 td').allTextContents();
    const column = await page.evaluate<number>("[...document.querySelectorAll('#sites thead th')].findIndex((cell) => cell.dataset.column === 'footprint-difference')");
    expect(cells[column]).toMatch(/^−[\d.]+ KiB \(−97 %\)$/);
    expect(await page.locator('#sites thead').textContent()).toContain('Create, laptop-8');
  });

  it('lists what is unknown by its reason, and goes to the site', async () => {
    await openReport(100);
    await page.locator('#unknowns').click();
    expect(await page.locator('#details').textContent()).toContain('Size unknown because struct thing is defined nowhere in the tree');
    await page.locator('#details summary').first().click();
    await page.locator('#details li button').first().click();
    expect(await page.locator('tr[aria-selected="true"]').textContent()).toContain('function_10');
  });

  it('shows the figures of its charts as tables', async () => {
    await openReport(300);
    expect(await page.locator('#footprint-chart button.bar').first().textContent()).toContain('net/sched/');
    await page.locator('#footprint-chart-table').click();
    expect(await page.locator('#footprint-chart table').textContent()).toContain('net/sched/');
    await page.locator('#row-0').click();
    for (let round = 0; round < 12; round += 1) {
      await answerPrices();
      await page.waitForTimeout(20);
    }
    await page.locator('#cost-chart canvas').waitFor();
    await page.locator('#cost-chart-table').click();
    expect(await page.locator('#cost-chart tbody tr').count()).toBe(11);
  });

  it('selects the site at the cursor while it follows the editor', async () => {
    await openReport(200);
    await page.locator('#follow').click();
    expect((await sent('follow'))[0]).toEqual({ type: 'follow', on: true });
    await deliver({ type: 'cursor', file: 'net/sched/file_3.c', line: 55 });
    await expect.poll(() => page.locator('tr[aria-selected="true"] .where').textContent()).toBe('net/sched/file_3.c:53');
  });

  it('keeps search, order and selection over a reload', async () => {
    await openReport(200);
    await page.locator('#search').fill('function_1');
    await page.locator('button.sort[data-column="allocates"]').click();
    await page.locator('#row-2').click();
    await page.getByText(/of 200 sites/).waitFor();
    await page.waitForFunction("JSON.parse(sessionStorage.getItem('state')).search === 'function_1'");
    await page.reload();
    await deliverReport(fixtureReport(200));
    expect(await page.locator('#search').inputValue()).toBe('function_1');
    expect(await page.locator('th[aria-sort="descending"]').textContent()).toBe('Per CPU');
    expect(await page.locator('tr[aria-selected="true"]').count()).toBe(1);
  });

  it('says why it is empty, failed or not done, and what next', async () => {
    await openReport(10);
    await deliverReport({ ...fixtureReport(0), state: 'empty', reason: 'This folder has no C file that calls the percpu API.' });
    await page.getByText('This folder has no C file').waitFor();
    await page.getByRole('button', { name: 'Look again' }).click();
    expect(await sent('reload')).toHaveLength(1);
    await deliver({ type: 'failed', reason: 'the server ended' });
    expect(await page.getByRole('alert').textContent()).toBe('the server ended');
    await deliverReport({ ...fixtureReport(5), state: 'indexing', progress: { done: 120, total: 2500 } });
    await page.getByText('120 of 2,500 files').waitFor();
  });
});

describe('the chunk map', () => {
  const recordings = path.resolve(import.meta.dirname, '../data/recordings');
  const source = { kind: 'recording', files: { trace: path.join(recordings, 'fork-trace.txt.gz'), state: path.join(recordings, 'fork-before.json.gz') } } as const;
  let map: ChunkMap;
  let answered = 0;

  beforeAll(async () => {
    const made = await makeChunkMap(source, () => undefined);
    if (!made.ok) throw new Error(made.error);
    map = made.map;
  });
  beforeEach(async () => {
    answered = 0;
    await panels.open(page, 'chunkMap');
  });

  /** Answers what the panel asked, as the host does. */
  async function answerAll(): Promise<void> {
    for (let quiet = 0; quiet < 2; quiet += 1) {
      const all = await page.evaluate<ChunkMapViewMessage[]>('window.sentMessages');
      for (const message of all.slice(answered)) {
        if (message.type === 'frame') await deliver({ type: 'frame', frame: message.frame, reply: frameOf(map, message.frame) });
        if (message.type === 'areas') await deliver({ type: 'areas', frame: message.frame, chunk: message.chunk, reply: areasIn(map, message.frame, message.chunk) });
        quiet = 0;
      }
      answered = all.length;
      await page.waitForTimeout(30);
    }
  }

  async function openMap(): Promise<void> {
    await deliver({ type: 'opening', source });
    await page.getByText('Working…').waitFor();
    await deliver({ type: 'opened', source, reply: { state: 'done', head: map.head } });
    await answerAll();
  }

  it('shows chunks, the moment and the Percpu line, and whose the areas are', async () => {
    await openMap();
    expect(await page.locator('#chunks tbody tr').count()).toBe(frameChunks(map).length);
    expect(await page.locator('#summary').textContent()).toMatch(/Percpu: [\d,]+ kB is what/);
    const owned = frameChunks(map).find(({ base }) => JSON.stringify(areasIn(map, map.head.frames.length - 1, base)).includes('mm_init'))!;
    await page.locator(`button[data-chunk="${owned.base}"]`).click();
    await answerAll();
    expect(await page.locator('#owners').textContent()).toContain('mm_init');
    await page.screenshot({ path: path.join(artifacts, 'panel-chunk-map.png'), fullPage: true });
  });

  it('names who allocated at the page under the mouse, and moves by arrow keys', async () => {
    await openMap();
    await page.locator('#map canvas').hover({ position: { x: 3, y: 8 } });
    await answerAll();
    expect(await page.locator('#page-line').textContent()).toMatch(/Chunk [0-9a-f]+, page 0 of .*used.*Allocated by/);
    await page.locator('#map').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await answerAll();
    expect(await page.locator('#page-line').textContent()).toContain(`Chunk ${frameChunks(map)[1]!.base}, page 1 `);
  });

  it('goes through the events by a slider', async () => {
    await openMap();
    const end = await page.locator('#chunks').textContent();
    await page.locator('#moment').focus();
    await page.keyboard.press('Home');
    await answerAll();
    expect(await page.locator('#moment-text').textContent()).toMatch(/^After 0 of [\d,]+ events · Percpu: [\d,]+ kB$/);
    await expect.poll(() => page.locator('#chunks').textContent()).not.toBe(end);
  });

  it('asks what would have been on other CPUs, with a strategy and in another order', async () => {
    await openMap();
    await page.locator('#map-cpus').fill('64');
    await page.locator('#strategy').selectOption('grouping');
    await page.locator('#order').selectOption('largest first');
    await page.locator('#run').click();
    expect((await sent('open'))[0]?.['source']).toEqual({ kind: 'what-if', files: source.files, cpus: 64, strategy: 'grouping', order: 'largest first' });
  });

  it('says what is wrong with a file, and what next', async () => {
    await deliver({ type: 'opening', source });
    await deliver({ type: 'opened', source, reply: { state: 'refused', reason: 'before.json: it is no JSON object' } });
    expect(await page.getByRole('alert').textContent()).toBe('before.json: it is no JSON object');
    await page.locator('#choose-again').click();
    expect(await sent('choose')).toHaveLength(1);
  });

  it('has no serious finding of axe', async () => {
    expect(await seriousFindings(page)).toEqual([]);
    await openMap();
    await page.locator('#chunks button').first().click();
    await answerAll();
    expect(await seriousFindings(page)).toEqual([]);
  });
});

function frameChunks(map: ChunkMap): readonly WireChunk[] {
  const reply = frameOf(map, map.head.frames.length - 1);
  return reply.state === 'done' ? reply.chunks : [];
}
