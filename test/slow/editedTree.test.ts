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
  write('kernel/first.c', '/* DEFINE_PER_CPU */\nstatic int first_start(void)\n{\n\treturn 0;\n}\nmodule_init(first_start);\n');
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

interface Edit {
  readonly what: string;
  /** Links may differ, so all is resolved again; else what was kept is taken but for what can differ. */
  readonly anew: boolean;
  readonly edit: () => void;
}

const edits: readonly Edit[] = [
  { what: 'a comment before the sites', anew: false, edit: () => change('kernel/user.c', (text) => `/* more */\n\n${text}`) },
  { what: 'a variable behind them', anew: false, edit: () => change('kernel/user.c', (text) => `${text}static int one_more;\n`) },
  { what: 'another size of a type', anew: false, edit: () => change('include/linux/plain.h', (text) => text.replace('int x;', 'int x; long y;')) },
  { what: 'a file that nothing is in', anew: false, edit: () => change('lib/aside.c', (text) => text.replace('return 0', 'return 1')) },
  { what: 'the lines of a wrapper', anew: false, edit: () => change('mm/alloc.c', (text) => `\n\n${text}`) },
  { what: 'a type that a wrapper takes its alignment from', anew: false, edit: () => change('include/linux/pool.h', (text) => text.replace('hits,', 'hits, more, most,')) },
  { what: 'the bound of a loop', anew: true, edit: () => change('include/linux/pool.h', (text) => text.replace('ROWS 4', 'ROWS 9')) },
  { what: 'a condition on the way to a site', anew: false, edit: () => change('kernel/user.c', (text) => text.replace('if (user->ready)', 'if (user->other)')) },
  { what: 'a comment on the way to a site', anew: false, edit: () => change('kernel/user.c', (text) => text.replace('user->other)', 'user->other) /* but */')) },
  { what: 'another argument', anew: false, edit: () => change('kernel/user.c', (text) => text.replace('alloc_percpu(struct pool_stats)', 'alloc_percpu(long)')) },
  { what: 'a further site', anew: false, edit: () => change('kernel/plain.c', (text) => `${text}DEFINE_PER_CPU(long, plain_two);\n`) },
  { what: 'the first site of a file', anew: false, edit: () => change('kernel/first.c', (text) => `${text}DEFINE_PER_CPU(long, first_one);\n`) },
  { what: 'a call that leads nowhere, on the way to a site', anew: false, edit: () => change('kernel/caller.c', (text) => text.replace('\treturn user', '\tmsleep(1);\n\treturn user')) },
  { what: 'a function that nothing leads to, with calls', anew: false, edit: () => change('kernel/user.c', (text) => `${text}#define NAP 2\nstatic void nap(void)\n{\n\tmsleep(NAP);\n}\n`) },
  { what: 'a call of that', anew: false, edit: () => change('kernel/user.c', (text) => text.replace('\tuser->area = pool', '\tnap();\n\tuser->area = pool')) },
  { what: 'a further call on the way to a site', anew: false, edit: () => change('kernel/caller.c', (text) => text.replace('module_init', 'int caller_again(void)\n{\n\treturn user_make_many(NULL);\n}\nmodule_init')) },
  { what: 'a function that a call means from now on', anew: true, edit: () => change('kernel/caller.c', (text) => text.replace('static int __init', 'static int user_make_many(void *user)\n{\n\treturn 0;\n}\nstatic int __init')) },
  { what: 'a call of what makes an object', anew: true, edit: () => change('kernel/user.c', (text) => text.replace('\tnap();\n', '\tdevice_add_disk(NULL, user->disk, NULL);\n')) },
  { what: 'a header that came', anew: false, edit: () => write('include/linux/new.h', 'struct brand_new { int x; };\n') },
  { what: 'a header found in place of another', anew: false, edit: () => write('arch/x86/include/linux/plain.h', 'struct plain { char x; };\n') },
  { what: 'it went again', anew: false, edit: () => rmSync(path.join(folder, 'tree/arch/x86/include/linux/plain.h')) },
  { what: 'a file that came and calls', anew: true, edit: () => write('kernel/second.c', 'int second(void)\n{\n\treturn user_make_many(NULL);\n}\n') },
  { what: 'a file that only mentions a function', anew: true, edit: () => write('lib/third.c', '/* as user_make_many() does */\nint third;\n') },
  { what: 'a caller that went', anew: true, edit: () => rmSync(path.join(folder, 'tree/kernel/caller.c')) },
  { what: 'a makefile', anew: true, edit: () => change('Makefile', (text) => text.replace('12', '11')) },
];

