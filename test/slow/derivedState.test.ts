import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neverCancelled } from '../../server/src/util/cancellation';
import { cacheFolderAt } from '../../server/src/workspace/cacheFolder';
import { compareTrees, type CompareOptions } from '../../server/src/workspace/compare/compareTrees';
import { refSides } from '../../server/src/workspace/compare/sides';
import { treeState, type TreeState } from '../../server/src/workspace/compare/treeState';
import { folderSource } from '../../server/src/workspace/treeSource';
import { bundledWorker, bundleFolder, gitFixture } from '../gitFixture';

/** Files of a commit, or what a later one changes; null: the file is gone. */
type Files = Readonly<Record<string, string | null>>;

const bundles = bundleFolder();
let entries = { factsEntry: '', blobEntry: '' };

beforeAll(async () => {
  entries = { factsEntry: await bundledWorker('factsWorker', bundles), blobEntry: await bundledWorker('blobThread', bundles) };
}, 60_000);
afterAll(() => rmSync(bundles, { recursive: true, force: true }));

function optionsWith(cache: string | null): CompareOptions {
  const kept = cache === null ? null : cacheFolderAt(cache, 'test');
  return { arch: 'x86_64', kconfig: null, kernel: null, apis: [], factsEntry: entries.factsEntry, cache: kept, resolved: null, states: kept, processes: 1 };
}

