import { readFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import type { Browser, FrameLocator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenarioFactories } from '../../server/src/scenario/catalogue';
import { kernelVersion } from '../../server/src/kernel/version';
import { strategyChoices } from '../../server/src/simulation/strategyChoices';
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

async function inSample(use: (workbench: Workbench) => Promise<void>): Promise<void> {
  const workbench = await openWorkbench(browser, server, server.copyOf(sampleWorkspace), 'kernel/fork.c');
  try {
    await use(workbench);
  } catch (error) {
    await workbench.screenshot(`failed-${expect.getState().currentTestName?.replaceAll(/\W+/g, '-') ?? 'test'}`);
    throw error;
  } finally {
    await workbench.close();
  }
}

/** Answers one question of the palette with the keyboard: the row that has the text, or the text itself. */
async function answer({ page }: Workbench, title: RegExp, text: string): Promise<void> {
  await page.locator('.quick-input-title', { hasText: title }).waitFor();
  // The editor gives the focus back to a panel late, sometimes after the question is there.
  await page.locator('.quick-input-widget input').first().focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
  await page.waitForTimeout(150);
  await page.keyboard.press('Enter');
}

const finished = (panel: FrameLocator, state = 'finished') =>
  expect.poll(() => panel.locator('body').getAttribute('data-state'), { timeout: 120_000, interval: 200 }).toBe(state);

async function run(workbench: Workbench, scenario: string, cpus: string, strategies: boolean): Promise<FrameLocator> {
  await workbench.command('Percpu Lens: Run Simulation…');
  await answer(workbench, /1 of 3/, scenario);
  await answer(workbench, /2 of 3/, 'Other CPU counts');
  await answer(workbench, /2 of 3/, cpus);
  if (strategies) {
    await workbench.page.locator('.quick-input-title', { hasText: '3 of 3' }).waitFor();
    await workbench.page.keyboard.press('Enter');
  }
  return workbench.panel();
}

/** Where no strategy changes anything there is none to choose. */
function hasStrategies(scenario: string, cpus: readonly number[]): boolean {
  const request = { scenario, kernel: '6.12', machine: 'server-256', cpus, strategies: [], seed: 1 };
  return strategyChoices({ request }).some(({ runs }) => runs);
}

describe('the simulation', () => {
  it('runs every scenario from the palette to its charts, with the keyboard alone', async () => {
    await inSample(async (workbench) => {
      for (const [id, factory] of scenarioFactories) {
        const { title } = factory(kernelVersion(6, 12), 2);
        const panel = await run(workbench, title, '1, 4', hasStrategies(id, [1, 4]));
        await expect.poll(() => panel.locator('#title').textContent(), { timeout: 60_000 }).toBe(title);
        await finished(panel);
        expect(await panel.locator('#sentence').textContent(), id).toMatch(/^At 4 CPUs .* a second/);
        expect((await panel.locator('[data-chart=throughput] canvas').first().boundingBox())?.height, id).toBeGreaterThan(200);
      }
      await workbench.screenshot('simulation-last-scenario');
    });
  });

  it('stops when told: nothing comes any more, what is there is kept, also over closing and opening the panel', async () => {
    await inSample(async (workbench) => {
      const panel = await run(workbench, 'Fork and exec', '1, 256, 512, 600, 700, 800, 900, 1000', true);
      await panel.locator('#results tbody tr').first().waitFor({ state: 'attached', timeout: 60_000 });
      await panel.locator('#stop').press('Enter');
      await finished(panel, 'stopped');
      const kept = await panel.locator('#results tbody tr').count();
      expect(await panel.locator('#sentence').textContent()).toContain('what they gave is kept');

      await workbench.command('View: Close Editor');
      await workbench.page.locator('.tab', { hasText: 'Percpu Simulation' }).waitFor({ state: 'detached' });
      await workbench.command('Percpu Lens: Show Simulation Results');
      const again = workbench.panel();
      await expect.poll(() => again.locator('#results tbody tr').count(), { timeout: 30_000 }).toBe(kept);
      expect(await again.locator('#title').textContent()).toBe('Fork and exec of a static binary on all CPUs');
    });
  });

  it('refuses what cannot be run before it runs, and keeps what was shown', async () => {
    await inSample(async (workbench) => {
      await workbench.command('Percpu Lens: Run Simulation…');
      await answer(workbench, /1 of 3/, 'Network namespaces');
      await answer(workbench, /2 of 3/, 'Other CPU counts');
      await answer(workbench, /2 of 3/, '1, 100000');
      await workbench.page.getByText('100000 is more than 8192').first().waitFor();
      await answer(workbench, /2 of 3/, '1, 4');
      await workbench.page.locator('.quick-input-title', { hasText: '3 of 3' }).waitFor();
      await workbench.page.keyboard.press('Enter');
      const panel = workbench.panel();
      await finished(panel);
      await panel.locator('#change-kernels').fill('2.4');
      await panel.locator('#change-kernels').press('Tab');
      await panel.locator('#again').press('Enter');
      await expect.poll(() => panel.locator('#refusal').textContent()).toMatch(/^Not run: .+/);
      expect(await panel.locator('body').getAttribute('data-state')).toBe('finished');
    });
  });

  it('runs for the call at the cursor with the load that is given, then again with one change beside it', async () => {
    await inSample(async (workbench) => {
      await workbench.goToLine(31);
      await workbench.command('Percpu Lens: Run Simulation…');
      await answer(workbench, /1 of 3/, 'The percpu call at the cursor');
      await answer(workbench, /Simulate percpu_counter_init_many/, '0');
      await workbench.page.getByText('A rate is more than 0').first().waitFor();
      for (const value of ['50000', '2', '']) await answer(workbench, /Simulate percpu_counter_init_many/, value);
      await answer(workbench, /2 of 3/, 'Other CPU counts');
      await answer(workbench, /2 of 3/, '4, 16');
      await workbench.page.locator('.quick-input-title', { hasText: '3 of 3' }).waitFor();
      await workbench.page.keyboard.press('Enter');
      const panel = workbench.panel();
      await finished(panel);
      expect(await panel.locator('#sentence').textContent()).toMatch(/(4\d,\d00|50,000) creations a second/);
      await panel.locator('#change-rate').fill('100000');
      await panel.locator('#change-rate').press('Tab');
      await panel.getByText('Changed, not yet run').waitFor();
      await panel.locator('#again').press('Enter');
      await panel.getByText('together: 50000 → 100000').waitFor({ timeout: 60_000 });
      await finished(panel);
      await expect.poll(() => panel.locator('.differs tbody tr').count()).toBeGreaterThanOrEqual(2);
      await workbench.screenshot('simulation-beside');
    });
  });

  it('answers what-if questions, records a timeline and writes its files', async () => {
    await inSample(async (workbench) => {
      const panel = await run(workbench, 'executes itself again', '1, 26, 192', true);
      await finished(panel);
      await panel.locator('#ask-sensitivity').press('Enter');
      await panel.locator('#sensitivity').waitFor({ timeout: 120_000 });
      await panel.locator('#ask-break-even').press('Enter');
      await panel.getByText('beyond chance').first().waitFor({ timeout: 120_000 });
      await panel.locator('#ask-timeline').press('Enter');
      await panel.locator('#timeline-readout', { hasText: /^CPU 0/ }).waitFor({ timeout: 60_000 });
      await panel.locator('#timeline').scrollIntoViewIfNeeded();
      await workbench.screenshot('simulation-timeline');
      await panel.locator('#export-html').press('Enter');
      const name = workbench.page.locator('.quick-input-widget input').first();
      await name.waitFor();
      const target = path.join(workbench.folder, 'percpu-simulation-self-exec.html');
      await expect.poll(() => name.inputValue()).toBe(target);
      await workbench.page.keyboard.press('Enter');
      await expect.poll(() => existsSync(target) && readFileSync(target, 'utf8').includes('</html>')).toBe(true);
      expect(readFileSync(target, 'utf8')).toContain('<h2>Throughput</h2>');
    });
  });
});
