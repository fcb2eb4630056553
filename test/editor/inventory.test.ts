import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kernelTree } from '../referenceData';
import { frameOf, seriousFindings } from './accessibility';
import { launchChromium } from './chromium';
import { sampleWorkspace, startCodeServer, type CodeServer } from './codeServer';
import { openWorkbench, type Workbench } from './workbench';

let browser: Browser;
let server: CodeServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startCodeServer({ 'workbench.colorTheme': 'Default Dark Modern' })]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function inventoryOf(workbench: Workbench, timeout = 60_000): Promise<FrameLocator> {
  await workbench.command('Percpu Lens: Show Object Inventory');
  const panel = workbench.panel();
  await expect.poll(() => panel.locator('body').getAttribute('data-state'), { timeout, interval: 500 }).toBe('ready');
  return panel;
}

/** Figures of the first line whose title begins so. */
async function line(panel: FrameLocator, title: string): Promise<string[]> {
  const row = panel.locator('#objects tbody tr', { has: panel.locator('.title', { hasText: new RegExp(`^\\s*[▸▾]?${title}`) }) }).first();
  return (await row.locator('td').allTextContents()).slice(1);
}

const selected = (panel: FrameLocator): Promise<string | null> => panel.locator('tr[aria-selected="true"] .title').textContent();

describe('the object inventory of the sample', () => {
  it('is walked with the keyboard alone', async () => {
    const workbench = await openWorkbench(browser, server, server.copyOf(sampleWorkspace), 'mm/page_stat.c');
    try {
      const panel = await inventoryOf(workbench);
      const { page } = workbench;
      expect((await line(panel, 'mm')).slice(0, 4)).toEqual(['2', '32', '8 KiB', 'every fork and exec']);
      await panel.locator('#filter').focus();
      await page.keyboard.type('percpu_counter_init_many');
      await expect.poll(() => panel.locator('#summary').textContent()).toMatch(/^\d+ of \d+ shown$/);
      await panel.locator('#objects').focus();
      for (const key of ['Home', 'ArrowDown']) await page.keyboard.press(key);
      // The entry that holds what is sought is open already.
      while (!(await selected(panel))?.includes('percpu_counter_init_many of')) await page.keyboard.press('ArrowDown');
      expect(await panel.locator('tr[aria-selected="true"] .remark').first().textContent()).toContain('mm_init');
      await page.keyboard.press('ArrowLeft');
      expect(await selected(panel)).toContain('mm');
      await page.keyboard.press('ArrowLeft');
      await expect.poll(() => panel.locator('tr[aria-selected="true"]').getAttribute('aria-expanded')).toBe('false');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await page.locator('.tab.active', { hasText: 'fork.c' }).waitFor();
      await expect.poll(() => page.locator('.statusbar-item', { hasText: /^Ln / }).textContent()).toMatch(/^Ln 31,/);
    } catch (error) {
      await workbench.screenshot('failed-inventory');
      throw error;
    } finally {
      await workbench.close();
    }
  });

  it('a folder without objects says why there is none', async () => {
    const folder = server.copyOf(path.join(sampleWorkspace, 'lib'));
    const workbench = await openWorkbench(browser, server, folder, 'notify_chain.c');
    await workbench.command('Percpu Lens: Show Object Inventory');
    await workbench.panel().getByRole('heading', { name: 'No objects with percpu memory' }).waitFor({ timeout: 60_000 });
    await workbench.panel().getByRole('button', { name: 'Look again' }).waitFor();
    await workbench.screenshot('inventory-empty');
    await workbench.close();
  });
});

