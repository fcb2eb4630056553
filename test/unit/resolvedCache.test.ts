import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cacheFolderAt } from '../../server/src/workspace/cacheFolder';
import { noReads } from '../../server/src/workspace/edited/detailReads';
import { openResolvedCache, type ResolvedCache } from '../../server/src/workspace/resolvedCache';
import { newTable } from '../../server/src/workspace/treeTable';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-resolved-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function put(cache: ResolvedCache): void {
  const asked = { names: new Set<string>(), called: new Set<string>(), followable: new Set<string>(), functions: new Map(), strings: new Map(), constants: new Map(), linkages: new Map() };
  const links = {
    steps: { levels: [], hubs: [], late: [] }, tables: { marks: new Map(), variants: new Map(), names: new Set<string>() },
    names: { names: '', files: '', callers: '', definitions: '', marks: '', modules: new Uint8Array(), starts: new Int32Array(), rows: new Int32Array() },
    index: null,
  };
  cache.put('digest', ['Makefile'], { sites: new Map(), ruleFacts: new Map(), problems: [], files: 0 }, { table: newTable([]), wrappers: [], signatures: new Map(), ...noReads, asked, links });
}

it('a tree is not kept with a Makefile that was written to while it was resolved', () => {
  const open = (): ResolvedCache => openResolvedCache(cacheFolderAt(path.join(folder, 'cache'), 'test'), folder, 'test');
  const written = open();
  writeFileSync(path.join(folder, 'Makefile'), 'obj-y := a.o\n');
  put(written);
  expect(open().last()).toBeNull();
  const now = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(now + 60_000);
  put(open());
  expect(open().last()?.digest).toBe('digest');
});
