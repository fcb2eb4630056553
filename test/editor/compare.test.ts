import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium';
import { sampleWorkspace, startCodeServer, type CodeServer } from './codeServer';
import { openWorkbench } from './workbench';

let browser: Browser;
let server: CodeServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startCodeServer()]);
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

describe('comparing with a commit', () => {
  it('marks what differs in the gutter and the hover, follows typing, and stops', async () => {
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
      await workbench.goToLine(changed.slice(0, changed.indexOf('percpu_counter_init_many')).split('\n').length);
      await workbench.hover('percpu_counter_init_many', /compared with HEAD: changed: .*16 B per CPU → 32 B per CPU/);
      await workbench.screenshot('compare-hover');
      await page.keyboard.press('Escape');
      await workbench.goToLine(text.split('\n').length);
      // The first mark is out of sight here.
      await expect.poll(() => icons.count()).toBe(0);
      await page.keyboard.type('DEFINE_PER_CPU(long, typed_now);');
      await expect.poll(() => icons.count()).toBe(1);
      await workbench.screenshot('compare-typed');
      await workbench.command('Percpu Lens: Stop Comparing');
      await expect.poll(() => icons.count()).toBe(0);
    } catch (error) {
      await workbench.screenshot('failed-compare');
      throw error;
    } finally {
      await workbench.close();
    }
  });
});
