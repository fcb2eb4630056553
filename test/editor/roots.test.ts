import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium';
import { sampleWorkspace, startCodeServer, type CodeServer } from './codeServer';
import { openWorkbench, type Workbench } from './workbench';

let browser: Browser;
let server: CodeServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startCodeServer()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** A window with two trees, each with a machine of its own and a file that the other has not. */
async function openTwoRoots(): Promise<Workbench> {
  const [first, second] = [server.copyOf(sampleWorkspace), server.copyOf(sampleWorkspace)];
  writeFileSync(path.join(first, 'percpu.toml'), 'machine = "laptop-8"\n');
  writeFileSync(path.join(second, 'percpu.toml'), 'machine = "server-64"\n');
  rmSync(path.join(first, 'mm/page_stat.c'));
  rmSync(path.join(second, 'kernel/fork.c'));
  const workspace = path.join(path.dirname(first), 'two.code-workspace');
  writeFileSync(workspace, JSON.stringify({ folders: [{ path: first }, { path: second }] }));
  return openWorkbench(browser, server, workspace, path.join(first, 'kernel/fork.c'));
}

function shows({ statusItem }: Workbench, expected: RegExp): Promise<void> {
  return expect.poll(() => statusItem.textContent(), { timeout: 60_000 }).toMatch(expected);
}

describe('two trees in one window', () => {
  it('have each their machine: status bar, hover, report and picker are of the tree of the active editor', async () => {
    const workbench = await openTwoRoots();
    try {
      await shows(workbench, /8 CPUs · laptop-8/);
      await workbench.goToLine(31);
      await workbench.hover('percpu_counter_init_many', /16 B per CPU × 8 possible CPUs/);

      await workbench.openFile('page_stat.c');
      await shows(workbench, /64 CPUs · server-64/);
      await workbench.command('Percpu Lens: Show Cost Report');
      const panel = workbench.panel();
      await expect.poll(() => panel.locator('#heading').textContent(), { timeout: 60_000 }).toContain('server-64: 64 possible CPUs');
      // A panel is at no file: what was shown stays.
      await shows(workbench, /64 CPUs · server-64/);
      expect(await panel.locator('#sites').textContent()).not.toContain('kernel/fork.c');

      await workbench.openFile('fork.c');
      await shows(workbench, /8 CPUs · laptop-8/);
      await workbench.statusItem.click();
      await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'now 8 possible CPUs' }).waitFor();
      await workbench.page.keyboard.press('Escape');
      await workbench.command('Percpu Lens: Show Cost Report');
      await expect.poll(() => workbench.panel().locator('#heading').textContent(), { timeout: 60_000 }).toContain('laptop-8: 8 possible CPUs');
      await expect.poll(() => workbench.panel().locator('#sites').textContent()).toContain('kernel/fork.c');
    } catch (error) {
      await workbench.screenshot('failed-two-roots');
      throw error;
    } finally {
      await workbench.close();
    }
  });
});
