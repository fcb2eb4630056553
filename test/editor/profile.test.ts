import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium';
import { sampleWorkspace, startCodeServer, type CodeServer } from './codeServer';
import { openWorkbench, type Workbench } from './workbench';

const rack = `machine = "rack"

# The machine of the lab.
[machines.rack]
possible = 0
sockets = 2
cores_per_llc = 24
smt = 2
latency_ns = { smt = 8, llc = 48, socket = 48, remote = 120 }

[[suppress]]
file = "drivers/**"
id = "grouping"
reason = "measured, no gain"
`;
const lscpu = JSON.stringify({ lscpu: [
  { field: 'CPU(s):', data: '48' }, { field: 'On-line CPU(s) list:', data: '0-47' }, { field: 'Vendor ID:', data: 'GenuineIntel' },
  { field: 'Thread(s) per core:', data: '2' }, { field: 'Socket(s):', data: '2' }, { field: 'NUMA node(s):', data: '2' }, { field: 'L3:', data: '60 MiB (2 instances)' },
] });

let browser: Browser;
let server: CodeServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startCodeServer({ 'workbench.colorTheme': 'Default Dark Modern' })]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function inProject(use: (workbench: Workbench) => Promise<void>): Promise<void> {
  const folder = server.copyOf(sampleWorkspace);
  writeFileSync(path.join(folder, 'percpu.toml'), rack);
  const workbench = await openWorkbench(browser, server, folder, 'percpu.toml');
  try {
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await use(workbench);
  } catch (error) {
    await workbench.screenshot('failed-profile');
    throw error;
  } finally {
    await workbench.close();
  }
}

function status(workbench: Workbench, expected: RegExp): Promise<void> {
  return expect.poll(() => workbench.statusItem.textContent(), { timeout: 60_000 }).toMatch(expected);
}

function choose({ page }: Workbench, label: string): Promise<void> {
  return page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first().click();
}

/** One box follows the other in the same place. */
async function answer({ page }: Workbench, title: string, text: string): Promise<void> {
  await page.locator('.quick-input-title:visible', { hasText: title }).waitFor();
  const input = page.locator('.quick-input-widget input').first();
  await input.waitFor();
  await input.fill(text);
  await page.keyboard.press('Enter');
}

describe('percpu.toml', () => {
  it('says what is wrong in it, and what holds is in force while it is typed', async () => {
    await inProject(async (workbench) => {
      const { page } = workbench;
      await page.locator('.squiggly-error').first().waitFor({ timeout: 60_000 });
      await status(workbench, /256 CPUs · server-256/);
      await workbench.hover('possible', /Required:\sa\swhole\snumber\sfrom\s1\sto\s8192/);
      await page.keyboard.press('Escape');
      await workbench.command('Problems: Focus on Problems View');
      await expect.poll(() => page.locator('.markers-panel').textContent()).toContain('"rack.possible" has to be a whole number from 1 to 8192, not 0');
      await workbench.screenshot('profile-error');
      await page.locator('.monaco-editor .view-line').first().click();

      await workbench.goToLine(5);
      await page.keyboard.press('End');
      await page.keyboard.press('Backspace');
      await page.keyboard.type('96');
      await status(workbench, /96 CPUs · rack/);
      await expect.poll(() => page.locator('.squiggly-error').count()).toBe(0);

      await page.keyboard.press('Enter');
      await page.keyboard.type('onl');
      await page.keyboard.press('Control+Space');
      await page.locator('.suggest-widget .monaco-list-row', { hasText: 'online' }).first().waitFor();
      await workbench.screenshot('profile-completion');
      await page.keyboard.press('Enter');
      await page.keyboard.type('88');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+s');
      await expect.poll(() => readFileSync(path.join(workbench.folder, 'percpu.toml'), 'utf8')).toContain('online = 88');
    });
  });

  it('has its machines in the picker, and takes one that is imported', async () => {
    await inProject(async (workbench) => {
      const { page } = workbench;
      await status(workbench, /256 CPUs · server-256/);
      await workbench.statusItem.click();
      await choose(workbench, 'Import lscpu -J…');
      await choose(workbench, 'Paste into a box…');
      await answer(workbench, 'import a machine', lscpu);
      await answer(workbench, 'name of the machine', 'lab');
      const dialog = page.locator('.monaco-dialog-box');
      await dialog.waitFor();
      expect(await dialog.textContent()).toMatch(/48 possible CPUs, 48 online; 2 sockets, 2 memory nodes; 12 cores a last-level cache, 2 threads a core/);
      await workbench.screenshot('profile-import');
      await dialog.getByRole('button', { name: 'Write to percpu.toml' }).click();
      await status(workbench, /48 CPUs · lab/);
      const written = readFileSync(path.join(workbench.folder, 'percpu.toml'), 'utf8');
      expect(written).toContain(rack);
      expect(written).toMatch(/\[machines\.lab\]\npossible = 48\n/);

      await workbench.statusItem.click();
      await expect.poll(() => page.locator('.quick-input-list').textContent()).toMatch(/lab.*48 possible CPUs.*of percpu\.toml.*laptop-8/);
      await workbench.screenshot('profile-machines');
      await choose(workbench, 'laptop-8');
      await status(workbench, /8 CPUs · laptop-8/);
    });
  });

  it('is part of what can be copied for a report of a problem, without paths or text', async () => {
    await inProject(async (workbench) => {
      await status(workbench, /256 CPUs · server-256/);
      await workbench.command('Percpu Lens: Show Index and Memory');
      await expect.poll(() => workbench.page.locator('.quick-input-list').textContent()).toMatch(/percpu sites.*MiB in all.*server/s);
      await workbench.screenshot('index-and-memory');
      await choose(workbench, 'Copy Diagnostics');
      await expect.poll(() => workbench.page.evaluate('navigator.clipboard.readText()')).toContain('Percpu Lens');
      const copied = String(await workbench.page.evaluate('navigator.clipboard.readText()'));
      expect(copied).toMatch(/VS Code 1\..*\nServer .*\nMemory: server .*MiB.*, analysis .*MiB.*\nSettings: /);
      expect(copied).toMatch(/percpu\.toml:5: "rack\.possible" has to be/);
      expect(copied).not.toContain(path.dirname(workbench.folder));
      expect(copied).not.toContain('alloc_percpu(');

      await workbench.statusItem.hover();
      const hover = workbench.page.locator('.monaco-hover', { hasText: 'Percpu Lens' });
      await expect.poll(() => hover.textContent()).toMatch(/Linux\s6\.12,\ssizes\sfor.*possible\sCPUs.*uncalibrated.*Index:\sready.*Memory:.*MiB/s);
      await workbench.screenshot('status-hover');
    });
  });
});
