import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatBytes } from '../../server/src/util/format';
import { kernelTree } from '../referenceData';
import { launchChromium } from './chromium';
import { startCodeServer, type CodeServer } from './codeServer';
import { openWorkbench, type Workbench } from './workbench';

const tree = kernelTree('6.12');

describe.skipIf(tree === undefined)('on the whole tree of linux 6.12', () => {
  let browser: Browser;
  let server: CodeServer;
  let workbench: Workbench;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launchChromium(), startCodeServer({}, { keepsNothing: true })]);
    workbench = await openWorkbench(browser, server, tree!, 'kernel/fork.c');
  });
  afterAll(async () => {
    await workbench.screenshot('kernel-end');
    await browser.close();
    await server.stop();
  });

  it('answers a hover while the tree is being read', async () => {
    await expect.poll(() => workbench.statusItem.textContent(), { timeout: 60_000 }).toMatch(/CPUs · (\d+ %|indexing|resolving)/);
    await workbench.goToLine(1334);
    await workbench.hover('percpu_counter_init_many', /16 B per CPU × 256 possible CPUs = 4 KiB/);
    expect(await workbench.statusItem.textContent()).toMatch(/CPUs · (\d+ %|indexing|resolving)/);
    await workbench.page.keyboard.press('Escape');
  });

  it('shows locks and three strategies at the counters of an mm once it is read', async () => {
    await expect.poll(() => workbench.statusItem.textContent(), { timeout: 180_000, interval: 1000 }).toContain('server-256');
    const text = await workbench.hover('percpu_counter_init_many', /every fork/);
    expect(text).toContain('pcpu_alloc_mutex');
    expect(text).toContain('pcpu_lock');
    expect(text).toContain('dual-mode');
    expect(text.match(/\((?:grouping|dual-mode|ctor-dtor|on-demand|cid-indexed|lazy-switch|per-task|hierarchical|percpu-cache|fused-sum|size-on-contention|static|per-node)\)/g)?.length).toBeGreaterThanOrEqual(3);
    await workbench.screenshot('kernel-hover');
    await workbench.page.keyboard.press('Escape');
  });

  it('marks a mistake that the tree has, and tells of the counters of an mm', async () => {
    const { page } = workbench;
    await workbench.openFile('drivers/char/ipmi/ipmi_msghandler.c');
    await workbench.goToLine(1255);
    await expect.poll(() => page.locator('.squiggly-warning').count()).toBe(1);
    await workbench.hover('init_srcu_struct', /is not released on the way to vfree\(new_user\) on line 1289/);
    await workbench.screenshot('kernel-diagnostic');
    await page.keyboard.press('Escape');
    await workbench.openFile('include/linux/mm_types.h');
    await workbench.goToLine(979);
    await workbench.hover('rss_stat', /struct mm_struct\.rss_stat.*read error ± 130,816 pages attainable.*mm_init/s);
    await page.keyboard.press('Escape');
  });

  it('reports the sites of the whole tree', async () => {
    await workbench.command('Percpu Lens: Show Cost Report');
    const panel = workbench.panel();
    await panel.locator('#sites tr.site').first().waitFor({ timeout: 60_000 });
    const summary = async (): Promise<number> => Number(/of ([\d,]+) sites/.exec((await panel.locator('#summary').textContent()) ?? '')?.[1]?.replaceAll(',', ''));
    await expect.poll(summary).toBeGreaterThan(3000);
    for (const file of ['kernel/fork.c', 'net/sched/act_api.c', 'fs/ext4/super.c', 'net/ipv4/af_inet.c']) {
      await panel.locator('#search').fill(file);
      await expect.poll(() => panel.locator('#sites tr.site').first().textContent()).toContain(file);
    }
    await panel.locator('#search').fill('');
    await workbench.screenshot('kernel-report');
  });

  it('has the figures of the position where the slider is let go', async () => {
    const panel = workbench.panel();
    await expect.poll(() => panel.locator('body').getAttribute('data-state'), { timeout: 180_000 }).toBe('ready');
    await panel.locator('#search').fill('function:mm_init api:init_many');
    await expect.poll(() => panel.locator('#sites tr.site').count()).toBe(1);
    const box = (await panel.locator('#cpu-slider').boundingBox())!;
    const { mouse } = workbench.page;
    const [y, x] = [box.y + box.height / 2, (share: number): number => box.x + box.width * share];
    await mouse.move(x(0.1), y);
    await mouse.down();
    await mouse.move(x(0.95), y, { steps: 40 });
    await mouse.move(x(0.55), y, { steps: 40 });
    await mouse.up();
    const cpus = Number(await panel.locator('#cpu-count').inputValue());
    expect(cpus).toBeLessThan(256);
    await expect.poll(() => panel.locator('#sites tr.site').textContent()).toContain(formatBytes(16 * cpus));
    await workbench.screenshot('kernel-slider');
  });
});
