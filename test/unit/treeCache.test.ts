import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { neverCancelled } from '../../server/src/util/cancellation';
import { cacheFolderAt, type CacheFolder } from '../../server/src/workspace/cacheFolder';
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
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  const full = path.join(folder, 'tree', file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  // Long ago, as most files are: of what was just written a stamp says nothing.
  utimesSync(full, 1_600_000_000, 1_600_000_000 + text.length);
}

async function indexed(kept: CacheFolder | null): Promise<TreeIndex> {
  const index = createTreeIndex({
    source: folderSource(path.join(folder, 'tree')), extraApis: [], apiOf: (name) => catalogue.byName.get(name), factsEntry, processes: 1, cache: kept,
    sizeOf: () => ({ size: null, align: null, source: 'unknown', reason: 'not asked for' }), countOf: () => null, batchOf: () => null, memberOf: () => null,
  });
  await index.scan(neverCancelled, () => undefined);
  return index;
}

async function answers(kept: CacheFolder | null): Promise<unknown> {
  const index = await indexed(kept);
  const sites: unknown[] = [];
  await index.resolveAll(neverCancelled, (file, found) => sites.push(file, found));
  return JSON.parse(JSON.stringify({ facts: [...index.facts].sort(([a], [b]) => (a < b ? -1 : 1)), problems: index.problems, sites, wrappers: index.wrapperApis() }));
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

  it('do not come from a stamp that a later write may not change', async () => {
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