/** What a size, a problem or a place follows from beside the files that a unit includes. */
function furtherTree(): void {
  write('mm/inner.c', '#include <linux/deep.h>\nvoid inner_area(struct pair *pair, unsigned long size)\n{\n\tpair->one = __alloc_percpu(size, 8);\n\tpair->two = __alloc_percpu(sizeof(struct deep), 8);\n}\n');
  write('include/linux/deep.h', 'struct deep { int x; };\n');
  write('mm/outer.c', 'void outer_area(struct pair *pair, unsigned long size)\n{\n\tpair->zero = __alloc_percpu(size, 8);\n\tinner_area(pair, size);\n}\n');
  write('kernel/outer_user.c', 'int outer_user(struct pair *pair)\n{\n\touter_area(pair, 16);\n\treturn 0;\n}\n');
  write('kernel/late.c', '#include <linux/late.h>\nstruct late {\n\tint x;\n#ifdef LATE_MORE\n\tlong more[LATE_MORE];\n#endif\n};\nDEFINE_PER_CPU(struct late, late_one);\n');
  write('kernel/bounds.c', 'int main(void)\n{\n\tDEFINE(NR_ROOMS, 3);\n\treturn 0;\n}\n');
  write('kernel/rooms.c', '#include <generated/bounds.h>\nstruct rooms { long room[NR_ROOMS]; };\nDEFINE_PER_CPU(struct rooms, rooms_one);\n');
  write('kernel/a_line.c', 'int a_line(struct line *line)\n{\n\tline->area = pool_area(8); line->more = alloc_percpu(long);\n\treturn 0;\n}\n');
  write('kernel/hosted.c', 'struct hosted {\n\tint x;\n#ifdef HOSTED\n\tlong more[9];\n#endif\n};\nDEFINE_PER_CPU(struct hosted, hosted_one);\n');
  write('kernel/host.c', 'int host;\n');
  write('kernel/silent.c', 'int silent_make(struct silent *silent)\n{\n\t/* percpu-lens: ignore grouping: is freed apart */\n\tsilent->area = pool_area(8);\n\tsilent->more = alloc_percpu(long);\n\treturn 0;\n}\n');
  write('include/linux/many.h', 'enum many { MANY_FIRST, MANY_SECOND, MANY_TURNS };\n');
  write('mm/many.c', '#include <linux/many.h>\nvoid many_area(struct many *many, unsigned long size)\n{\n\tint i;\n\n\tfor (i = 0; i < MANY_TURNS; i++)\n\t\tmany->areas[i] = __alloc_percpu(size, 8);\n}\n');
  write('kernel/many_user.c', 'int many_user(struct many *many)\n{\n\tmany_area(many, 24);\n\treturn 0;\n}\n');
  write('kernel/cached.c', 'static struct kmem_cache *cached_cache;\nstatic int __init cached_start(void)\n{\n\tcached_cache = kmem_cache_create("cached", sizeof(struct cached), 0, 0, NULL);\n\treturn 0;\n}\nstruct cached *cached_make(void)\n{\n\tstruct cached *cached = kmem_cache_alloc(cached_cache, GFP_KERNEL);\n\n\tcached->area = alloc_percpu(long);\n\treturn cached;\n}\nvoid cached_free(struct cached *cached)\n{\n\tfree_percpu(cached->area);\n}\nsubsys_initcall(cached_start);\n');
  write('kernel/counted.c', '#include <linux/many.h>\nstruct counted {\n\tlong before;\n\tstruct percpu_counter counts[MANY_TURNS];\n};\nint counted_make(struct counted *counted)\n{\n\treturn percpu_counter_init_many(counted->counts, 0, GFP_KERNEL, MANY_TURNS);\n}\nvoid counted_free(struct counted *counted)\n{\n\tif (percpu_counter_sum(&counted->counts[0]))\n\t\tWARN_ON(1);\n\tpercpu_counter_destroy_many(counted->counts, MANY_TURNS);\n}\n');
  write('kernel/local.c', 'int local_one(void)\n{\n\tstruct own {\n\t\tint a;\n\t\tint b;\n\t};\n\treturn sizeof(struct own);\n}\nstatic int local_start(struct u *u)\n{\n\tstruct own { int a; int b; };\n\n\tu->q = alloc_percpu(struct own);\n\treturn 0;\n}\nmodule_init(local_start);\nDEFINE_PER_CPU(long, local_count);\n');
  write('drivers/net/named.c', '#define DRV_NAME "named"\nstatic int named_init(struct net_device *dev)\n{\n\tdev->stats = alloc_percpu(long);\n\treturn 0;\n}\nstatic const struct net_device_ops named_ops = {\n\t.ndo_init = named_init,\n};\nstatic void named_setup(struct net_device *dev)\n{\n\tdev->netdev_ops = &named_ops;\n}\nstatic struct rtnl_link_ops named_link = {\n\t.kind = DRV_NAME,\n\t.setup = named_setup,\n};\n');
  write('kernel/strange.c', 'static void *pool_area(unsigned long size)\n{\n\treturn kmalloc(size, GFP_KERNEL);\n}\nint strange_make(struct strange *strange)\n{\n\tstrange->own = alloc_percpu(long);\n\tstrange->area = pool_area(8);\n\treturn 0;\n}\n');
}

