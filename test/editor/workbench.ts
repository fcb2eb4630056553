import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import type { CodeServer } from './codeServer';

export const artifacts = path.resolve(import.meta.dirname, '../artifacts');

/** One window of the editor, driven as a person drives it. */
export interface Workbench {
  readonly page: Page;
  readonly folder: string;
  /** Runs a command by its title from the palette. */
  command(title: string): Promise<void>;
  /** The text of the hover over a word, asked for again until it matches: a shown hover does not follow the analysis. */
  hover(word: string, expected: RegExp): Promise<string>;
  /** Puts the cursor into the first visible occurrence of a word. */
  cursorOn(word: string): Promise<void>;
  readonly statusItem: Locator;
  /** A panel's own document, inside the editor's two frames. */
  panel(): FrameLocator;
  /** Lines of code as drawn, non-breaking spaces made plain. */
  visibleText(): Promise<string>;
  /** Opens a file of the folder by its path, as with Go to File. */
  openFile(file: string): Promise<void>;
  /** Goes to a line of the open file. */
  goToLine(line: number): Promise<void>;
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens a folder (or a `.code-workspace` of several) and a file in a browser window; waits until the file's text is drawn. */
export async function openWorkbench(browser: Browser, server: CodeServer, folder: string, file: string | null): Promise<Workbench> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const host = `127.0.0.1:${String(server.port)}`;
  const url = new URL(`http://${host}/`);
  url.searchParams.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', folder);
  if (file !== null) url.searchParams.set('payload', JSON.stringify([['openFile', `vscode-remote://${host}${path.resolve(folder, file)}`]]));
  page.setDefaultTimeout(60_000);
  await page.goto(url.href, { waitUntil: 'domcontentloaded' });
  await page.locator(file === null ? '.explorer-folders-view' : '.monaco-editor .view-line').first().waitFor({ timeout: 90_000 });
  return {
    page,
    folder,
    command: (title) => runCommand(page, title),
    hover: (word, expected) => hoverUntil(page, word, expected),
    cursorOn: (word) => page.locator('.view-line span span', { hasText: new RegExp(`\\b${word}\\b`) }).first().click(),
    statusItem: page.locator('[id="percpu-lens.percpu-lens.percpuLens.machine"], .statusbar-item:has-text(" CPUs")').first(),
    panel: () => page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame'),
    visibleText: async () => (await page.locator('.monaco-editor .view-line').allTextContents()).join('\n').replaceAll('\u00a0', ' '),
    openFile: (file) => openFile(page, file),
    goToLine: (line) => goToLine(page, line),
    screenshot: async (name) => {
      mkdirSync(artifacts, { recursive: true });
      // Hovers and menus fade in, which the picture ends.
      await page.screenshot({ path: path.join(artifacts, `${name}.png`), animations: 'disabled' });
    },
    close: () => page.close(),
  };
}

async function openPalette(page: Page, text: string): Promise<Locator> {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input').first();
  await input.waitFor({ state: 'visible' });
  await input.fill(text);
  return input;
}

async function runCommand(page: Page, title: string): Promise<void> {
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
  // The palette does not take up commands of extensions that come while it is open.
  for (let attempt = 0; attempt < 12; attempt += 1) {
    await openPalette(page, `>${title}`);
    if (await appears(row, 5000)) {
      await page.keyboard.press('Enter');
      return;
    }
    await page.keyboard.press('Escape');
  }
  throw new Error(`the palette has no command ${title}`);
}

function appears(locator: Locator, timeout: number): Promise<boolean> {
  return locator.waitFor({ timeout }).then(() => true, () => false);
}

async function openFile(page: Page, file: string): Promise<void> {
  await openPalette(page, file);
  const name = path.basename(file);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().click();
  await page.locator('.tab.active', { hasText: name }).waitFor();
}

async function goToLine(page: Page, line: number): Promise<void> {
  await openPalette(page, `:${String(line)}`);
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

async function hoverUntil(page: Page, word: string, expected: RegExp): Promise<string> {
  let text = '';
  for (let attempt = 0; attempt < 60; attempt += 1) {
    await pointAt(page, word);
    const hover = page.locator('.monaco-hover:not(.hidden)').first();
    if (await appears(hover, 3000)) text = (await hover.textContent({ timeout: 2000 }).catch(() => null)) ?? '';
    if (expected.test(text)) return text;
    await page.keyboard.press('Escape');
    await page.waitForTimeout(500);
  }
  throw new Error(`the hover over ${word} never matched ${String(expected)}; it last said: ${text}`);
}

/** Moves the mouse onto the word from elsewhere; its text may be drawn anew meanwhile, and is then tried again by the caller. */
async function pointAt(page: Page, word: string): Promise<void> {
  const token = page.locator('.view-line span span', { hasText: new RegExp(`\\b${word}\\b`) }).first();
  await token.waitFor();
  const box = await token.boundingBox();
  const text = await token.textContent({ timeout: 2000 }).catch(() => null);
  if (box === null || text === null) return;
  // A token's span may hold white space and other words too.
  const at = (text.indexOf(word) + 2) / Math.max(1, text.length);
  const [x, y] = [box.x + box.width * at, box.y + box.height / 2];
  await page.mouse.move(x, y + 90);
  await page.mouse.move(x, y, { steps: 4 });
}
