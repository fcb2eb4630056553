import { copyFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stored, writtenDown } from './browserStorage';
import { launchChromium } from './chromium';
import { sampleWorkspace, startCodeServer, type CodeServer } from './codeServer';
import { openWorkbench, type Workbench } from './workbench';

const recordings = path.resolve(import.meta.dirname, '../data/recordings');
let browser: Browser;
let server: CodeServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startCodeServer()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function inSample(file: string | null, use: (workbench: Workbench) => Promise<void>): Promise<void> {
  const workbench = await openWorkbench(browser, server, server.copyOf(sampleWorkspace), file);
  try {
    await use(workbench);
  } catch (error) {
    await workbench.screenshot(`failed-${expect.getState().currentTestName?.replaceAll(/\W+/g, '-') ?? 'test'}`);
    throw error;
  } finally {
    await workbench.close();
  }
}

function indexed(workbench: Workbench): Promise<void> {
  return expect.poll(() => workbench.statusItem.textContent(), { timeout: 60_000 }).toMatch(/256 CPUs · server-256/);
}

describe('in the code', () => {
  // A window takes as long to open as the tests in it; each leaves what the next begins with.
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await openWorkbench(browser, server, server.copyOf(sampleWorkspace), 'include/net/sample_stats.h');
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.screenshot(`failed-${task.name.replaceAll(/\W+/g, '-')}`);
  });
  afterAll(() => workbench.close());

  it('answers in headers, which the editor takes for C++', async () => {
    await expect.poll(() => workbench.page.locator('.statusbar-item', { hasText: 'C++' }).count()).toBe(1);
    await workbench.hover('alloc_percpu', /32 B per CPU × 256 possible CPUs = 8 KiB/);
    await workbench.page.keyboard.press('Escape');
  });

  it('shows cost in hover, hints and lenses, and all follow the machine', async () => {
    await workbench.openFile('kernel/fork.c');
    await indexed(workbench);
    await workbench.goToLine(31);
    await expect.poll(() => workbench.visibleText()).toMatch(/4 KiB · every fork/);
    await expect.poll(() => workbench.page.locator('.codelens-decoration').allTextContents().then((all) => all.join())).toContain('percpu');
    const text = await workbench.hover('percpu_counter_init_many', /16 B per CPU × 256 possible CPUs = 4 KiB/);
    expect(text).toContain('pcpu_alloc_mutex');
    await workbench.screenshot('sample-hover');

    await workbench.page.keyboard.press('Escape');
    await workbench.statusItem.click();
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'server-64' }).click();
    await expect.poll(() => workbench.statusItem.textContent()).toContain('64 CPUs · server-64');
    await expect.poll(() => workbench.visibleText()).toMatch(/1 KiB · every fork/);
  });

  it('refuses CPU counts that no kernel can have, saying why', async () => {
    await workbench.command('Percpu Lens: Select Machine…');
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Other CPU count…' }).click();
    const input = workbench.page.locator('.quick-input-widget input').first();
    const message = workbench.page.locator('.quick-input-message');
    for (const [typed, said] of [['0', 'at least 1'], ['-1', 'at least 1'], ['1e9', 'more than 8192'], ['many', 'not a number']] as const) {
      await input.fill(typed);
      await expect.poll(() => message.textContent()).toContain(said);
      await workbench.page.keyboard.press('Enter');
      expect(await input.isVisible()).toBe(true);
    }
    await input.fill('12');
    await workbench.page.keyboard.press('Enter');
    await expect.poll(() => workbench.statusItem.textContent()).toContain('12 CPUs');
  });
});

describe('beside a file that is being typed', () => {
  it('the code goes on to be answered', async () => {
    const folder = server.copyOf(sampleWorkspace);
    copyFileSync(path.resolve(import.meta.dirname, '../data/half_typed.c'), path.join(folder, 'drivers/net/half_typed.c'));
    const workbench = await openWorkbench(browser, server, folder, 'drivers/net/half_typed.c');
    await indexed(workbench);
    await workbench.hover('alloc_percpu', /8 B per CPU/);
    await workbench.close();
  });
});

