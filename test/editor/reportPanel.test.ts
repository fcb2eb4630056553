import path from 'node:path';
import type { Page } from 'playwright-core';
import { sendReport } from '../../client/src/reportDelivery';
import type { DifferenceReply } from '../../server/src/protocol/comparison';
import { beforeEach, describe, expect, it } from 'vitest';
import { seriousFindings } from './accessibility';
import { usePanelBench } from './panelBench';
import { artifacts } from './workbench';
import type { PricesParams, ReportReply } from '../../server/src/protocol/requests';
import { fixtureDetails, fixtureDifference, fixtureMachines, fixturePrices, fixtureReport } from './reportFixture';

const { open, deliver, sent, page: pageOf } = usePanelBench();
let page: Page;
let answeredPrices = 0;
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

beforeEach(() => {
  page = pageOf();
  answeredPrices = 0;
});

async function openReport(sites = 6000): Promise<void> {
  await open('report');
  await deliverReport(fixtureReport(sites));
  await page.locator('#sites tr.site').first().waitFor();
}

/** As the host sends it: the report, then its sites in parts. */
async function deliverReport(report: ReportReply, difference: DifferenceReply = null): Promise<void> {
  const delivered: Promise<unknown>[] = [];
  await sendReport(report, difference, fixtureMachines, { group: 'none' }, (message) => delivered.push(deliver(message)));
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
    await expect.poll(() => firstCells(3).then(([first]) => first)).toBe('64 KiB');
    await heading.click();
    await expect.poll(() => firstCells(3).then(([first]) => first)).toBe('2 KiB');
    await page.locator('#sites').focus();
    await page.keyboard.press('End');
    await expect.poll(() => firstCells(3).then((cells) => cells.at(-1))).toBe('unknown');
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
    await expect.poll(() => sent('open')).toHaveLength(1);
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
    await expect.poll(() => page.locator('#sites').getAttribute('aria-rowcount').then(Number)).toBeLessThan(before);
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
    expect(await details.locator('table.comparison').textContent()).toContain('± 512 pages (2 MiB)');
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
    await expect.poll(() => sent('setMachine').then((all) => all.at(-1)?.['machine'])).toEqual({ name: 'server-256', cpus: -1 });
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
    await expect.poll(() => sent('prices')).toHaveLength(1);
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
    // The rows are drawn anew in a frame of their own, after the tiles.
    await expect.poll(() => page.locator('tr.site.stale').count()).toBe(0);
    expect((await firstCells(3))[0]).toBe('256 KiB');
  });

  it('asks for the last position only while an answer is under way', async () => {
    await openReport(500);
    const drag = (position: number) => page.evaluate(`document.querySelector('#cpu-slider').value = '${String(position)}'; document.querySelector('#cpu-slider').dispatchEvent(new Event('input'))`);
    for (const position of [180, 150, 100, 60]) await drag(position);
    await expect.poll(() => sent('prices')).toHaveLength(1);
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
    // 8 of 256 CPUs: 2 KiB less, but for 64 bytes.
    expect(cells[column]).toBe('−1,984 B (−97 %)');
    expect(await page.locator('#sites thead').textContent()).toContain('Create, laptop-8');
  });

  it('compares with a commit: what came, what changed and what is gone, with the difference of every figure', async () => {
    const report = fixtureReport(60);
    await open('report');
    await deliverReport(report, fixtureDifference(report));
    while ((await answerPrices()) > 0) await page.waitForTimeout(20);
    expect(await page.locator('#comparison').textContent()).toBe('Since HEAD: 1 added, 1 changed, 1 removed.');
    expect(await page.locator('#summary').textContent()).toBe('2 of 60 sites');
    const cells = async (row: string, column: string): Promise<string | null | undefined> => {
      const at = await page.evaluate<number>(`[...document.querySelectorAll('#sites thead th')].findIndex((cell) => cell.dataset.column === '${column}')`);
      return (await page.locator('#sites tr.site', { hasText: row }).locator('td').allTextContents())[at];
    };
    expect(await cells('function_2', 'change')).toContain('added');
    expect(await cells('function_1', 'change')).toContain('size');
    expect([await cells('function_1', 'footprint-other'), await cells('function_1', 'footprint'), await cells('function_1', 'footprint-difference')]).toEqual(['2 KiB', '4 KiB', '+2 KiB (+100 %)']);
    expect([await cells('function_gone', 'footprint'), await cells('function_gone', 'footprint-difference')]).toEqual(['', '−8 KiB (−100 %)']);
    // Drawn in a frame after the prices have come.
    await expect.poll(() => cells('function_gone', 'create-difference')).toMatch(/^−.* µs \(−100 %\)$/);
    await page.locator('button.sort[data-column="footprint-difference"]').click();
    await expect.poll(() => page.locator('#sites tr.site .where').allTextContents()).toEqual(['net/sched/file_2.c:12', 'net/sched/file_1.c:11', 'net/sched/file_1.c:99']);
    await page.locator('#sites tr.removed').click();
    expect(await page.locator('#details').textContent()).toMatch(/function_gone.*net\/sched\/file_1\.c:99 in HEAD.*removed.*per CPU32 B.*the core allocates it now/);
    expect(await seriousFindings(page)).toEqual([]);
    await page.screenshot({ path: path.join(artifacts, 'panel-compare-commit.png') });
    await page.getByRole('button', { name: 'Export the shown sites as CSV' }).click();
    const [exported] = await sent('export');
    expect(exported?.['compared']).toMatchObject({ name: 'HEAD', kind: 'commit', sites: { 'site-2': { change: 'added', figures: null }, 'removed:site-gone': { change: 'removed', figures: { footprint: 8192 } } }, removed: [{ function: 'function_gone' }] });
    await page.evaluate("document.querySelector('#cpu-slider').value = '200'; document.querySelector('#cpu-slider').dispatchEvent(new Event('input'))");
    await expect.poll(() => cells('function_1', 'footprint-difference')).toBe('+8 KiB (+100 %)');
    await deliverReport({ ...report, revision: 2 }, null);
    await expect.poll(() => page.locator('#comparison').textContent()).toBe('');
    expect(await page.locator('#sites thead').textContent()).not.toContain('HEAD');
    expect(await page.locator('#summary').textContent()).toMatch(/^52 of 60 sites$/);
  });

  it('says where nothing differs from the commit, and why one could not be compared with', async () => {
    const report = fixtureReport(40);
    await open('report');
    await deliverReport(report, { ...fixtureDifference(report), changes: [], notes: ['HEAD is kernel 6.1, this is 6.12: times differ where the allocator does.'] });
    expect(await page.locator('#comparison').textContent()).toBe('No percpu site differs from HEAD. HEAD is kernel 6.1, this is 6.12: times differ where the allocator does.');
    expect(await page.locator('#summary').textContent()).toBe('No site that changed matches the search and the chosen triggers.');
    await page.locator('vscode-single-select').nth(3).click();
    await page.getByRole('option', { name: 'another commit…' }).click();
    expect(await sent('chooseCommit')).toHaveLength(1);
    await deliver({ type: 'notCompared', reason: 'This folder is in no git repository.' });
    expect(await page.locator('.refusal').textContent()).toBe('This folder is in no git repository.');
    await page.locator('vscode-single-select').nth(3).click();
    await page.getByRole('option', { name: 'nothing' }).click();
    await expect.poll(() => page.locator('#comparison').textContent()).toBe('');
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
