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

function frameChunks(map: ChunkMap): readonly WireChunk[] {
  const reply = frameOf(map, map.head.frames.length - 1);
  return reply.state === 'done' ? reply.chunks : [];
}