describe('in a folder without percpu code', () => {
  it('shows nothing of ours until asked, then says why there is nothing', async () => {
    const { mkdtempSync, writeFileSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const folder = mkdtempSync(`${tmpdir()}/percpu-lens-plain-`);
    writeFileSync(`${folder}/main.c`, '#include <stdio.h>\n\nint main(void)\n{\n\tputs("hello");\n\treturn 0;\n}\n');
    const workbench = await openWorkbench(browser, server, folder, 'main.c');
    // Whatever would tell that the folder was read is asking, after which there is an item: this can only be waited for.
    await workbench.page.waitForTimeout(4000);
    expect(await workbench.page.locator('.statusbar-item', { hasText: 'CPUs' }).count()).toBe(0);
    await workbench.command('Percpu Lens: Show Cost Report');
    await workbench.panel().getByRole('heading', { name: 'No percpu code here' }).waitFor({ timeout: 60_000 });
    await workbench.close();
  });
});

describe('the report panel', () => {
  it('lists the tree, sorts, filters, explains and goes to the source', async () => {
    await inSample('mm/page_stat.c', async (workbench) => {
      await workbench.command('Percpu Lens: Show Cost Report');
      const panel = workbench.panel();
      await panel.locator('#sites tr.site').first().waitFor({ timeout: 60_000 });
      await expect.poll(() => panel.locator('body').getAttribute('data-state')).toBe('ready');
      expect(await panel.locator('#heading').textContent()).toContain('256 possible CPUs');

      await panel.locator('button.sort[data-column="footprint"]').click();
      await expect.poll(() => panel.locator('th[aria-sort="descending"]').textContent()).toBe('Footprint');
      await panel.locator('#search').fill('fork.c init_many');
      await expect.poll(() => panel.locator('#sites tr.site').count()).toBe(1);
      expect(await panel.locator('#sites tr.site').textContent()).toMatch(/mm_init.*4 KiB.*every fork/);

      await panel.locator('#sites').focus();
      // The first row is the heading of the object.
      for (let step = 0; step < 2; step += 1) await workbench.page.keyboard.press('ArrowDown');
      await panel.locator('#details table.steps').first().waitFor();
      await expect.poll(() => panel.locator('#details').textContent()).toContain('copy_process → copy_mm → dup_mm → mm_init');
      await workbench.screenshot('sample-report');

      await panel.locator('#sites').focus();
      await workbench.page.keyboard.press('Enter');
      await expect.poll(() => workbench.page.locator('.tab.active').textContent()).toContain('fork.c');
      await expect.poll(() => workbench.page.locator('.statusbar-item', { hasText: /^Ln / }).textContent()).toMatch(/^Ln 31,/);
    });
  });
});

describe('the report panel, closed and opened again', () => {
  it('is as it was left, opens source beside and follows the cursor there', async () => {
    await inSample('kernel/fork.c', async (workbench) => {
      await workbench.command('Percpu Lens: Show Cost Report');
      await workbench.panel().locator('#sites tr.site').first().waitFor({ timeout: 60_000 });
      await workbench.panel().locator('#search').fill('file:kernel/fork.c');
      await expect.poll(() => workbench.panel().locator('#summary').textContent()).toMatch(/^\d of /);
      await writtenDown(workbench.page, stored.extension, 'file:kernel/fork.c');
      await workbench.command('View: Close Editor');
      await workbench.command('Percpu Lens: Show Cost Report');
      const panel = workbench.panel();
      await panel.locator('#sites tr.site').first().waitFor({ timeout: 60_000 });
      expect(await panel.locator('#search').inputValue()).toBe('file:kernel/fork.c');

      await panel.locator('#follow').click();
      await panel.locator('#sites').focus();
      for (const key of ['Home', 'ArrowDown', 'Control+Enter']) await workbench.page.keyboard.press(key);
      await expect.poll(() => workbench.page.locator('.tab.active', { hasText: 'fork.c' }).count()).toBeGreaterThan(0);
      await workbench.goToLine(31);
      await expect.poll(() => panel.locator('tr[aria-selected="true"] .where').textContent()).toBe('kernel/fork.c:31');
    });
  });
});

describe('the chunk map', () => {
  it('shows the published case, and a recording chosen by its files', async () => {
    await inSample('kernel/fork.c', async (workbench) => {
      const { page } = workbench;
      await workbench.command('Percpu Lens: Show Chunk Map…');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: '11,000 memory cgroups' }).click();
      const panel = workbench.panel();
      await expect.poll(() => panel.locator('body').getAttribute('data-state'), { timeout: 60_000 }).toBe('open');
      expect(await panel.locator('#summary').textContent()).toContain('481,152');
      await panel.locator('#depopulation').uncheck();
      await panel.locator('#run').click();
      await expect.poll(() => panel.locator('#title').textContent(), { timeout: 60_000 }).toContain('without depopulation');
      // The first chunk holds what was there before the cgroups.
      await panel.locator('#chunks button').nth(3).click();
      await expect.poll(() => panel.locator('#owners').textContent()).toContain('of a cgroup');
      await workbench.screenshot('sample-chunk-map');

      await panel.locator('#choose').click();
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'A recording' }).click();
      for (const file of ['fork-before.json.gz', 'fork-trace.txt.gz']) {
        const input = page.locator('.quick-input-widget input').first();
        await page.locator('.quick-input-title', { hasText: file.includes('trace') ? '2 of 2' : '1 of 2' }).waitFor();
        const row = page.locator('.quick-input-list .monaco-list-row', { hasText: file });
        // The dialog writes where it starts into its field when it has read that folder: the path is typed until it lists the file.
        await expect.poll(async () => {
          await input.fill(path.join(recordings, file));
          return row.waitFor({ timeout: 2000 }).then(() => true, () => false);
        }).toBe(true);
        await row.click();
      }
      await expect.poll(() => panel.locator('#title').textContent(), { timeout: 60_000 }).toBe('Recording fork-trace.txt.gz');
      await expect.poll(() => panel.locator('#moment-text').textContent()).toContain('Percpu: 576 kB');
    });
  });
});

describe('a window that is loaded again', () => {
  it('has the report back as it was', async () => {
    await inSample(null, async (workbench) => {
      await workbench.command('Percpu Lens: Show Cost Report');
      await workbench.panel().locator('#search').fill('init_many');
      await expect.poll(() => workbench.panel().locator('#sites tr.site').count()).toBe(1);
      await writtenDown(workbench.page, stored.layout, 'init_many');
      await workbench.page.reload({ waitUntil: 'domcontentloaded' });
      await expect.poll(() => workbench.panel().locator('#sites tr.site').count(), { timeout: 90_000 }).toBe(1);
      expect(await workbench.panel().locator('#search').inputValue()).toBe('init_many');
    });
  });
});
