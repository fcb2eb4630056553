import path from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChunkMapViewMessage } from '../../client/views/messages';
import { areasIn, frameOf, makeChunkMap, type ChunkMap } from '../../server/src/features/chunkMap';
import type { WireChunk } from '../../server/src/protocol/chunkMap';
import { seriousFindings } from './accessibility';
import { usePanelBench } from './panelBench';
import { artifacts } from './workbench';

const { open, deliver, sent, page: pageOf } = usePanelBench();
let page: Page;

describe('the chunk map', () => {
  const recordings = path.resolve(import.meta.dirname, '../data/recordings');
  const source = { kind: 'recording', files: { trace: path.join(recordings, 'fork-trace.txt.gz'), state: path.join(recordings, 'fork-before.json.gz') } } as const;
  let map: ChunkMap;
  let answered = 0;

  beforeAll(async () => {
    const made = await makeChunkMap(source, () => undefined);
    if (!made.ok) throw new Error(made.error);
    map = made.map;
  });
  beforeEach(async () => {
    answered = 0;
    page = pageOf();
    await open('chunkMap');
  });

  /** Answers what the panel asked, as the host does. */
  async function answerAll(): Promise<void> {
    for (let quiet = 0; quiet < 2; quiet += 1) {
      const all = await page.evaluate<ChunkMapViewMessage[]>('window.sentMessages');
      for (const message of all.slice(answered)) {
        if (message.type === 'frame') await deliver({ type: 'frame', frame: message.frame, reply: frameOf(map, message.frame) });
        if (message.type === 'areas') await deliver({ type: 'areas', frame: message.frame, chunk: message.chunk, reply: areasIn(map, message.frame, message.chunk) });
        quiet = 0;
      }
      answered = all.length;
      await page.waitForTimeout(30);
    }
  }

  async function openMap(): Promise<void> {
    await deliver({ type: 'opening', source });
    await page.getByText('Working…').waitFor();
    await deliver({ type: 'opened', source, reply: { state: 'done', head: map.head } });
    await answerAll();
  }

  it('shows chunks, the moment and the Percpu line, and whose the areas are', async () => {
    await openMap();
    expect(await page.locator('#chunks tbody tr').count()).toBe(frameChunks(map).length);
    expect(await page.locator('#summary').textContent()).toMatch(/Percpu: [\d,]+ kB is what/);
    const owned = frameChunks(map).find(({ base }) => JSON.stringify(areasIn(map, map.head.frames.length - 1, base)).includes('mm_init'))!;
    await page.locator(`button[data-chunk="${owned.base}"]`).click();
    await answerAll();
    expect(await page.locator('#owners').textContent()).toContain('mm_init');
    await page.screenshot({ path: path.join(artifacts, 'panel-chunk-map.png'), fullPage: true });
  });

  it('names who allocated at the page under the mouse, and moves by arrow keys', async () => {
    await openMap();
    await page.locator('#map canvas').hover({ position: { x: 3, y: 8 } });
    await answerAll();
    expect(await page.locator('#page-line').textContent()).toMatch(/Chunk [0-9a-f]+, page 0 of .*used.*Allocated by/);
    await page.locator('#map').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await answerAll();
    expect(await page.locator('#page-line').textContent()).toContain(`Chunk ${frameChunks(map)[1]!.base}, page 1 `);
  });

  it('goes through the events by a slider', async () => {
    await openMap();
    const end = await page.locator('#chunks').textContent();
    await page.locator('#moment').focus();
    await page.keyboard.press('Home');
    await answerAll();
    expect(await page.locator('#moment-text').textContent()).toMatch(/^After 0 of [\d,]+ events · Percpu: [\d,]+ kB$/);
    await expect.poll(() => page.locator('#chunks').textContent()).not.toBe(end);
  });

  it('is used from end to end with the keyboard alone, and always shows where the focus is', async () => {
    await openMap();
    const visited: string[] = [];
    const tabTo = async (id: string): Promise<void> => {
      for (let presses = 0; presses < 60; presses += 1) {
        await page.keyboard.press('Tab');
        const { name, outlined } = await page.evaluate<{ name: string; outlined: boolean }>(focus);
        visited.push(name);
        expect(outlined, `the focus is seen on ${name}`).toBe(true);
        if (name === id) return;
      }
      throw new Error(`Tab never came to ${id}, but to ${visited.join(', ')}`);
    };
    await tabTo('map-cpus');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('64');
    await tabTo('strategy');
    await page.keyboard.press('ArrowDown');
    await tabTo('order');
    await tabTo('moment');
    for (const key of ['Home', 'ArrowRight']) await page.keyboard.press(key);
    await answerAll();
    expect(await page.locator('#moment').getAttribute('aria-valuetext')).toMatch(/^After [1-9]\d* of/);
    await page.keyboard.press('End');
    await answerAll();
    await tabTo('map');
    for (const key of ['ArrowDown', 'End']) await page.keyboard.press(key);
    await answerAll();
    const second = frameChunks(map)[1]!;
    expect(await page.locator('#page-line').textContent()).toContain(`Chunk ${second.base}, page ${String(second.used.length - 1)} `);
    await page.keyboard.press('Home');
    await answerAll();
    expect(await page.locator('#page-line').textContent()).toContain(`Chunk ${second.base}, page 0 `);
    const third = frameChunks(map)[2]!.base;
    await tabTo(third);
    await page.keyboard.press('Enter');
    await answerAll();
    expect(await page.locator(`button[data-chunk="${third}"]`).getAttribute('aria-pressed')).toBe('true');
    expect((await page.evaluate<{ name: string }>(focus)).name).toBe(third);
    expect(await page.locator('#owners').count()).toBe(1);
    for (let presses = 0; presses < visited.length + 10 && (await page.evaluate<{ name: string }>(focus)).name !== 'run'; presses += 1) await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    expect((await sent('open'))[0]?.['source']).toMatchObject({ kind: 'what-if', cpus: 64, order: 'as recorded' });
  });

  it('asks what would have been on other CPUs, with a strategy and in another order', async () => {
    await openMap();
    await page.locator('#map-cpus').fill('64');
    await page.locator('#strategy').selectOption('grouping');
    await page.locator('#order').selectOption('largest first');
    await page.locator('#run').click();
    expect((await sent('open'))[0]?.['source']).toEqual({ kind: 'what-if', files: source.files, cpus: 64, strategy: 'grouping', order: 'largest first' });
  });

  it('says what is wrong with a file, and what next', async () => {
    await deliver({ type: 'opening', source });
    await deliver({ type: 'opened', source, reply: { state: 'refused', reason: 'before.json: it is no JSON object' } });
    expect(await page.getByRole('alert').textContent()).toBe('before.json: it is no JSON object');
    await page.locator('#choose-again').click();
    expect(await sent('choose')).toHaveLength(1);
  });

  it('has no serious finding of axe', async () => {
    expect(await seriousFindings(page)).toEqual([]);
    await openMap();
    await page.locator('#chunks button').first().click();
    await answerAll();
    expect(await seriousFindings(page)).toEqual([]);
  });
});

/** The control that has the focus, by its id or chunk, and whether that is drawn. Runs in the page. */
const focus = `(() => {
  const at = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  return { name: at.id || at.dataset.chunk || at.className || at.tagName, outlined: at === document.body || (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) };
})()`;

function frameChunks(map: ChunkMap): readonly WireChunk[] {
  const reply = frameOf(map, map.head.frames.length - 1);
  return reply.state === 'done' ? reply.chunks : [];
}
