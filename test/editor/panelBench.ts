import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { artifacts } from './workbench';
import { launchChromium } from './chromium';
import { servePanels, type PanelServer } from './panelPage';

/** A panel in a page of its own, without the editor; a new page for each test. */
export interface PanelBench {
  readonly page: () => Page;
  readonly open: (view: Parameters<PanelServer['open']>[1]) => Promise<void>;
  /** What the extension host would send. */
  readonly deliver: (message: unknown) => Promise<unknown>;
  /** What the panel sent of a type. */
  readonly sent: (type: string) => Promise<Record<string, unknown>[]>;
}

/** Registers what the tests of a file need; none may break the panels' content security policy. */
export function usePanelBench(): PanelBench {
  let browser: Browser;
  let panels: PanelServer;
  let page: Page;
  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    [browser, panels] = await Promise.all([launchChromium(), servePanels()]);
  });
  afterAll(async () => {
    await browser.close();
    await panels.close();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
  });
  afterEach(async () => {
    expect(await page.evaluate('window.violations')).toEqual([]);
    await page.close();
  });
  return {
    page: () => page,
    open: (view) => panels.open(page, view),
    deliver: (message) => page.evaluate(`window.receive(${JSON.stringify(message)})`),
    sent: async (type) => {
      const all = await page.evaluate<Record<string, unknown>[]>('window.sentMessages');
      return all.filter((message) => message['type'] === type);
    },
  };
}
