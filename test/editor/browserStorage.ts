import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Where the editor keeps, in the browser: its layout with the state of each panel, and what the extension keeps for a folder. */
export const stored = { layout: 'memento/workbench.parts.editor', extension: 'percpu-lens.percpu-lens' } as const;

/** Waits until a text has been written down there, which the editor does every few seconds. */
export async function writtenDown(page: Page, key: string, text: string): Promise<void> {
  await expect.poll(() => page.evaluate<readonly string[]>(`(${reader})(${JSON.stringify(key)})`).then((values) => values.some((value) => value.includes(text)))).toBe(true);
}

/** Runs in the window: the values of a key in all of its databases. */
const reader = `async (key) => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const values = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const store of database.objectStoreNames) values.push(await done(database.transaction(store).objectStore(store).get(key)));
    database.close();
  }
  return values.filter((value) => typeof value === 'string');
}`;
