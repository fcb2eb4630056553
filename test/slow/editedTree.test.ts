import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { cacheFolderAt, type CacheFolder } from '../../server/src/workspace/cacheFolder';
import { folderTypes } from '../../server/src/workspace/folderTypes';
import { openResolvedCache } from '../../server/src/workspace/resolvedCache';
import { resolvedTree } from '../../server/src/workspace/resolvedTree';
import { createTreeIndex } from '../../server/src/workspace/treeIndex';
import { folderSource } from '../../server/src/workspace/treeSource';

const repository = path.resolve(import.meta.dirname, '../..');
const factsEntry = path.join(repository, 'node_modules', '.cache', `facts-worker-edited-${process.pid}.cjs`);
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
  folder = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-edited-'));
  cache = cacheFolderAt(path.join(folder, 'cache'), 'test');
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

function change(file: string, edit: (text: string) => string): void {
  const before = readFileSync(path.join(folder, 'tree', file), 'utf8');
  const after = edit(before);
  expect(after).not.toBe(before);
  write(file, after);
}

function tree(): void {
  write('Makefile', 'VERSION = 6\nPATCHLEVEL = 12\n');
  write('include/linux/pool.h', '#define POOL_ROWS 4\nstruct pool_stats { long hits, misses; };\n');
  write('include/linux/plain.h', 'struct plain { int x; };\n');
  write('mm/alloc.c', '#include <linux/pool.h>\nvoid *pool_area(unsigned long size)\n{\n\treturn __alloc_percpu(size, sizeof(struct pool_stats));\n}\nEXPORT_SYMBOL(pool_area);\n');
  write('kernel/user.c', '#include <linux/pool.h>\nstatic int user_make(struct user *user)\n{\n\tint i;\n\n\tfor (i = 0; i < POOL_ROWS; i++)\n\t\tuser->rows[i] = alloc_percpu(struct pool_stats);\n\tuser->area = pool_area(sizeof(struct pool_stats));\n\tfree_percpu(user->area);\n\treturn 0;\n}\nint user_make_many(struct user *user)\n{\n\tif (user->ready)\n\t\treturn user_make(user);\n\treturn 0;\n}\n');
  write('kernel/plain.c', '#include <linux/plain.h>\nDEFINE_PER_CPU(struct plain, plain_one);\n');
  write('kernel/caller.c', 'static int __init caller_start(void)\n{\n\treturn user_make_many(NULL);\n}\nmodule_init(caller_start);\n');
  write('lib/aside.c', 'int aside(void)\n{\n\treturn 0;\n}\n');
}

interface Answer {
  readonly tree: unknown;
  /** All facts were loaded and linked, not those of the edited file alone. */
  readonly isAnew: boolean;
}

async function answer(kept: CacheFolder | null): Promise<Answer> {
  const root = path.join(folder, 'tree');
  const { types, tree: files, catalogue } = folderTypes({ root, headers: null, arch: 'x86_64', kernel: null, kconfig: null, btf: null, extraApis: [] });
  const index = createTreeIndex({
    ...types, source: folderSource(root), extraApis: [], apiOf: (name) => catalogue.byName.get(name), factsEntry, processes: 1, cache: kept,
    resolved: { cache: openResolvedCache(kept, root, 'test'), asked: () => files.asked(), types },
  });
  const { sites, ruleFacts, problems, files: count } = await resolvedTree(index, () => undefined);
  return { tree: JSON.parse(JSON.stringify({ sites: [...sites].sort(([a], [b]) => (a < b ? -1 : 1)), ruleFacts: [...ruleFacts].sort(([a], [b]) => (a < b ? -1 : 1)), problems, count })), isAnew: index.facts.size > 1 };
}

/** `anew`: links may differ, so all is resolved again; else what was kept is taken but for what can differ. */
const edits: readonly { readonly what: string; readonly anew: boolean; readonly edit: () => void }[] = [
  { what: 'a comment before the sites', anew: false, edit: () => change('kernel/user.c', (text) => `/* more */\n\n${text}`) },
  { what: 'a variable behind them', anew: false, edit: () => change('kernel/user.c', (text) => `${text}static int one_more;\n`) },
  { what: 'another size of a type', anew: false, edit: () => change('include/linux/plain.h', (text) => text.replace('int x;', 'int x; long y;')) },
  { what: 'a file that nothing is in', anew: false, edit: () => change('lib/aside.c', (text) => text.replace('return 0', 'return 1')) },
  { what: 'the lines of a wrapper', anew: false, edit: () => change('mm/alloc.c', (text) => `\n\n${text}`) },
  { what: 'a type that a wrapper takes its alignment from', anew: false, edit: () => change('include/linux/pool.h', (text) => text.replace('hits,', 'hits, more, most,')) },
  { what: 'the bound of a loop', anew: true, edit: () => change('include/linux/pool.h', (text) => text.replace('ROWS 4', 'ROWS 9')) },
  { what: 'a condition on the way to a site', anew: true, edit: () => change('kernel/user.c', (text) => text.replace('if (user->ready)', 'if (user->other)')) },
  { what: 'a comment on the way to a site', anew: false, edit: () => change('kernel/user.c', (text) => text.replace('user->other)', 'user->other) /* but */')) },
  { what: 'another argument', anew: true, edit: () => change('kernel/user.c', (text) => text.replace('alloc_percpu(struct pool_stats)', 'alloc_percpu(long)')) },
  { what: 'a further site', anew: true, edit: () => change('kernel/plain.c', (text) => `${text}DEFINE_PER_CPU(long, plain_two);\n`) },
  { what: 'a header that came', anew: false, edit: () => write('include/linux/new.h', 'struct brand_new { int x; };\n') },
  { what: 'a header found in place of another', anew: false, edit: () => write('arch/x86/include/linux/plain.h', 'struct plain { char x; };\n') },
  { what: 'it went again', anew: false, edit: () => rmSync(path.join(folder, 'tree/arch/x86/include/linux/plain.h')) },
  { what: 'a file that came and calls', anew: true, edit: () => write('kernel/second.c', 'int second(void)\n{\n\treturn user_make_many(NULL);\n}\n') },
  { what: 'a file that only mentions a function', anew: true, edit: () => write('lib/third.c', '/* as user_make_many() does */\nint third;\n') },
  { what: 'a caller that went', anew: true, edit: () => rmSync(path.join(folder, 'tree/kernel/caller.c')) },
  { what: 'a makefile', anew: true, edit: () => change('Makefile', (text) => text.replace('12', '11')) },
];

it('an edited tree is as it is resolved afresh, and links that are as they were are not looked for again', async () => {
  tree();
  await answer(cache);
  for (const { what, anew, edit } of edits) {
    edit();
    const fresh = await answer(null);
    const edited = await answer(cache);
    expect(edited.tree, what).toEqual(fresh.tree);
    expect(edited.isAnew, what).toBe(anew);
    expect((await answer(cache)).isAnew, `${what}, again`).toBe(false);
  }
});
