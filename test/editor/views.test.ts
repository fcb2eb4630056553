import type { Browser, FrameLocator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { kernelTree } from '../referenceData';
import { changedSinceCommit, linkedCopy } from './changedTree';
import { launchChromium } from './chromium';
import { sampleWorkspace, startCodeServer, type CodeServer } from './codeServer';
import { inThemes, panelInThemes, themes, type Theme } from './themes';
import { openWorkbench, type Workbench } from './workbench';

/** A call, definition or member to point at, and what its hover says. */
interface Place {
  readonly file: string;
  readonly line: number;
  readonly word: string;
  readonly hover: RegExp;
}

/** A tree with the places in it that are looked at. */
interface Looked {
  readonly name: string;
  readonly path: string | undefined;
  readonly themes: readonly Theme[];
  /** Milliseconds until the tree is read. */
  readonly patience: number;
  readonly call: Place;
  readonly hints: RegExp;
  readonly finding: Place;
  readonly struct: Place;
  readonly counter: Place;
  /** The object that a fork makes, in the inventory. */
  readonly object: RegExp;
}

const trees: readonly Looked[] = [
  {
    name: 'sample', path: sampleWorkspace, themes, patience: 60_000,
    call: { file: 'kernel/fork.c', line: 31, word: 'percpu_counter_init_many', hover: /16 B per CPU × 256 possible CPUs = 4 KiB.*every fork/s },
    hints: /4 KiB · every fork/,
    finding: { file: 'drivers/net/sample_tunnel.c', line: 21, word: 'alloc_percpu', hover: /may sleep here, after spin_lock_bh/ },
    struct: { file: 'include/linux/mm_types.h', line: 17, word: 'mm_cid', hover: /16 B per CPU, alignment 8/ },
    counter: { file: 'include/linux/mm_types.h', line: 25, word: 'rss_stat', hover: /read error ± 130,816 pages attainable/ },
    object: /^[▸▾]?mm/,
  },
  {
    name: 'kernel', path: kernelTree('6.12'), themes: themes.slice(0, 1), patience: 240_000,
    call: { file: 'kernel/fork.c', line: 1334, word: 'percpu_counter_init_many', hover: /16 B per CPU × 256 possible CPUs = 4 KiB.*every fork/s },
    hints: /4 KiB · every fork/,
    finding: { file: 'drivers/char/ipmi/ipmi_msghandler.c', line: 1255, word: 'init_srcu_struct', hover: /is not released on the way to vfree\(new_user\) on line 1289/ },
    struct: { file: 'include/linux/mm_types.h', line: 827, word: 'mm_cid', hover: /16 B per CPU, alignment 8/ },
    counter: { file: 'include/linux/mm_types.h', line: 979, word: 'rss_stat', hover: /read error ± 130,816 pages attainable/ },
    object: /^[▸▾]?fork/,
  },
];

/** What the commit has otherwise: fewer counters in an mm, a variable more, another name of it. */
const before = {
  'kernel/fork.c': (text: string) => `${text.replace(/(GFP_KERNEL_ACCOUNT,\s+)NR_MM_COUNTERS/, '$12')}\nDEFINE_PER_CPU(long, gone_now);\n`,
  'mm/page_stat.c': (text: string) => `${text.replace(/^static DEFINE_PER_CPU.*$/m, '')}\nstatic DEFINE_PER_CPU(int, gone_too);\n`,
};

describe.each(trees)('every view of the $name', ({ name, path, themes: looked, patience, call, hints, finding, struct, counter, object }) => {
  let browser: Browser;
  let server: CodeServer;
  let workbench: Workbench;
  let remove = (): void => undefined;

  beforeAll(async () => {
    if (path === undefined) return;
    [browser, server] = await Promise.all([launchChromium(), startCodeServer()]);
    let folder: string;
    if (name === 'sample') folder = server.copyOf(path);
    else ({ folder, remove } = linkedCopy(path));
    changedSinceCommit(folder, Object.fromEntries(Object.entries(before).filter(([file]) => name === 'sample' || file === call.file)));
    workbench = await openWorkbench(browser, server, folder, call.file);
    await workbench.page.locator('.statusbar-item', { hasText: '256 CPUs · server-256' }).waitFor({ timeout: patience });
  }, 400_000);
  afterAll(async () => {
    if (path === undefined) return;
    await browser.close();
    await server.stop();
    remove();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.screenshot(`failed-view-${name}`);
  });

  const picture = (view: string): string => `view-${name}-${view}`;
  const inPanel = (view: string): Promise<void> => panelInThemes(workbench, looked, picture(view));
  const goTo = async ({ file, line }: Place): Promise<void> => {
    await workbench.openFile(file);
    await workbench.goToLine(line);
  };
  const hovered = async (place: Place, view: string): Promise<void> => {
    await goTo(place);
    await inThemes(workbench, looked, picture(view), () => workbench.hover(place.word, place.hover));
  };
  const chooseRow = (label: string): Promise<void> => workbench.page.locator('.quick-input-list .monaco-list-row:visible', { hasText: label }).first().click();
  const ready = (panel: FrameLocator, state: string, timeout = 60_000): Promise<void> => expect.poll(() => panel.locator('body').getAttribute('data-state'), { timeout }).toBe(state);
  const openReport = async (): Promise<FrameLocator> => {
    await workbench.command('Percpu Lens: Show Cost Report');
    const panel = workbench.panel();
    await panel.locator('#sites tr.site').first().waitFor({ timeout: 60_000 });
    await ready(panel, 'ready');
    return panel;
  };

  it.runIf(path !== undefined)('hints and lenses', async () => {
    await goTo(call);
    await inThemes(workbench, looked, picture('hints'), async () => {
      await expect.poll(() => workbench.visibleText()).toMatch(hints);
      await expect.poll(async () => (await workbench.page.locator('.codelens-decoration').allTextContents()).join()).toContain('percpu');
    });
  });

  it.runIf(path !== undefined)('hovers of a call, a struct, a counter and a finding', async () => {
    await hovered(call, 'hover');
    await hovered(finding, 'finding');
    await hovered(struct, 'hover-struct');
    await hovered(counter, 'hover-counter');
  });

  it.runIf(path !== undefined)('report, strategies and what is unknown', async () => {
    const panel = await openReport();
    await panel.locator('#sites').focus();
    for (let step = 0; step < 2; step += 1) await workbench.page.keyboard.press('ArrowDown');
    await panel.locator('#details h3').first().waitFor();
    await panel.locator('#cost-chart canvas').waitFor();
    await inPanel('report');

    await panel.locator('#search').fill('function:mm_init api:init_many');
    await expect.poll(() => panel.locator('#sites tr.site').count()).toBe(1);
    await panel.locator('#sites tr.site').click();
    await panel.locator('#details h2', { hasText: 'mm_init' }).waitFor();
    await panel.locator('.strategy summary', { hasText: 'What to do' }).first().click();
    await panel.locator('body').evaluate(`document.querySelector('.strategies h3').scrollIntoView()`);
    await inPanel('strategies');
    await panel.locator('body').evaluate(`document.querySelector('.strategy .comparison').scrollIntoView()`);
    await inPanel('strategy-figures');

    await panel.locator('#search').fill('');
    await panel.locator('#unknowns').click();
    await panel.locator('#details #unknown-heading').waitFor();
    await panel.locator('#details summary').first().click();
    await inPanel('unknowns');
  });

  it.runIf(path !== undefined)('inventory, alone and beside a commit; report and code compared with it', async () => {
    await workbench.command('Percpu Lens: Show Object Inventory');
    let panel = workbench.panel();
    await ready(panel, 'ready');
    const row = panel.locator('#objects tbody tr', { has: panel.locator('.title', { hasText: object }) }).first();
    await row.click();
    await panel.locator('#objects').focus();
    await workbench.page.keyboard.press('ArrowRight');
    await inPanel('inventory');
    await panel.locator('#beside').selectOption('a commit');
    await chooseRow('HEAD');
    await expect.poll(() => panel.locator('#heading').textContent(), { timeout: patience, interval: 500 }).toContain('HEAD');
    await expect.poll(() => panel.locator('.indexing').count(), { timeout: patience }).toBe(0);
    await inPanel('inventory-commit');
    await workbench.command('View: Close Editor');

    panel = await openReport();
    await expect.poll(() => panel.locator('#comparison').textContent(), { timeout: patience }).toMatch(/^Since HEAD: .*1 changed/);
    await panel.locator('#sites tr.changed').click();
    await panel.locator('.change-section').waitFor();
    await inPanel('report-commit');
    await workbench.command('View: Close Editor');
    await hovered({ ...call, hover: /compared with HEAD: changed: .*8 B per CPU → 16 B per CPU/ }, 'hover-commit');
    await workbench.command('Percpu Lens: Stop Comparing');
  });

  it.runIf(path !== undefined)('chunk map', async () => {
    await workbench.command('Percpu Lens: Show Chunk Map…');
    await chooseRow('11,000 memory cgroups');
    const panel = workbench.panel();
    await panel.locator('#chunks button').first().click();
    await panel.locator('#owners').waitFor();
    await inPanel('chunk-map');
    await workbench.command('View: Close Editor');
  });

  it.runIf(path !== undefined)('simulation, its further answers and its timeline', async () => {
    await workbench.command('Percpu Lens: Run Simulation…');
    await chooseRow('Fork and exec');
    await chooseRow('to 64 CPUs');
    await workbench.page.locator('.quick-input-title', { hasText: '3 of 3' }).waitFor();
    await workbench.page.keyboard.press('Enter');
    const panel = workbench.panel();
    await expect.poll(() => panel.locator('body').getAttribute('data-state'), { timeout: 120_000 }).toBe('finished');
    await inPanel('simulation');
    await panel.locator('#ask-sensitivity').press('Enter');
    await panel.locator('#sensitivity').waitFor({ timeout: 120_000 });
    await panel.locator('#ask-timeline').press('Enter');
    await panel.locator('#timeline-readout', { hasText: /^CPU 0/ }).waitFor({ timeout: 60_000 });
    await panel.locator('#timeline').scrollIntoViewIfNeeded();
    await inPanel('timeline');
    await panel.locator('#sensitivity').scrollIntoViewIfNeeded();
    await inPanel('simulation-answers');
  });
});
