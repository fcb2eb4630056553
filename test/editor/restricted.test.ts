import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium';
import { sampleWorkspace, startCodeServer, type CodeServer } from './codeServer';
import { openWorkbench, type Workbench } from './workbench';

let browser: Browser;
let server: CodeServer;
let workbench: Workbench;
/** Made by any program that the repository's own settings name. */
const mark = path.join(mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-mark-')), 'executed');

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startCodeServer({ 'security.workspace.trust.startupPrompt': 'always' }, { asksTrust: true })]);
  workbench = await openWorkbench(browser, server, hostileRepository(server.copyOf(sampleWorkspace)), 'kernel/fork.c');
  const { page } = workbench;
  await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'No, I don' }).click();
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** A repository of somebody else's, with settings that have git run programs. */
function hostileRepository(folder: string): string {
  const git = (...args: readonly string[]): void => void execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { stdio: 'pipe' });
  writeFileSync(path.join(folder, 'percpu.toml'), 'machine = "server-64"\n');
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  const program = path.join(folder, 'run.sh');
  writeFileSync(program, `#!/bin/sh\ntouch ${mark}\n`);
  chmodSync(program, 0o755);
  const settings = ['[core]', `fsmonitor = ${program}`, `sshCommand = ${program}`, `pager = ${program}`, `hooksPath = ${folder}`, '[diff]', `external = ${program}`, '[credential]', `helper = !${program}`];
  appendFileSync(path.join(folder, '.git/config'), `${settings.join('\n')}\n`);
  return folder;
}

describe('in a workspace that is not trusted', () => {
  it('costs are shown in hover, hints, lenses and status bar, by its own profile', async () => {
    await expect.poll(() => workbench.statusItem.textContent(), { timeout: 60_000 }).toMatch(/64 CPUs · server-64/);
    await workbench.goToLine(31);
    await expect.poll(() => workbench.visibleText()).toMatch(/1 KiB · every fork/);
    await expect.poll(() => workbench.page.locator('.codelens-decoration').allTextContents().then((all) => all.join())).toContain('percpu');
    await workbench.hover('percpu_counter_init_many', /16 B per CPU × 64 possible CPUs = 1 KiB/);
    await workbench.screenshot('restricted-hover');
    await workbench.page.keyboard.press('Escape');
  });

  it('report, inventory and simulation answer', async () => {
    const { page } = workbench;
    await workbench.command('Percpu Lens: Show Cost Report');
    await workbench.panel().locator('#sites tr.site').first().waitFor({ timeout: 60_000 });
    await workbench.command('Percpu Lens: Show Object Inventory');
    await workbench.panel().locator('#objects tbody tr').nth(3).waitFor({ timeout: 60_000 });
    await workbench.command('Percpu Lens: Run Simulation…');
    for (const [title, text] of [['1 of 3', 'executes itself again'], ['2 of 3', 'Other CPU counts'], ['2 of 3', '1, 4'], ['3 of 3', '']] as const) {
      await page.locator('.quick-input-title', { hasText: title }).waitFor();
      await page.locator('.quick-input-widget input').first().focus();
      await page.keyboard.press('Control+A');
      if (text !== '') await page.keyboard.type(text);
      await page.waitForTimeout(150);
      await page.keyboard.press('Enter');
    }
    await expect.poll(() => workbench.panel().locator('body').getAttribute('data-state'), { timeout: 60_000 }).toBe('finished');
    await workbench.screenshot('restricted-simulation');
  });

  it('a commit is compared with, and nothing that the repository names is executed', async () => {
    const { page } = workbench;
    await workbench.openFile('fork.c');
    await workbench.command('Percpu Lens: Compare with…');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'HEAD' }).first().click();
    await page.locator('.statusbar-item', { hasText: 'percpu sites against HEAD' }).waitFor({ timeout: 60_000 });
    expect(existsSync(mark)).toBe(false);
    // What would have been seen: git by itself runs what the settings name.
    execFileSync('git', ['-C', workbench.folder, 'status'], { stdio: 'pipe' });
    expect(existsSync(mark)).toBe(true);
  });
});
