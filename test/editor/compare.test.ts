import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stored, writtenDown } from './browserStorage';
import { launchChromium } from './chromium';
import { sampleWorkspace, startCodeServer, type CodeServer } from './codeServer';
import { openWorkbench } from './workbench';

let browser: Browser;
let server: CodeServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startCodeServer({ 'files.autoSave': 'off' })]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

function repositoryOf(folder: string): void {
  const git = (...args: string[]): void => void execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], { cwd: folder, stdio: 'pipe' });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'the sample as it is');
  git('tag', 'before');
}

function lineOf(text: string, word: string): number {
  return text.slice(0, text.indexOf(word)).split('\n').length;
}

describe('comparing with a commit', () => {
  it('marks what differs in the gutter and the hover, saved or not, and stops', async () => {
    const folder = server.copyOf(sampleWorkspace);
    repositoryOf(folder);
    const file = path.join(folder, 'kernel/fork.c');
    const text = readFileSync(file, 'utf8');
    const changed = text.replace('NR_MM_COUNTERS))', '8))');
    expect(changed).not.toBe(text);
    writeFileSync(file, changed);
    const workbench = await openWorkbench(browser, server, folder, 'kernel/fork.c');
    const { page } = workbench;
    try {
      await expect.poll(() => workbench.statusItem.textContent(), { timeout: 60_000 }).toMatch(/256 CPUs · server-256/);
      await workbench.command('Percpu Lens: Compare with…');
      const rows = page.locator('.quick-input-list .monaco-list-row');
      await rows.filter({ hasText: 'HEAD' }).first().waitFor();
      await expect.poll(() => rows.allTextContents().then((all) => all.join())).toContain('before');
      await workbench.screenshot('compare-with');
      await rows.filter({ hasText: 'HEAD' }).first().click();
      const icons = page.locator('.glyph-margin-widgets [class*="ced-"]');
      await expect.poll(() => icons.count(), { timeout: 90_000 }).toBe(1);
      await workbench.goToLine(lineOf(changed, 'percpu_counter_init_many'));
      await workbench.hover('percpu_counter_init_many', /compared with HEAD: changed: .*16 B per CPU → 32 B per CPU/);
      await workbench.screenshot('compare-hover');
      await page.keyboard.press('Escape');
      await workbench.goToLine(text.split('\n').length);
      // The first mark is out of sight here.
      await expect.poll(() => icons.count()).toBe(0);
      await page.keyboard.type('DEFINE_PER_CPU(long, typed_now);');
      await expect.poll(() => icons.count()).toBe(1);
      await workbench.hover('DEFINE_PER_CPU', /compared with HEAD: added: DEFINE_PER_CPU\(long\): 8 B per CPU, \+2 KiB on all possible CPUs/);
      await workbench.screenshot('compare-typed');
      await page.keyboard.press('Escape');
      // Typed over as it is in HEAD, the changed call is none any more.
      await workbench.goToLine(lineOf(changed, '8))'));
      await expect.poll(() => icons.count()).toBe(1);
      await page.keyboard.press('Home');
      await page.keyboard.press('Shift+End');
      await page.keyboard.insertText('NR_MM_COUNTERS))');
      await expect.poll(() => icons.count()).toBe(0);
      await workbench.screenshot('compare-typed-back');
      expect(readFileSync(file, 'utf8')).toBe(changed);
      await workbench.command('Percpu Lens: Stop Comparing');
      await expect.poll(() => icons.count()).toBe(0);
    } catch (error) {
      await workbench.screenshot('failed-compare');
      throw error;
    } finally {
      await workbench.close();
    }
  });

  it('shows in the report what came, changed and is gone, chosen there, with both sides of every figure, also in a window that is loaded again', async () => {
    const folder = server.copyOf(sampleWorkspace);
    const file = path.join(folder, 'kernel/fork.c');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}\nDEFINE_PER_CPU(long, gone_now);\n`);
    repositoryOf(folder);
    writeFileSync(file, `${text.replace('NR_MM_COUNTERS))', '8))')}\nDEFINE_PER_CPU(int, came_now);\n`);
    const workbench = await openWorkbench(browser, server, folder, null);
    const { page } = workbench;
    try {
      await workbench.command('Percpu Lens: Show Cost Report');
      const panel = workbench.panel();
      await panel.locator('#sites tr.site').first().waitFor({ timeout: 60_000 });
      await panel.locator('vscode-single-select').nth(3).click();
      await panel.getByRole('option', { name: 'a commit…' }).click();
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'before' }).first().click();
      await expect.poll(() => panel.locator('#comparison').textContent(), { timeout: 90_000 }).toBe('Since before: 1 added, 1 changed, 1 removed.');
      await panel.locator('button.sort[data-column="footprint-difference"]').click();
      await expect.poll(() => panel.locator('#sites tr.site').count()).toBe(3);
      const cell = async (row: string, column: string): Promise<string | undefined> => {
        const at: number = await panel.locator('body').evaluate(`[...document.querySelectorAll('#sites thead th')].findIndex((cell) => cell.dataset.column === '${column}')`);
        return (await panel.locator(`#sites tr.${row} td`).allTextContents())[at];
      };
      expect([await cell('changed', 'change'), await cell('changed', 'footprint-other'), await cell('changed', 'footprint-difference')]).toEqual([expect.stringMatching(/size, elements/), '4 KiB', '+4 KiB (+100 %)']);
      expect([await cell('added', 'footprint-other'), await cell('added', 'footprint-difference')]).toEqual(['', '+1 KiB']);
      expect([await cell('removed', 'footprint'), await cell('removed', 'footprint-difference')]).toEqual(['', '−2 KiB (−100 %)']);
      // Times of what was are priced as those of what is.
      await expect.poll(() => cell('changed', 'create-difference')).toMatch(/^\+.*s \(\+[\d.]+ %\)$/);
      await panel.locator('#sites tr.changed').click();
      await panel.locator('.change-section').waitFor();
      await workbench.screenshot('compare-report');

      await panel.locator('button.sort[data-column="footprint-other"]').click();
      await writtenDown(page, stored.layout, 'footprint-other');
      await page.reload({ waitUntil: 'domcontentloaded' });
      await expect.poll(() => panel.locator('#comparison').textContent(), { timeout: 90_000 }).toBe('Since before: 1 added, 1 changed, 1 removed.');
      await expect.poll(() => panel.locator('th[aria-sort$="cending"]').getAttribute('data-column')).toBe('footprint-other');
      await workbench.command('Percpu Lens: Stop Comparing');
      await expect.poll(() => panel.locator('#comparison').textContent()).toBe('');
      await expect.poll(() => panel.locator('#sites tr.removed').count()).toBe(0);
    } catch (error) {
      await workbench.screenshot('failed-compare-report');
      throw error;
    } finally {
      await workbench.close();
    }
  });
});