describe('a tree beside the sample', () => {
  it('is a folder that is open nowhere, read for as long as it stands there', async () => {
    const other = server.copyOf(sampleWorkspace);
    rmSync(path.join(other, 'fs/samplefs'), { recursive: true });
    const workbench = await openWorkbench(browser, server, server.copyOf(sampleWorkspace), 'kernel/fork.c');
    try {
      const { page } = workbench;
      const panel = await inventoryOf(workbench);
      await chooseFolder(page, panel, other);
      await expect.poll(async () => (await line(panel, 'super superblock')).slice(0, 5), { timeout: 60_000 }).toEqual(['none', '4', 'none', '16', '+16']);
      expect((await line(panel, 'mm')).slice(4, 5)).toEqual(['same']);
      await workbench.screenshot('inventory-folder');
      // The machine and the report stay those of the folder that is open.
      await workbench.command('Percpu Lens: Show Index and Memory');
      await expect.poll(() => page.locator('.quick-input-list .monaco-list-row', { hasText: path.basename(other) }).count()).toBe(1);
      await page.keyboard.press('Escape');
      await panel.locator('#beside').selectOption('');
      await expect.poll(() => panel.locator('#heading').textContent()).not.toContain(path.basename(other));
      await workbench.command('Percpu Lens: Show Index and Memory');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'percpu sites' }).first().waitFor();
      expect(await page.locator('.quick-input-list .monaco-list-row', { hasText: path.basename(other) }).count()).toBe(0);
    } catch (error) {
      await workbench.screenshot('failed-inventory-folder');
      throw error;
    } finally {
      await workbench.close();
    }
  });
});

/** The dialog writes where it starts into its field when it has read that folder, at times over what was typed: then it is asked again. */
async function chooseFolder(page: Page, panel: FrameLocator, folder: string): Promise<void> {
  const input = page.locator('.quick-input-widget input').first();
  const heading = panel.locator('#heading');
  await expect.poll(async () => {
    await panel.locator('#beside').selectOption('another folder');
    await expect.poll(() => input.inputValue(), { timeout: 10_000 }).toContain('/');
    await input.fill(`${folder}/`);
    await page.waitForTimeout(500);
    await page.locator('.quick-input-widget .monaco-button', { hasText: 'OK' }).click();
    return heading.filter({ hasText: path.basename(folder) }).waitFor({ timeout: 15_000 }).then(() => true, () => false);
  }, { timeout: 90_000 }).toBe(true);
}

const [newer, older] = [kernelTree('6.12'), kernelTree('6.1')];

describe.skipIf(newer === undefined || older === undefined)('the object inventory of linux 6.12 beside 6.1', () => {
  it('shows rss_stat and mm_cid of an mm as new, with bytes per CPU and who allocates them', async () => {
    const workspace = path.join(server.copyOf(path.join(sampleWorkspace, 'lib')), 'kernels.code-workspace');
    writeFileSync(workspace, JSON.stringify({ folders: [{ path: newer }, { path: older }] }));
    const workbench = await openWorkbench(browser, server, workspace, path.join(newer ?? '', 'kernel/fork.c'));
    try {
      const panel = await inventoryOf(workbench, 400_000);
      expect((await line(panel, 'fork')).slice(0, 3)).toEqual(['2', '32', '8 KiB']);
      expect((await line(panel, 'network namespace')).slice(0, 4)).toEqual(['16', '2,936', '734 KiB', 'every netns']);
      await workbench.screenshot('inventory-kernel');
      await panel.locator('#beside').selectOption({ label: path.basename(older ?? '') });
      await expect.poll(() => panel.locator('#heading').textContent(), { timeout: 400_000, interval: 1000 }).toMatch(/Kernel 6\.12.*Kernel 6\.1 /);
      await expect.poll(() => panel.locator('.indexing').count(), { timeout: 400_000, interval: 1000 }).toBe(0);
      expect(await line(panel, 'fork')).toEqual(['none', '2', 'none', '32', '+32', '8 KiB', '']);
      await panel.locator('#differing').press('Enter');
      await panel.locator('#objects').focus();
      await workbench.page.keyboard.press('Home');
      while ((await selected(panel))?.replace(/^[▸▾]/, '').trim() !== 'mm') await workbench.page.keyboard.press('ArrowDown');
      await workbench.page.keyboard.press('ArrowRight');
      expect((await line(panel, 'mm_alloc_cid of mm')).slice(0, 5)).toEqual(['none', '1', 'none', '16', '+16']);
      await workbench.screenshot('inventory-kernels');
      expect(await seriousFindings(await frameOf(panel))).toEqual([]);
    } catch (error) {
      await workbench.screenshot('failed-inventory-kernels');
      throw error;
    } finally {
      await workbench.close();
    }
  }, 900_000);
});