/** All that is said of the sites, as plain data. */
function saidOf({ sites, problems }: TreeState): unknown {
  const own = [...sites].filter(([, some]) => some.length > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.parse(JSON.stringify({ sites: own, problems }));
}

/** Commits by pairs, each after the first derived from the one before unless others are named, with what was kept of that, and as they are resolved whole. */
async function bothWays(commits: readonly Files[], pairs: readonly (readonly [before: number, after: number])[] = commits.slice(1).map((_, at) => [at, at + 1])): Promise<readonly (readonly [derived: unknown, whole: unknown])[]> {
  const [one, two] = [gitFixture(), gitFixture()];
  const cache = mkdtempSync(path.join(os.tmpdir(), 'percpu-lens-derived-'));
  try {
    const ids = commits.map((files) => one.commit(files));
    const wholes: unknown[] = [];
    for (const files of commits) {
      two.write(files);
      wholes.push(saidOf(await treeState(folderSource(two.folder), { ...optionsWith(null), dotConfig: undefined }, { cancellation: neverCancelled, onProgress: () => undefined })));
    }
    const answers: (readonly [unknown, unknown])[] = [];
    for (const [before, after] of pairs) {
      const sides = await refSides({ before: ids[before] ?? '', after: ids[after] ?? '', fromMergeBase: false, root: one.folder }, entries.blobEntry);
      const compared = await compareTrees(sides, optionsWith(cache), neverCancelled, () => undefined);
      compared.close();
      answers.push([saidOf(compared.after), wholes[after]]);
    }
    return answers;
  } finally {
    for (const fixture of [one, two]) fixture.remove();
    rmSync(cache, { recursive: true, force: true });
  }
}

const makefile = { Makefile: 'VERSION = 6\nPATCHLEVEL = 12\n' };
const older = { Makefile: 'VERSION = 6\nPATCHLEVEL = 1\n' };
const aside = 'static int aside_make(struct u *u)\n{\n\tu->q = alloc_percpu(long);\n\treturn 0;\n}\n';
const flagged = (flag: string): string => `static int a_start(void)\n{\n\tunsigned int flags;\n\n\tflags = ${flag};\n\tq = alloc_workqueue("a", flags, 0);\n\treturn 0;\n}\nmodule_init(a_start);\n`;
const slotsOf = (bound: number): string =>
  `int slots(struct mm *mm)\n{\n\tint i;\n\n\tfor (i = 0; i < ${bound}; i++)\n\t\tif (percpu_counter_init(mm->next, 0, GFP_KERNEL))\n\t\t\treturn -1;\n\treturn 0;\n}\npid_t kernel_clone(void *args)\n{\n\treturn slots(args);\n}\n`;
const twice = (own: string): string =>
  `void *foo_in(size_t size)\n{\n\treturn __alloc_percpu(size, 8);\n}\nvoid foo_get(struct w *w, size_t size)\n{\n\tw->p = foo_in(size);\n${own}}\nstatic int w_start(struct w *w)\n{\n\tfoo_get(w, 24);\n\treturn 0;\n}\nmodule_init(w_start);\n`;
const mounted = (annotation: string): string =>
  `static int m_ctx(struct fs_context *fc)\n{\n\tfc->p = alloc_percpu(long);\n\treturn 0;\n}\nstatic struct file_system_type m_type = {\n\t.name = "m",\n\t.init_fs_context = m_ctx,\n};\nstatic int ${annotation}m_start(void)\n{\n\tm_mnt = kern_mount(&m_type);\n\treturn 0;\n}\nmodule_init(m_start);\n`;
const released = (more: string): string =>
  `void b_free(struct m *m)\n{\n\tfree_percpu(m->cnt);\n}\nvoid b_more(struct m *m)\n{\n\tfree_percpu(m->more);\n}\nstatic void b_exit(void)\n{\n\tb_more(g);\n${more}}\nmodule_exit(b_exit);\n`;
const defined = (flags: string): string =>
  `#ifdef CONFIG_NOT_THERE\nint t_make(struct t *t)\n{\n\treturn percpu_counter_init(&t->c, 0, ${flags});\n}\n#else\nint t_make(struct t *t)\n{\n\treturn percpu_counter_init(&t->c, 0, GFP_KERNEL);\n}\n#endif\npid_t kernel_clone(void *args)\n{\n\treturn t_make(args);\n}\n`;
const makers = (first: string, second: string): string => `static int p_make(struct p *p)\n{\n\t${first};\n\t${second};\n\tp->c = alloc_percpu(long);\n\treturn 0;\n}\n`;
const pointed = (declared: string): string =>
  `struct b { long a[2]; };\nstruct c { long a[5]; };\nstatic int a_start(struct u *u)\n{\n\t${declared}\n\n\tu->p = __alloc_percpu(sizeof(*x), 8);\n\treturn 0;\n}\nmodule_init(a_start);\n`;
const one = (before: string): string => `${before}\nstruct s { long a[N]; };\nDEFINE_PER_CPU(struct s, one);\n`;
const cached = 'static int a_start(void)\n{\n\ta_cache = kmem_cache_create("a", 8, 0, 0, NULL);\n\treturn 0;\n}\nmodule_init(a_start);\n';
const doubled = 'void *foo_alloc(size_t size)\n{\n\treturn __alloc_percpu(size * 2, 8);\n}\n';
const caller = 'static int x_start(struct u *u)\n{\n\tu->p = foo_alloc(24);\n\treturn 0;\n}\nmodule_init(x_start);\n';
const both = 'void w_make(struct w *w, size_t size)\n{\n\tw->p = __alloc_percpu(size, 8);\n\tw->c = kmem_cache_create("a", size, 0, 0, NULL);\n}\n';
const queue = (before: string): string => `${before}static int a_start(void) { unsigned int flags = WQ_UNBOUND; q = alloc_workqueue("a", flags, 0); return 0; }\nmodule_init(a_start);\n`;
const veth = (more: string, call: string): string =>
  `${more}static void v_helper(struct net_device *dev)\n{\n\tdev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;\n}\nstatic void v_setup(struct net_device *dev)\n{\n\tether_setup(dev);\n${call}}\nstatic struct rtnl_link_ops veth_link_ops = {\n\t.kind = "veth",\n\t.setup = v_setup,\n};\n`;
const device = 'static int netdev_do_alloc_pcpu_stats(struct net_device *dev)\n{\n\tif (dev->pcpu_stat_type == NETDEV_PCPU_STAT_TSTATS)\n\t\tdev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);\n\treturn 0;\n}\nint register_netdevice(struct net_device *dev)\n{\n\treturn netdev_do_alloc_pcpu_stats(dev);\n}\n';
const slots = (before: string): string =>
  `#define N 4\nint slots_make_all(struct mm *mm)\n{\n\t${before}int i;\n\n\tfor (i = 0; i < N; i++)\n\t\tif (percpu_counter_init(&mm->slot[i], 0, GFP_KERNEL))\n\t\t\treturn -1;\n\treturn 0;\n}\npid_t kernel_clone(void *args)\n{\n\treturn slots_make_all(args);\n}\n`;
const guarded = (before: string): string =>
  `static int __net_init guarded_init(struct net *net)\n{\n\t${before}if (!net_eq(net, &init_net))\n\t\treturn 0;\n\tnet->p = alloc_percpu(long);\n\treturn 0;\n}\nstatic struct pernet_operations guarded_ops = {\n\t.init = guarded_init,\n};\n`;

const local = (member: string, other: string): string =>
  `static int l_other(struct u *u)\n{\n\tstruct loc {\n\t\tint a;\n\t\t${other};\n\t};\n\treturn sizeof(struct loc);\n}\nstatic int a_start(struct u *u)\n{\n\tstruct tmp {\n\t\tint a;\n\t\t${member};\n\t};\n\tstruct loc {\n\t\tint a;\n\t\tint b;\n\t};\n\n\tu->p = alloc_percpu(struct tmp);\n\tu->q = alloc_percpu(struct loc);\n\treturn 0;\n}\nmodule_init(a_start);\n`;

const cases: readonly (readonly [what: string, commit: Files, edit: Files])[] = [
  ['a struct in the function that allocates it', { 'kernel/a.c': local('int b', 'int b') }, { 'kernel/a.c': local('long b[5]', 'int b') }],
  ['a struct of the same name in another function', { 'kernel/a.c': local('int b', 'int b') }, { 'kernel/a.c': local('int b', 'long b[5]') }],
  ['a file beside sources that is included', { 'kernel/a.c': one('#include "sizes.inc"'), 'kernel/sizes.inc': '#define N 2\n' }, { 'kernel/sizes.inc': '#define N 9\n' }],
  ['such a file that comes', { 'kernel/a.c': one('#include "sizes.inc"\n#ifndef N\n#define N 1\n#endif') }, { 'kernel/sizes.inc': '#define N 9\n' }],
  ['a system call', { 'kernel/a.c': '#include <asm/unistd_64.h>\nstruct s { long a[__NR_syscalls]; };\nDEFINE_PER_CPU(struct s, one);\n', 'arch/x86/entry/syscalls/syscall_64.tbl': '0\tcommon\tread\tsys_read\n' }, { 'arch/x86/entry/syscalls/syscall_64.tbl': '0\tcommon\tread\tsys_read\n1\tcommon\twrite\tsys_write\n' }],
  ['what a Makefile includes', { 'kernel/Makefile': 'include $(srctree)/kernel/flags.mk\nobj-y += a.o\n', 'kernel/flags.mk': 'ccflags-y += -DN=2\n', 'kernel/a.c': one('') }, { 'kernel/flags.mk': 'ccflags-y += -DN=5\n' }],
  ['what a Makefile includes from far away', { 'kernel/Makefile': 'include $(srctree)/scripts/Makefile.n\nobj-y += a.o\n', 'scripts/Makefile.n': 'ccflags-y += -DN=2\n', 'kernel/a.c': one('') }, { 'scripts/Makefile.n': 'ccflags-y += -DN=5\n' }],
  ['another wrapper of a name', { 'kernel/a.c': doubled.replace(' * 2', ''), 'kernel/b.c': doubled, 'kernel/x.c': caller }, { 'kernel/a.c': 'int nothing;\n' }],
  ['another wrapper of a name, in place of one that went', { 'kernel/a.c': doubled.replace(' * 2', ''), 'kernel/b.c': doubled, 'kernel/x.c': caller }, { 'kernel/a.c': null }],
  ['another wrapper of a name, where one is static', { 'kernel/a.c': doubled.replace(' * 2', ''), 'kernel/b.c': doubled, 'kernel/x.c': caller }, { 'kernel/a.c': `static ${doubled.replace(' * 2', '')}` }],
  ['a type of the catalogue, in a header that the API’s does not include', { ...older, 'include/linux/slab.h': 'int slab;\n', 'include/linux/slub_def.h': 'struct kmem_cache_cpu { long a[4]; };\n', 'mm/slub.c': '#include <linux/slub_def.h>\nint slub;\n', 'kernel/a.c': cached }, { 'include/linux/slub_def.h': 'struct kmem_cache_cpu { long a[9]; };\n' }],
  ['a flag that is assigned otherwise', { ...older, 'kernel/a.c': flagged('WQ_UNBOUND') }, { 'kernel/a.c': flagged('0') }],
  ['the bound of a loop whose variable the call does not name', { 'kernel/fork.c': slotsOf(4) }, { 'kernel/fork.c': slotsOf(8) }],
  ['a file that mentions no API any more but calls', { 'kernel/b.c': 'int b_make(struct u *u)\n{\n\tu->bp = alloc_percpu(long);\n\treturn 0;\n}\n', 'kernel/f.c': 'static int f_start(struct u *u)\n{\n\tu->fp = alloc_percpu(long);\n\treturn b_make(u);\n}\nmodule_init(f_start);\n' }, { 'kernel/f.c': 'static int f_start(struct u *u)\n{\n\treturn b_make(u);\n}\nmodule_init(f_start);\n' }],
  ['a caller that mentions an API from now on', { 'kernel/b.c': 'int b_make_all(struct u *u)\n{\n\tu->bp = alloc_percpu(long);\n\treturn 0;\n}\n', 'kernel/c.c': 'int c_call_b_make(struct u *u)\n{\n\treturn b_make_all(u);\n}\n', 'kernel/d.c': 'static int d_start(struct u *u)\n{\n\treturn c_call_b_make(u);\n}\nmodule_init(d_start);\n' }, { 'kernel/c.c': '/* no alloc_percpu here */\nint c_call_b_make(struct u *u)\n{\n\treturn b_make_all(u);\n}\n' }],
  ['a wrapper of a wrapper that calls the API itself too', { 'kernel/w.c': twice('') }, { 'kernel/w.c': twice('\tw->q = __alloc_percpu(size, 8);\n') }],
  ['an annotation of what mounts', { 'fs/m/m.c': mounted('__init ') }, { 'fs/m/m.c': mounted('') }],
  ['a release in the folder of the creation, for one in another folder', { 'fs/b/make.c': 'int b_make(struct m *m)\n{\n\tm->cnt = alloc_percpu(long);\n\treturn 0;\n}\n', 'fs/b/free.c': released(''), 'fs/a/free.c': 'void a_free(struct m *m)\n{\n\tfree_percpu(m->cnt);\n}\n' }, { 'fs/b/free.c': released('\tb_free(g);\n') }],
  ['a function defined twice, of which the first changes', { 'kernel/t.c': defined('GFP_KERNEL') }, { 'kernel/t.c': defined('GFP_ATOMIC') }],
  ['makers of an object in another order', { 'drivers/block/p.c': makers('add_disk(p->a)', 'device_add_disk(p->dev, p->b, NULL)') }, { 'drivers/block/p.c': makers('device_add_disk(p->dev, p->b, NULL)', 'add_disk(p->a)') }],
  ['a local pointer to an array', { 'kernel/a.c': pointed('long (*x)[4];') }, { 'kernel/a.c': pointed('long (*x)[8];') }],
  ['a local whose type another one has', { 'kernel/a.c': pointed('struct b *y;\n\ttypeof(y) x;') }, { 'kernel/a.c': pointed('struct c *y;\n\ttypeof(y) x;') }],
  ['a type in a type of the catalogue', { 'include/linux/slab.h': 'int slab;\n', 'include/linux/lk.h': 'typedef int lk_t;\n', 'mm/slub.c': '#include <linux/lk.h>\nstruct kmem_cache_cpu { lk_t lock; };\n', 'kernel/a.c': cached }, { 'include/linux/lk.h': 'typedef struct { long a[3]; } lk_t;\n' }],
  ['a second definition of a type of the catalogue', { ...older, 'include/linux/slab.h': 'int slab;\n', 'include/linux/slub_def.h': 'struct kmem_cache_cpu { long a[4]; };\n', 'mm/slub.c': '#include <linux/slub_def.h>\nint slub;\n', 'kernel/a.c': cached }, { 'drivers/x/y.c': 'struct kmem_cache_cpu { int own; };\n' }],
  ['a type of the catalogue, in a wrapper of several calls', { 'include/linux/slab.h': 'int slab;\n', 'mm/slub.c': 'struct kmem_cache_cpu { long a; };\n', 'kernel/w.c': both, 'kernel/x.c': 'static int x_start(struct w *w)\n{\n\tw_make(w, sizeof(long));\n\treturn 0;\n}\nmodule_init(x_start);\n' }, { 'mm/slub.c': 'struct kmem_cache_cpu { long a[6]; };\n' }],
  ['a comment before a function with a flag', { ...older, 'kernel/a.c': queue('') }, { 'kernel/a.c': queue('/* or flags = 0; */\n') }],
  ['a function before one with a flag', { ...older, 'kernel/a.c': queue('static void other(void) { unsigned int flags; flags = WQ_UNBOUND; }\n') }, { 'kernel/a.c': queue('static void other(void) { unsigned int flags; flags = 0; }\n') }],
  ['a comment that goes on', { 'kernel/a.c': 'struct s { char a; // note \\\n\tlong b[4];\n};\nDEFINE_PER_CPU(struct s, one);\n' }, { 'kernel/a.c': 'struct s { char a; // note\n\tlong b[4];\n};\nDEFINE_PER_CPU(struct s, one);\n' }],
  ['a string that goes on', { 'kernel/a.c': 'static const char t[] = "a\\\n//b";\nstruct s { char a[sizeof(t)]; };\nDEFINE_PER_CPU(struct s, one);\n' }, { 'kernel/a.c': 'static const char t[] = "a\\\n//b and more";\nstruct s { char a[sizeof(t)]; };\nDEFINE_PER_CPU(struct s, one);\n' }],
  ['a C file found in place of another', { 'include/tables.c': '#define N 2\n', 'kernel/x.c': one('#include "tables.c"') }, { 'kernel/tables.c': '#define N 9\n' }],
  ['a file that names a part no longer', { 'kernel/Makefile': 'obj-y += host.o\n', 'kernel/host.c': '/* see "part.c" */\n#define N 7\n', 'kernel/part.c': '#ifndef N\n#define N 1\n#endif\nDEFINE_PER_CPU(long [N], one);\n' }, { 'kernel/host.c': '/* see */\n#define N 7\n' }],
  ['a macro on the way of what sets an object up', { 'net/core/dev.c': device, 'drivers/net/veth.c': veth('', '') }, { 'drivers/net/veth.c': veth('#define v_new(dev) v_helper(dev)\n', '\tv_new(dev);\n') }],
  ['how a file of another folder is built', { Kbuild: 'obj-y += net/\n', 'net/Makefile': 'obj-y += ext/\n', 'net/ext/Makefile': 'obj-y += ../core/guarded.o\n', 'net/core/guarded.c': guarded('') }, { 'net/ext/Makefile': 'obj-$(CONFIG_NOT_THERE) += ../core/guarded.o\n' }],
];

/** Functions of a file that mentions APIs; what the second does is given. */
const plain = (does: string): string =>
  `#include <linux/room.h>\nstatic int g_other(struct u *u)\n{\n\tu->p = alloc_percpu(long);\n\treturn 0;\n}\nint g_plain_work(struct u *u)\n{\n${does}\treturn 0;\n}\n`;
const allocating = '\tu->r = alloc_percpu(struct room);\n';
const calling = (name: string, does: string): string => `static int ${name}_start(struct u *u)\n{\n${does}\treturn 0;\n}\nmodule_init(${name}_start);\n`;
const room = (members: string): Files => ({ 'include/linux/room.h': `struct room { long a; ${members} };\n` });
const own = '\tu->h = alloc_percpu(int);\n';
const call = '\tg_plain_work(u);\n';

/** Its callers are looked for from the start. */
const openEnded = 'int open_ended_make(struct u *u)\n{\n\tu->q = alloc_percpu(long);\n\treturn 0;\n}\n';

/** So many names that callers of callers are looked for too. */
const letters = Array.from({ length: 18 }, (_, at) => `a${String.fromCharCode(97 + at)}`);
const middle = (outer: string): string =>
  `static int x_other(struct u *u)\n{\n\tu->h = alloc_percpu(int);\n\treturn 0;\n}\nint x_middle_one(struct u *u)\n{\n\treturn mid_service_fn(u);\n}\nint x_outer_two(struct u *u)\n{\n\treturn ${outer};\n}\n`;
/** Names of fewer than eight letters are not looked for. */
const short = 'int g_mk(struct u *u)\n{\n\tu->p = alloc_percpu(long);\n\treturn 0;\n}\n';

/** Commits, where functions that nothing was looked for by get sites. */
const newSites: readonly (readonly [what: string, commits: readonly [Files, ...Files[]]])[] = [
  ['in a function that is called in its file alone, then no more', [{ ...room(''), 'kernel/g.c': plain('') + calling('g', '') }, { 'kernel/g.c': plain(allocating) + calling('g', call) }, { 'kernel/g.c': plain(allocating) + calling('g', '') }]],
  ['in a new function that nothing calls', [{ ...room(''), 'kernel/g.c': plain('') }, { 'kernel/g.c': `${plain('')}static void g_new(struct u *u)\n{\n${allocating}}\n` }, { ...room('long b;') }]],
  ['in a function that another linked file calls, then no more', [{ ...room(''), 'kernel/g.c': plain(''), 'kernel/h.c': calling('h', own + call) }, { 'kernel/g.c': plain(allocating) }, { 'kernel/h.c': calling('h', own) }]],
  ['in a function that a file calls which was not linked', [{ ...room(''), 'kernel/g.c': plain(''), 'kernel/i.c': calling('i', call) }, { 'kernel/g.c': plain(allocating) }, { 'kernel/i.c': calling('i', '') }]],
  ['in a function that a file calls which also calls what was not looked for', [{ ...room(''), 'kernel/g.c': plain(''), 'kernel/s.c': short, 'kernel/i.c': calling('i', `${call}\tg_mk(u);\n`) }, { 'kernel/g.c': plain(allocating) }, { 'kernel/i.c': calling('i', call) }]],
  ['in a function that a file calls which also marks what was linked', [{ ...room(''), 'kernel/g.c': plain(''), 'kernel/s.c': short, 'kernel/i.c': `${calling('i', call)}static struct platform_driver i_driver = {\n\t.probe = g_mk,\n};\n` }, { 'kernel/g.c': plain(allocating) }, { 'kernel/i.c': calling('i', call) }]],
  ['in a function that a file calls which defines what was linked', [{ ...room(''), 'kernel/g.c': plain(''), 'kernel/s.c': short, 'kernel/i.c': `int g_mk(struct u *u)\n{\n\treturn g_plain_work(u);\n}\n` }, { 'kernel/g.c': plain(allocating) }, { 'kernel/h.c': calling('h', `${own}\tg_mk(u);\n`) }]],
  ['in a function that a file calls which defines what a linked file calls already', [{
    ...room(''), 'kernel/g.c': plain(''), 'kernel/s.c': short, 'kernel/y.c': 'int both_defined(struct u *u)\n{\n\treturn g_mk(u);\n}\n', 'kernel/h.c': calling('h', `${own}\tboth_defined(u);\n`),
    'kernel/i.c': 'int both_defined(struct u *u)\n{\n\tg_mk(u);\n\treturn g_plain_work(u);\n}\n',
  }, { 'kernel/g.c': plain(allocating) }, { 'kernel/y.c': 'int other_defined(struct u *u)\n{\n\treturn g_mk(u);\n}\n' }, { 'kernel/h.c': calling('h', own) }]],
  ['in a function that a file calls which defines what a linked table names', [{
    ...room(''), 'kernel/g.c': plain(''), 'kernel/s.c': short, 'kernel/y.c': `int both_probe(struct u *u)\n{\n\treturn g_mk(u);\n}\n`, 'kernel/h.c': `${calling('h', own)}static struct platform_driver h_driver = {\n\t.probe = both_probe,\n};\n`,
    'kernel/i.c': '#define both_probe g_plain_work\nint both_probe(struct u *u)\n{\n\treturn g_plain_work(u);\n}\n',
  }, { 'kernel/g.c': plain(allocating) }, { 'kernel/y.c': 'int other_probe(struct u *u)\n{\n\treturn g_mk(u);\n}\n' }]],
  ['in a function that a file calls which defines what a linked device names', [{
    ...room(''), 'drivers/net/g.c': plain(''), 'drivers/net/y.c': `${calling('y', own)}static const struct net_device_ops y_ops = {\n\t.ndo_init = y_device_init,\n};\n`,
    'drivers/net/i.c': 'int y_device_init(struct net_device *dev)\n{\n\treturn g_plain_work(dev);\n}\n',
  }, { 'drivers/net/g.c': plain(allocating) }]],
  ['in a function that a file calls which defines what sets an object up', [{
    ...room(''), 'net/core/dev.c': device, 'drivers/net/veth.c': veth('', '\tv_new(dev);\n'), 'drivers/net/g.c': plain(''), 'drivers/net/other.c': `/* pcpu_stat_type */\n${calling('other', own)}`,
    'drivers/net/i.c': 'void v_new(struct net_device *dev)\n{\n\tdev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;\n\tg_plain_work(dev);\n}\n',
  }, { 'drivers/net/g.c': plain(allocating) }]],
  ['in a function that a file calls whose tables make no object', [{
    ...room(''), 'drivers/block/g.c': plain(''), 'drivers/block/h.c': calling('h', own),
    'drivers/block/i.c': `${calling('i', call)}static const struct blk_mq_ops i_mq_ops = {\n\t.queue_rq = i_queue,\n};\n`,
  }, { 'drivers/block/g.c': plain(allocating) }, { 'drivers/block/i.c': calling('i', '') }]],
  ['in a function that a file calls which is read no further', [{ ...room(''), 'kernel/g.c': plain(''), 'kernel/i.c': `${calling('i', call)}<<<<<<< ours\n=======\n` }, { 'kernel/g.c': plain(allocating) }, { 'kernel/i.c': calling('i', '') }]],
  ['in a function that is called from everywhere', [{ ...room(''), 'kernel/g.c': plain(''), ...Object.fromEntries(Array.from({ length: 26 }, (_, at) => [`kernel/all_${at}.c`, calling(`all_${at}`, call)])) }, { 'kernel/g.c': plain(allocating) }, { 'kernel/all_0.c': calling('all_0', '') }]],
  ['in a function that a file with a device calls', [{ ...room(''), 'drivers/net/g.c': plain(''), 'drivers/net/i.c': `static int i_init(struct net_device *dev)\n{\n\treturn g_plain_work(dev);\n}\nstatic const struct net_device_ops i_ops = {\n\t.ndo_init = i_init,\n};\n` }, { 'drivers/net/g.c': plain(allocating) }]],
  ['in a function that a file calls which was linked at the second look', [{
    ...room(''), 'kernel/g.c': plain(''), 'kernel/z.c': calling('z', '\tf_calls_plain(u);\n'),
    'kernel/m.c': letters.map((one) => `int m_make_${one}(struct u *u)\n{\n\tu->p = alloc_percpu(long);\n\treturn 0;\n}\n`).join(''),
    'kernel/n.c': letters.map((one) => `int n_pass_${one}(struct u *u)\n{\n\treturn m_make_${one}(u);\n}\n`).join(''),
    'kernel/f.c': `${calling('f', '\tn_pass_aa(u);\n')}int f_calls_plain(struct u *u)\n{\n\treturn g_plain_work(u);\n}\n`,
  }, { 'kernel/g.c': plain(allocating) }, { 'kernel/z.c': calling('z', '') }]],
  ['below a function that is called from everywhere in the end, of whose callers one is called then', [{
    ...room(''), 'kernel/s.c': short, 'kernel/g.c': `${plain('')}int mid_service_fn(struct u *u)\n{\n\treturn g_plain_work(u);\n}\n`,
    ...Object.fromEntries(Array.from({ length: 26 }, (_, at) => [`kernel/all_${at}.c`, calling(`all_${at}`, '\tmid_service_fn(u);\n')])),
    'fs/x.c': middle('0'), 'fs/y.c': calling('y', '\tx_outer_two(u);\n\tg_mk(u);\n'),
  }, { 'kernel/g.c': `${plain(allocating)}int mid_service_fn(struct u *u)\n{\n\treturn g_plain_work(u);\n}\n` }, { 'fs/x.c': middle('x_middle_one(u)') }]],
  ['beside which a helper comes that sets an object up, and is called then', [
    { 'net/core/dev.c': device, 'drivers/net/veth.c': veth('', ''), 'drivers/net/other.c': '/* pcpu_stat_type */ int other;\n' },
    { 'drivers/net/other.c': 'void v_new(struct net_device *dev)\n{\n\tdev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;\n}\n' },
    { 'drivers/net/veth.c': veth('', '\tv_new(dev);\n') },
  ]],
  ['of a wrapper that goes from a file that names it still', [{
    'kernel/w.c': 'void *foo_get(size_t size)\n{\n\treturn __alloc_percpu(size, 8);\n}\n', 'kernel/a_user.c': calling('a_user', '\tu->a = foo_get(16);\n'), 'kernel/s.c': short,
    'kernel/x.c': calling('x', '\tu->p = foo_get(24);\n\tg_mk(u);\n'),
  }, { 'kernel/x.c': calling('x', '\t/* foo_get(24) is gone */\n\tg_mk(u);\n') }]],
  ['in a function that a file calls from the next commit', [{ ...room(''), 'kernel/g.c': plain(''), 'kernel/h.c': calling('h', own) }, { 'kernel/g.c': plain(allocating) }, { 'kernel/h.c': calling('h', own + call) }, { 'kernel/i.c': calling('i', call) }]],
  ['in a function that a linked file marks', [{ ...room(''), 'drivers/net/g.c': plain(''), 'drivers/net/h.c': `${calling('h', own)}static struct platform_driver h_driver = {\n\t.probe = g_plain_work,\n};\n` }, { 'drivers/net/g.c': plain(allocating) }, { 'drivers/net/h.c': calling('h', own) }]],
  ['that is the first of its file, whose header then changes', [{ ...room(''), 'kernel/h.c': calling('h', own + call), 'kernel/g.c': '/* no alloc_percpu yet */\n#include <linux/room.h>\nint g_plain_work(struct u *u)\n{\n\treturn 0;\n}\n' }, { 'kernel/g.c': `/* alloc_percpu */\n#include <linux/room.h>\nint g_plain_work(struct u *u)\n{\n${allocating}\treturn 0;\n}\n` }, { ...room('long b[3];') }]],
  ['in a function whose callers are looked for in a further subsystem', [{ ...room(''), 'kernel/a.c': aside, 'drivers/gpu/g.c': plain(''), 'drivers/gpu/h.c': calling('h', own + call) }, { 'drivers/gpu/g.c': plain(allocating) }, { 'drivers/gpu/h.c': calling('h', own) }]],
  ['that then goes, with what was looked for by it', [{ ...room(''), 'kernel/g.c': plain(''), 'kernel/h.c': calling('h', own + call) }, { 'kernel/g.c': plain(allocating) }, { 'kernel/g.c': plain('\tmore();\n') }]],
  ['between static functions, of which the last is handed over', [{ ...room(''), 'kernel/g.c': `${plain('')}static void g_one(struct u *u)\n{\n}\nstatic void g_two(void *info)\n{\n\tg_one(info);\n}\nstatic int g_start(void)\n{\n\ton_each_cpu(g_two, NULL, 1);\n\treturn 0;\n}\nmodule_init(g_start);\n` }, { 'kernel/g.c': `${plain('')}static void g_one(struct u *u)\n{\n${allocating}}\nstatic void g_two(void *info)\n{\n\tg_one(info);\n}\nstatic int g_start(void)\n{\n\ton_each_cpu(g_two, NULL, 1);\n\treturn 0;\n}\nmodule_init(g_start);\n` }]],
];

describe('a commit that is derived from another says of each site what it does resolved whole', () => {
  describe.each([['', {}], ['and links that differ', { 'drivers/net/aside.c': `${aside}module_init(aside_make);\n` }]] as const)('%s', (_, also) => {
    it.each(cases)('%s', async (__, commit, edit) => {
      for (const [derived, whole] of await bothWays([{ ...makefile, 'drivers/net/aside.c': aside, ...commit }, { ...edit, ...also }])) expect(derived).toEqual(whole);
    });
  });

  it.each([['the loop around a call', 'kernel/fork.c', slots], ['a condition before a call', 'net/core/guarded.c', guarded]] as const)('%s, moved by a comment in the commit before', async (_, file, text) => {
    const series = await bothWays([{ ...makefile, 'kernel/aside.c': aside, [file]: text('') }, { [file]: text('/* c */ ') }, { 'kernel/aside.c': `${aside}module_init(aside_make);\n` }]);
    for (const [derived, whole] of series) expect(derived).toEqual(whole);
  });

  it.each(newSites)('a site %s', async (_, [first, ...further]) => {
    for (const [derived, whole] of await bothWays([{ ...makefile, 'kernel/open.c': openEnded, ...first }, ...further])) expect(derived).toEqual(whole);
  });

  it('of a series that was put on another commit, after that was looked at', async () => {
    const e = calling('e', '\tb_make_all(u);\n');
    const b = 'int b_make_all(struct u *u)\n{\n\tu->b = alloc_percpu(long);\n\treturn 0;\n}\n';
    const first = { ...makefile, 'kernel/b.c': b, 'kernel/e.c': 'int e;\n', 'kernel/aside.c': aside };
    const [before, commented] = [{ 'kernel/aside.c': `/* one */\n${aside}` }, { 'kernel/aside.c': `/* other */\n${aside}` }];
    const answers = await bothWays([first, before, { 'kernel/e.c': e }, { ...commented, 'kernel/e.c': 'int e;\n' }, { 'kernel/e.c': e }], [[0, 1], [1, 2], [0, 3], [3, 4]]);
    for (const [derived, whole] of answers) expect(derived).toEqual(whole);
  });
});
