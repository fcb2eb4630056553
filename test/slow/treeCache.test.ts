import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { newUnitReads } from '../../server/src/resolve/unitReads';
import { neverCancelled } from '../../server/src/util/cancellation';
import { cacheFolderAt, type CacheFolder } from '../../server/src/workspace/cacheFolder';
import { openResolvedCache } from '../../server/src/workspace/resolvedCache';
import { resolvedTree } from '../../server/src/workspace/resolvedTree';
import { createTreeIndex, type TreeIndex } from '../../server/src/workspace/treeIndex';
import { folderSource } from '../../server/src/workspace/treeSource';

const repository = path.resolve(import.meta.dirname, '../..');
const factsEntry = path.join(repository, 'node_modules', '.cache', `facts-worker-unit-${process.pid}.cjs`);
const catalogue = catalogueFor(null);
let folder = '';
let cache: CacheFolder | null = null;

beforeAll(async () => {
  await build({
    absWorkingDir: repository, entryPoints: ['server/src/worker/factsWorker.ts'], outfile: factsEntry, bundle: true,
    platform: 'node', format: 'cjs', external: ['tree-sitter', 'tree-sitter-c'], logLevel: 'error',
  });
});
afterAll(() => rmSync(factsEntry, { force: true }));
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-tree-'));
  cache = cacheFolderAt(path.join(folder, 'cache'), 'test');
  // Of what was written a moment ago a stamp says nothing: here it was a while ago.
  const now = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 60_000);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function write(file: string, text: string): void {
  const full = path.join(folder, 'tree', file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
}

function indexOf(kept: CacheFolder | null): TreeIndex {
  return createTreeIndex({
    source: folderSource(path.join(folder, 'tree')), extraApis: [], apiOf: (name) => catalogue.byName.get(name), factsEntry, processes: 1, cache: kept,
    sizeOf: () => ({ size: null, align: null, source: 'unknown', reason: 'not asked for' }), countOf: () => null, batchOf: () => null, memberOf: () => null,
    resolved: { cache: openResolvedCache(kept, path.join(folder, 'tree'), 'test'), asked: () => new Set(['Makefile', 'mm/alloc.c', 'absent/Kbuild']), types: { reads: newUnitReads(), catalogueType: () => null, includesOf: () => [], recallNamed: () => undefined } },
  });
}

async function indexed(kept: CacheFolder | null): Promise<TreeIndex> {
  const index = indexOf(kept);
  await index.scan(neverCancelled, () => undefined);
  return index;
}

async function isRecalled(): Promise<boolean> {
  let result = false;
  await indexOf(cache).scan(neverCancelled, () => undefined, () => {
    result = true;
    return 'enough';
  });
  return result;
}

async function answers(kept: CacheFolder | null): Promise<unknown> {
  const index = await indexed(kept);
  const resolved = await resolvedTree(indexOf(kept), () => undefined);
  return JSON.parse(JSON.stringify({ sites: [...resolved.sites], rules: [...resolved.ruleFacts], listed: resolved.problems, facts: [...index.facts].sort(([a], [b]) => (a < b ? -1 : 1)), problems: index.problems, wrappers: index.wrapperApis() }));
}

function tree(): void {
  write('mm/alloc.c', 'void *foo_alloc_area(size_t size)\n{\n\treturn __alloc_percpu(size, 8);\n}\nEXPORT_SYMBOL(foo_alloc_area);\n');
  write('kernel/user.c', 'static int user_make_one(struct user *u)\n{\n\tu->area = foo_alloc_area(sizeof(struct stats));\n\treturn 0;\n}\nint user_make_many(void)\n{\n\treturn user_make_one(NULL);\n}\n');
  write('kernel/caller.c', 'static int __init caller_start_up(void)\n{\n\treturn user_make_many();\n}\nmodule_init(caller_start_up);\n');
  write('lib/plain.c', 'int plain(void)\n{\n\treturn 0;\n}\n');
  write('lib/odd.c', 'int odd(void)\n{\n\tfree_percpu(\n');
}

const steps: readonly { readonly what: string; readonly edit: () => void }[] = [
  { what: 'nothing changed', edit: () => undefined },
  { what: 'a file was written to', edit: () => write('kernel/user.c', 'void other_user(void)\n{\n\tx = foo_alloc_area(16);\n}\n') },
  { what: 'a file came', edit: () => write('a/first.c', 'DEFINE_PER_CPU(int, first);\n') },
  { what: 'a file went', edit: () => rmSync(path.join(folder, 'tree/kernel/caller.c')) },
  { what: 'a file without a name got one', edit: () => write('lib/plain.c', 'void plain(void)\n{\n\tfree_percpu(p);\n}\n') },
  { what: 'a file lost its names', edit: () => write('lib/odd.c', 'int odd;\n') },
  { what: 'the wrapper went', edit: () => write('mm/alloc.c', 'void *foo_alloc_area(size_t size)\n{\n\treturn NULL;\n}\n') },
  { what: 'all is as it was at first', edit: tree },
];

describe('facts of a tree', () => {
  it('are the same from the cache as read afresh, after every kind of change', async () => {
    tree();
    for (const { what, edit } of steps) {
      edit();
      const fresh = await answers(null);
      expect(await answers(cache), what).toEqual(fresh);
      expect(await answers(cache), `${what}, again`).toEqual(fresh);
    }
  });

  it('are resolved anew after any change of what they were resolved from, and only then', async () => {
    tree();
    write('Makefile', 'VERSION = 6\n');
    await answers(cache);
    expect(await isRecalled()).toBe(true);
    const changes: readonly (() => void)[] = [
      () => write('Makefile', 'VERSION = 6\nPATCHLEVEL = 12\n'),
      () => write('absent/Kbuild', 'obj-y += x.o\n'),
      () => write('lib/plain.c', 'int plainer;\n'),
      () => write('include/new.h', '#define NEW\n'),
      () => rmSync(path.join(folder, 'tree/lib/odd.c')),
    ];
    for (const change of changes) {
      change();
      expect(await isRecalled()).toBe(false);
      await answers(cache);
      expect(await isRecalled()).toBe(true);
    }
  });

  it('are not taken for those of a changed file that nobody could read', async () => {
    tree();
    await answers(cache);
    const whole = readFileSync(factsEntry);
    writeFileSync(factsEntry, 'process.exit(1);');
    try {
      expect(await isRecalled()).toBe(true);
      write('lib/plain.c', 'void plain(void)\n{\n\tfree_percpu(p);\n}\n');
      expect(await isRecalled()).toBe(false);
      expect(await isRecalled()).toBe(false);
    } finally {
      writeFileSync(factsEntry, whole);
    }
    expect(await isRecalled()).toBe(false);
    expect(await answers(cache)).toEqual(await answers(null));
  });

  it('do not come from a stamp that a later write may not change', async () => {
    vi.restoreAllMocks();
    const file = path.join(folder, 'tree/one.c');
    write('one.c', 'void f(void)\n{\n\tx = alloc_percpu(int);\n}\n');
    const now = new Date();
    utimesSync(file, now, now);
    const { size } = statSync(file);
    await indexed(cache);
    writeFileSync(file, 'void g(void)\n{\n\tx = alloc_percpu(int);\n}\n');
    utimesSync(file, now, now);
    expect(statSync(file).size).toBe(size);
    expect((await indexed(cache)).facts.get('one.c')?.functions.map(({ name }) => name)).toEqual(['g']);
  });

  it('are read anew where what was kept is damaged', async () => {
    tree();
    const fresh = await answers(null);
    await indexed(cache);
    for (const name of readdirSync(path.join(folder, 'cache'), { recursive: true, encoding: 'utf8' })) {
      const file = path.join(folder, 'cache', name);
      if (statSync(file).isFile()) writeFileSync(file, Buffer.alloc(statSync(file).size, 'x'));
    }
    expect(await answers(cache)).toEqual(fresh);
  });
});