const furtherEdits: readonly Edit[] = [
  { what: 'a type in a wrapper that another calls', anew: false, edit: () => change('include/linux/deep.h', (text) => text.replace('int x;', 'int x; long y;')) },
  { what: 'a header that was missing', anew: false, edit: () => write('include/linux/late.h', '#define LATE_MORE 7\n') },
  { what: 'a constant that the build generates', anew: false, edit: () => change('kernel/bounds.c', (text) => text.replace('3', '5')) },
  { what: 'a line that becomes two', anew: true, edit: () => change('kernel/a_line.c', (text) => text.replace('; line->more', ';\n\tline->more')) },
  { what: 'a file that comes to include another C file', anew: true, edit: () => change('kernel/host.c', (text) => `${text}#define HOSTED 1\n#include "hosted.c"\n`) },
  { what: 'lines in it', anew: false, edit: () => change('kernel/host.c', (text) => text.replace('HOSTED 1', 'HOSTED 1\n')) },
  { what: 'it does so no longer', anew: true, edit: () => change('kernel/host.c', () => 'int host;\n') },
  { what: 'the bound of a loop in a wrapper', anew: true, edit: () => change('include/linux/many.h', (text) => text.replace('MANY_SECOND', 'MANY_SECOND, MANY_THIRD')) },
  { what: 'a header that includes another from now on', anew: false, edit: () => { write('include/linux/deeper.h', '#define DEEPER 3\n'); write('include/linux/deep.h', '#include <linux/deeper.h>\nstruct deep { int x[DEEPER]; };\n'); } },
  { what: 'a number in that', anew: false, edit: () => change('include/linux/deeper.h', (text) => text.replace('3', '6')) },
  { what: 'lines above a cache', anew: false, edit: () => change('kernel/cached.c', (text) => `\n\n${text}`) },
  { what: 'a constructor of a cache', anew: false, edit: () => change('kernel/cached.c', (text) => text.replace('0, 0, NULL', '0, 0, cached_init')) },
  { what: 'a sum at release in another place', anew: true, edit: () => change('kernel/counted.c', (text) => text.replace('\tif (percpu_counter_sum(&counted->counts[0]))\n\t\tWARN_ON(1);\n', '').replace('counted_make(', 'counted_start(')) },
  { what: 'a condition around a site', anew: false, edit: () => change('kernel/cached.c', (text) => text.replace('\tcached->area', '#ifdef CONFIG_SMP\n\tcached->area').replace('(long);\n', '(long);\n#endif\n')) },
  { what: 'a function that others see no longer', anew: true, edit: () => change('kernel/cached.c', (text) => text.replace('void cached_free', 'static void cached_free')) },
  { what: 'a file in place of another', anew: true, edit: () => { rmSync(path.join(folder, 'tree/kernel/plain.c')); write('kernel/plainer.c', '#include <linux/plain.h>\nDEFINE_PER_CPU(struct plain, plain_one);\n'); } },
  { what: 'a reason to be silent', anew: false, edit: () => change('kernel/cached.c', (text) => text.replace('\tcached->area', '\t/* percpu-lens: ignore all: as it is */\n\tcached->area')) },
  { what: 'lines in a file with a comment to us', anew: false, edit: () => change('kernel/silent.c', (text) => `\n${text}`) },
  { what: 'lines in a file whose string names an object', anew: false, edit: () => change('drivers/net/named.c', (text) => `\n${text}`) },
  { what: 'a call in what sets an object up', anew: false, edit: () => change('drivers/net/named.c', (text) => text.replace('\tdev->netdev_ops', '\tmsleep(1);\n\tdev->netdev_ops')) },
  { what: 'a call of something else around a site', anew: false, edit: () => change('kernel/cached.c', (text) => text.replace('\treturn cached;', '\tmsleep(1);\n\treturn cached;')) },
  { what: 'a function between an object and its memory', anew: false, edit: () => change('kernel/cached.c', (text) => text.replace('subsys_initcall', 'static struct cached *cached_twice(void)\n{\n\treturn cached_make();\n}\nsubsys_initcall')) },
  { what: 'the name of an object', anew: true, edit: () => change('drivers/net/named.c', (text) => text.replace('"named"', '"renamed"')) },
  { what: 'comments in a file with structs in functions', anew: false, edit: () => change('kernel/local.c', (text) => `/* one */\n${text.replace('return 0;', 'return /* two */ 0;')}`) },
  { what: 'a struct in a function without a site', anew: false, edit: () => change('kernel/local.c', (text) => text.replace('\t\tint b;\n', '\t\tlong b[5];\n')) },
  { what: 'a struct in a function with a site', anew: false, edit: () => change('kernel/local.c', (text) => text.replace('struct own { int a;', 'struct own { long a;')) },
  { what: 'lines in a file with a function of a wrapper\'s name', anew: false, edit: () => change('kernel/strange.c', (text) => `\n${text}`) },
];

async function expectAsAfresh({ what, anew, edit }: Edit): Promise<void> {
  edit();
  const fresh = await answer(null);
  const edited = await answer(cache);
  expect.soft(edited.tree, what).toEqual(fresh.tree);
  expect.soft(edited.isAnew, what).toBe(anew);
  expect.soft((await answer(cache)).isAnew, `${what}, again`).toBe(false);
}

it('an edited tree is as it is resolved afresh, and links that are as they were are not looked for again', async () => {
  tree();
  await answer(cache);
  for (const edit of edits) await expectAsAfresh(edit);
});

it('what follows from more than a file and its headers is as it is resolved afresh', async () => {
  tree();
  furtherTree();
  await answer(cache);
  for (const edit of furtherEdits) await expectAsAfresh(edit);
});
