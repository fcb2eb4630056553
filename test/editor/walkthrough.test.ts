import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium';
import { startCodeServer, type CodeServer } from './codeServer';
import { openWorkbench, type Workbench } from './workbench';

let browser: Browser;
let server: CodeServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startCodeServer({ 'workbench.colorTheme': 'Default High Contrast' })]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** A step shows its button once it is chosen. */
async function press({ page }: Workbench, step: string, button: string): Promise<void> {
  await page.locator('.tab', { hasText: 'Walkthrough: ' }).first().click();
  await page.locator('.getting-started-step', { hasText: step }).click();
  await page.locator('.getting-started-step .button-container', { hasText: button }).getByRole('button').first().click();
}

describe('the walkthrough', () => {
  it('leads to hover, report and simulation on the sample, by its steps alone', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-empty-'));
    const workbench = await openWorkbench(browser, server, folder, null);
    const { page } = workbench;
    try {
      await workbench.command('Welcome: Open Walkthrough...');
      await page.locator('.quick-input-widget input').first().fill('Percpu Lens');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'First Steps' }).first().click();
      await page.locator('.getting-started-step', { hasText: 'Open the sample' }).waitFor();
      await workbench.screenshot('walkthrough');

      await press(workbench, 'Open the sample', 'Open the Sample');
      await expect.poll(() => page.locator('.tab', { hasText: 'fork.c' }).count()).toBe(1);
      await expect.poll(() => workbench.visibleText(), { timeout: 60_000 }).toMatch(/4 KiB · every fork/);
      await workbench.screenshot('walkthrough-sample');

      await press(workbench, 'Point at a percpu call', 'Show the Hover');
      await expect.poll(() => page.locator('.monaco-hover:not(.hidden)').allTextContents().then((all) => all.join()), { timeout: 60_000 }).toContain('16 B per CPU × 256 possible CPUs = 4 KiB');
      await workbench.screenshot('walkthrough-hover');

      await press(workbench, 'See the whole tree', 'Show the Cost Report');
      await workbench.panel().locator('#sites tr.site').first().waitFor({ timeout: 60_000 });
      await workbench.screenshot('walkthrough-report');

      await press(workbench, 'Simulate it under load', 'Run a Simulation');
      for (const label of ['fork', 'to 64 CPUs']) {
        const row = page.locator('.quick-input-list .monaco-list-row:visible', { hasText: label }).first();
        await row.click();
      }
      await page.locator('.quick-input-title:visible', { hasText: '(3 of 3)' }).waitFor();
      await page.keyboard.press('Enter');
      await expect.poll(() => workbench.panel().locator('body').textContent(), { timeout: 120_000 }).toMatch(/[1-9]\d* of \d+ points|per second/);
      await workbench.screenshot('walkthrough-simulation');
    } catch (error) {
      await workbench.screenshot('failed-walkthrough');
      throw error;
    } finally {
      await workbench.close();
    }
  });
});
