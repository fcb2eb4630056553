import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium';
import { sampleWorkspace, startCodeServer, type CodeServer } from './codeServer';
import { openWorkbench } from './workbench';

const themes = [
  ['dark', 'Default Dark Modern', 'vscode-dark'],
  ['light', 'Default Light Modern', 'vscode-light'],
  ['high-contrast', 'Default High Contrast', 'vscode-high-contrast'],
] as const;

let browser: Browser;
let server: CodeServer | undefined;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
});

afterEach(() => server?.stop());

describe('hover, report and chunk map in', () => {
  it.each(themes)('%s keep their text readable', async (name, theme, bodyClass) => {
    server = await startCodeServer({ 'workbench.colorTheme': theme });
    const workbench = await openWorkbench(browser, server, server.copyOf(sampleWorkspace), 'kernel/fork.c');
    await workbench.hover('percpu_counter_init_many', /every fork/);
    await workbench.screenshot(`theme-hover-${name}`);
    await workbench.page.keyboard.press('Escape');
    await workbench.command('Percpu Lens: Show Cost Report');
    const panel = workbench.panel();
    await panel.locator('#sites tr.site').first().waitFor({ timeout: 60_000 });
    await expect.poll(() => panel.locator('body').getAttribute('class')).toContain(bodyClass);
    await panel.locator('#sites').focus();
    for (let step = 0; step < 2; step += 1) await workbench.page.keyboard.press('ArrowDown');
    await panel.locator('#details h3').first().waitFor();
    const faint: unknown = await panel.locator('body').evaluate(`(${lowContrast})(document.body)`);
    await panel.locator('#cost-chart canvas').waitFor();
    await workbench.screenshot(`theme-${name}`);
    expect(faint).toEqual([]);

    await panel.locator('#search').fill('function:mm_init api:init_many');
    await expect.poll(() => panel.locator('#sites tr.site').count()).toBe(1);
    await panel.locator('#sites tr.site').click();
    await panel.locator('#details h2', { hasText: 'mm_init' }).waitFor();
    await panel.locator('.strategy').first().scrollIntoViewIfNeeded();
    await panel.locator('.strategy summary', { hasText: 'What to do' }).first().click();
    await panel.locator('body').evaluate(`document.querySelector('.strategies h3').scrollIntoView()`);
    const faintInCards: unknown = await panel.locator('body').evaluate(`(${lowContrast})(document.body)`);
    await workbench.screenshot(`theme-${name}-strategies`);
    await panel.locator('body').evaluate(`document.querySelector('.strategy .comparison').scrollIntoView()`);
    await workbench.screenshot(`theme-${name}-strategy-figures`);
    expect(faintInCards).toEqual([]);

    await workbench.command('Percpu Lens: Show Chunk Map…');
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: '11,000 memory cgroups' }).click();
    const map = workbench.panel();
    await map.locator('#chunks button').first().click({ timeout: 60_000 });
    await map.locator('#owners').waitFor();
    const faintInMap: unknown = await map.locator('body').evaluate(`(${lowContrast})(document.body)`);
    await workbench.screenshot(`theme-${name}-chunk-map`);
    expect(faintInMap).toEqual([]);
    await workbench.close();
  });
});

/** Texts of the panel whose contrast against what is behind them is below 4.5:1; runs in the page. */
const lowContrast = `(body) => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((v) => { const c = v / 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; })
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const over = (top, below) => { const a = top[3] ?? 1; return [0, 1, 2].map((i) => top[i] * a + below[i] * (1 - a)); };
  const background = (node) => {
    const chain = [];
    for (let at = node; at; at = at.parentElement) chain.push(parse(getComputedStyle(at).backgroundColor));
    return chain.reverse().reduce((below, top) => (top.length < 3 ? below : over(top, below)), [255, 255, 255]);
  };
  const faint = [];
  for (const node of body.querySelectorAll('*')) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim() !== '');
    if (!own || node.closest('script, svg, [hidden], option, datalist') || node.getClientRects().length === 0) continue;
    const below = background(node);
    const [a, b] = [luminance(over(parse(getComputedStyle(node).color), below)), luminance(below)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.push(node.className + ' ' + node.textContent.trim().slice(0, 30) + ' ' + ratio.toFixed(2));
  }
  return faint;
}`;
