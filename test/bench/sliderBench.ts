/**
 * `npm run bench -- slider --tree FOLDER [--out FILE]`: how the report follows its CPU slider in a real VS Code: long tasks of the
 * panel while it is dragged and, for the last position of each drag, the time until its figures stand, beside empty round
 * trips of the same panel in the same run. Needs Chromium, the packaged extension and the editor that scripts/test.sh installs.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { FrameLocator } from 'playwright-core';
import { launchChromium } from '../editor/chromium';
import { sampleWorkspace, startCodeServer } from '../editor/codeServer';
import { openWorkbench } from '../editor/workbench';
import { stretchedTasks, watchLongTasks } from './longTasks';
import { median } from './measuring';
import { createSliderMeasure } from './sliderMeasure';

const { values } = parseArgs({ options: { tree: { type: 'string' }, out: { type: 'string' } } });
const tree = path.resolve(values.tree ?? sampleWorkspace);

async function inState(panel: FrameLocator, state: string): Promise<void> {
  await panel.locator(`body[data-state="${state}"]`).waitFor({ timeout: 300_000 });
}

const [browser, server] = await Promise.all([launchChromium(), startCodeServer()]);
try {
  const workbench = await openWorkbench(browser, server, tree, 'kernel/fork.c');
  await workbench.page.locator('.statusbar-item', { hasText: ' CPUs · server-256' }).waitFor({ timeout: 300_000 });
  await workbench.command('Percpu Lens: Show Cost Report');
  const panel = workbench.panel();
  await inState(panel, 'ready');
  const measure = createSliderMeasure(workbench, panel);
  // Nothing in view asks for no price: an empty round trip.
  await panel.locator('#search').fill('no such thing anywhere');
  await panel.getByText('No site matches').waitFor();
  const emptyMs: number[] = [];
  for (const position of [30, 170, 60, 140, 90, 120, 40]) emptyMs.push(await measure.set(position));
  await panel.locator('#search').fill('');
  await panel.locator('#sites tr.site').first().waitFor();
  const watch = await watchLongTasks(browser, panel);
  const lastMs: number[] = [];
  for (const [from, to] of [[0.1, 0.95], [0.95, 0.55], [0.55, 0.75], [0.75, 0.5], [0.5, 0.85]] as const) lastMs.push(await measure.drag(from, to));
  const { own, all } = await watch.stop();
  const stretched = await stretchedTasks(panel, 20, 200);
  const result = { emptyMs, lastMs, ratio: median(lastMs) / median(emptyMs), longTasks: own, longTasksOfWindow: all, tasksOf20MsStretched: stretched };
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`empty round trip ${median(emptyMs).toFixed(0)} ms, last position ${median(lastMs).toFixed(0)} ms: ${result.ratio.toFixed(1)} (bar 5)\n`);
  process.stdout.write(`long tasks of the panel ${own.length} (bar 0)${own.map(({ duration, busy }) => `, ${duration} ms with ${busy.toFixed(0)} on the processor`).join('')}\n`);
  // Where tasks of 20 ms become long while nothing is dragged, other programs of the machine are measured, not the panel.
  process.stdout.write(`of 200 tasks of 20 ms in the panel left alone, ${stretched} became long\n`);
} finally {
  await browser.close();
  await server.stop();
}
