import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from './chromium';
import { sampleWorkspace, startCodeServer, type CodeServer } from './codeServer';
import { openWorkbench } from './workbench';

let browser: Browser;
let server: CodeServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startCodeServer({ 'workbench.colorTheme': 'Default High Contrast' })]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

it('the kernel configuration is chosen with the keyboard, holds at once, is kept with the folder and given back', async () => {
  const folder = server.copyOf(sampleWorkspace);
  const file = path.join(folder, 'rack.config');
  writeFileSync(file, 'CONFIG_64BIT=y\nCONFIG_X86_64=y\nCONFIG_SMP=y\nCONFIG_NR_CPUS=512\n');
  const workbench = await openWorkbench(browser, server, folder, 'kernel/fork.c');
  const { page } = workbench;
  const settings = path.join(folder, '.vscode/settings.json');
  const kept = (): unknown => (existsSync(settings) ? (JSON.parse(readFileSync(settings, 'utf8')) as Record<string, unknown>)['percpuLens.kconfig'] : undefined);
  const choose = async (label: string): Promise<void> => {
    await workbench.command('Percpu Lens: Select Kernel Configuration…');
    await page.locator('.quick-input-title:visible', { hasText: 'kernel configuration' }).waitFor();
    await page.keyboard.type(label);
    await page.waitForTimeout(200);
    await page.keyboard.press('Enter');
  };
  try {
    await workbench.goToLine(31);
    await workbench.hover('percpu_counter_init_many', /sizes for the built-in default/);
    await page.keyboard.press('Escape');
    await choose('Other file');
    const input = page.locator('.quick-input-widget input').first();
    await page.locator('.quick-input-title:visible', { hasText: 'Kernel configuration' }).waitFor();
    await input.fill(file);
    // The dialog begins anew in the folder of the file while it opens: the path is typed until it stands.
    await expect.poll(async () => {
      if ((await input.inputValue()) !== file) await input.fill(file);
      await page.waitForTimeout(400);
      return input.inputValue();
    }).toBe(file);
    await page.keyboard.press('Enter');
    await expect.poll(kept).toBe(file);
    await workbench.hover('percpu_counter_init_many', /sizes for .*rack\.config/);
    await page.keyboard.press('Escape');
    await workbench.command('Percpu Lens: Select Kernel Configuration…');
    await expect.poll(() => page.locator('.quick-input-list .monaco-list-row .codicon-check').count()).toBe(1);
    await workbench.screenshot('kconfig-picker');
    await page.keyboard.press('Escape');
    await choose('The tree');
    await expect.poll(kept).toBeUndefined();
    await workbench.hover('percpu_counter_init_many', /sizes for the built-in default/);
  } catch (error) {
    await workbench.screenshot('failed-kconfig');
    throw error;
  } finally {
    await workbench.close();
  }
});
