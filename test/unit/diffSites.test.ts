import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { treeDifference } from '../../server/src/features/diff/treeDifference';
import { renamedFiles } from '../../server/src/workspace/compare/renamedFiles';
import { parseLimit, type Limit } from '../../server/src/profile/limit';
import type { DiffReport } from '../../server/src/protocol/diff';
import { snapshotOfTexts } from './memoryWorkspace';

type Texts = Readonly<Record<string, string>>;

function difference(before: Texts, after: Texts, limits: readonly Limit[] = []): DiffReport {
  const tree = (name: string, texts: Texts) => ({ name, snapshot: snapshotOfTexts(texts) });
  const renamed = renamedFiles({
    removed: Object.keys(before).filter((file) => !(file in after)),
    added: Object.keys(after).filter((file) => !(file in before)),
    readBefore: (file) => before[file],
    readAfter: (file) => after[file],
  });
  return treeDifference(tree('a', before), tree('b', after), { limits, renamed, notes: [], readAfter: (file) => after[file] });
}

/** `+ kernel/a.c f alloc_percpu`, in the order of the report. */
function told({ changes }: DiffReport): readonly string[] {
  return changes.map(({ change, aspects, before, after }) => {
    const site = after ?? before;
    return `${{ added: '+', removed: '-', changed: '~' }[change]} ${site?.file} ${site?.function ?? ''} ${site?.api} ${aspects.join(' ')}`.trim();
  });
}

const allocate = (name: string, type = 'int', body = ''): string => `int ${name}(struct thing *t)\n{\n\tt->p = alloc_percpu(${type});\n${body}\treturn 0;\n}\n`;

describe('a site is its function, API and ordinal', () => {
  it('lines above it, and functions changing places, are no change', () => {
    const before = { 'kernel/a.c': allocate('first') + allocate('second', 'long') };
    const after = { 'kernel/a.c': `/* new */\n\n#define X 1\n${allocate('second', 'long')}${allocate('first')}` };
    expect(difference(before, after)).toMatchObject({ changes: [], moved: 0 });
  });

  it('one put in before another of the same function does not shift it', () => {
    const two = 'int f(struct t *t)\n{\n\tt->q = alloc_percpu(long);\n\tt->p = alloc_percpu(int);\n\treturn 0;\n}\n';
    const one = 'int f(struct t *t)\n{\n\tt->p = alloc_percpu(int);\n\treturn 0;\n}\n';
    const report = difference({ 'kernel/a.c': one }, { 'kernel/a.c': two });
    expect(report.changes.map(({ change, after }) => [change, after?.type])).toEqual([['added', 'long']]);
  });

  it('a variable is known by its name, not by its place among others', () => {
    const before = { 'kernel/a.c': 'DEFINE_PER_CPU(int, one);\nstatic DEFINE_PER_CPU(long, two);\n' };
    const after = { 'kernel/a.c': 'static DEFINE_PER_CPU(long, two);\nDEFINE_PER_CPU(short, three);\nDEFINE_PER_CPU(int, one);\n' };
    expect(told(difference(before, after))).toEqual(['+ kernel/a.c  DEFINE_PER_CPU']);
  });

  it('a renamed file keeps its sites, edited or not', () => {
    const before = { 'net/core/old.c': allocate('netdev_thing_init') + allocate('netdev_thing_alloc', 'long') };
    const after = { 'net/core/new.c': allocate('netdev_thing_init', 'short') + allocate('netdev_thing_alloc', 'long') };
    const report = difference(before, after);
    expect(told(report)).toEqual(['~ net/core/new.c netdev_thing_init alloc_percpu size']);
    expect(report.moved).toBe(1);
  });

  it('code that went to another file, and a function that was renamed, moved only', () => {
    const before = { 'mm/a.c': allocate('thing_create') + allocate('other_thing', 'long'), 'mm/b.c': allocate('stays_here') };
    const after = { 'mm/a.c': allocate('other_thing_renamed', 'long'), 'mm/b.c': allocate('stays_here') + allocate('thing_create') };
    expect(difference(before, after)).toMatchObject({ changes: [], moved: 2 });
  });

  it('a call whose object is reached by another name there moved only', () => {
    const swapon = (name: string, by: string): string => `int ${name}(struct swap *${by})\n{\n\t${by}->percpu_cluster = alloc_percpu(struct percpu_cluster);\n\treturn 0;\n}\n`;
    expect(difference({ 'mm/swapfile.c': swapon('enable_swap_info', 'p') }, { 'mm/swapfile.c': swapon('setup_clusters', 'si') })).toMatchObject({ changes: [], moved: 1 });
    const stats = (name: string, by: string): string => `int ${name}(struct ${name} *${by})\n{\n\t${by}->cpustats_of = alloc_percpu(struct cpu_stats);\n\treturn 0;\n}\n`;
    expect(difference({ 'net/ipvs.c': stats('new_dest', 'dest') + stats('new_service', 'svc') }, { 'net/ipvs.c': stats('stats_alloc', 's') }).changes).toHaveLength(3);
    const counts = (name: string, to: string): string => `void ${name}(struct mount *mp, struct counts *cnt)\n{\n\t${to} percpu_counter_read_positive(&mp->m_frextents);\n}\n`;
    const before = { 'fs/xfs/xfs_fsops.c': counts('xfs_fs_counts', 'cnt->freertx ='), 'fs/xfs/xfs_ioctl.c': 'int x;\n' };
    const after = { 'fs/xfs/xfs_fsops.c': 'int x;\n', 'fs/xfs/xfs_ioctl.c': `${counts('xfs_ioctl_fs_counts', 's64 freertx =')}static const struct file_operations f = { .unlocked_ioctl = xfs_ioctl_fs_counts };\n` };
    expect(difference(before, after)).toMatchObject({ changes: [], moved: 1 });
    const elsewhere = { 'fs/xfs/xfs_fsops.c': 'int x;\n', 'fs/ext4/ioctl.c': counts('ext4_counts', 's64 freertx =') };
    expect(difference(before, elsewhere).changes).toHaveLength(2);
  });

  it('a call for the same member that was edited in a function of another name moved, and is compared', () => {
    const make = (name: string, call: string): string => `int ${name}(struct port *p)\n{\n\tp->wq = ${call};\n\treturn 0;\n}\n`;
    const counts = 'struct counts { long all; };\nstruct port { struct counts *wq; };\n';
    const before = { 'net/a.c': counts + make('port_add', 'alloc_percpu(struct counts)') };
    expect(difference(before, { 'net/a.c': counts + make('port_create', 'alloc_percpu(*p->wq)') })).toMatchObject({ changes: [], moved: 1 });
    expect(told(difference({ 'net/a.c': make('port_add', 'alloc_percpu(int)') }, { 'net/a.c': make('port_create', 'alloc_percpu_gfp(int[4], GFP_ATOMIC)') }))).toEqual([
      '~ net/a.c port_create alloc_percpu_gfp size gfp api',
    ]);
    const queue = (name: string, title: string): string => `int ${name}(void)\n{\n\tstruct queue *wq;\n\n\twq = alloc_percpu(${title});\n\treturn 0;\n}\n`;
    expect(told(difference({ 'net/a.c': queue('one_add', 'int') }, { 'net/a.c': queue('other_add', 'int[4]') }))).toEqual(['+ net/a.c other_add alloc_percpu', '- net/a.c one_add alloc_percpu']);
  });

  it('what one of several functions released another one does now', () => {
    const release = (name: string, by: string, count = 1): string => `void ${name}(struct port *p)\n{\n${`\tfree_percpu(${by});\n`.repeat(count)}}\n`;
    const report = difference({ 'net/a.c': release('port_del', 'p[0].stats', 2) }, { 'net/a.c': release('port_destroy', 'p->stats') });
    expect(report.changes.map(({ change, before }) => [change, before?.function])).toEqual([['removed', 'port_del']]);
    expect(report.moved).toBe(1);
  });

  it('a release that went to other files of the subsystem with its member, however often it stands there', () => {
    const release = (name: string, by: string): string => `void ${name}(struct trans *t)\n{\n\tfree_percpu(${by}->queues.header_page);\n}\n`;
    const before = { 'drivers/net/iwl/trans.c': release('trans_free', 't'), 'drivers/net/iwl/pcie/trans.c': 'int x;\n' };
    const after = { 'drivers/net/iwl/trans.c': 'int x;\n', 'drivers/net/iwl/pcie/trans.c': release('pcie_free', 'pcie') + release('pcie_alloc', 'pcie') };
    const report = difference(before, after);
    expect([report.moved, report.changes.map(({ change }) => change)]).toEqual([1, ['added']]);
    const other = { 'drivers/net/iwl/trans.c': 'int x;\n', 'net/core/dev.c': release('pcie_free', 'pcie') };
    expect(difference(before, other).changes).toHaveLength(2);
  });

  it('the one call of a file that names nothing it makes memory for is the same one in another function', () => {
    const init = (name: string, call: string): string => `static int ${name}(void)\n{\n\tint err;\n\n\terr = ${call};\n\treturn err;\n}\nmodule_init(${name});\n`;
    const before = { 'arch/a/kvm.c': init('arm_init', '__alloc_percpu(sizeof(struct vcpu), 0) == NULL') };
    expect(difference(before, { 'arch/a/kvm.c': init('kvm_arm_init', '__alloc_percpu(sizeof(struct vcpu), 8) == NULL') })).toMatchObject({ changes: [], moved: 1 });
    const two = init('kvm_arm_init', '__alloc_percpu(sizeof(struct vcpu), 8) == NULL') + init('another_init', '__alloc_percpu(sizeof(struct other), 8) == NULL');
    expect(difference(before, { 'arch/a/kvm.c': two }).changes).toHaveLength(3);
  });

  it('what an API does inside is found where its definition went, as a macro too', () => {
    const user = 'static int user_init(void)\n{\n\tuser.p = __alloc_percpu(8, 8);\n\treturn 0;\n}\nmodule_init(user_init);\n';
    const before = { 'kernel/user.c': user, 'mm/percpu.c': 'void *__alloc_percpu(size_t size, size_t align)\n{\n\treturn pcpu_alloc(size, align, false, GFP_KERNEL);\n}\n' };
    const after = { 'kernel/user.c': user, 'mm/percpu.c': 'int x;\n', 'include/linux/percpu.h': '#define __alloc_percpu(_size, _align) \\\n\talloc_hooks(pcpu_alloc_noprof(_size, _align, false, GFP_KERNEL))\n' };
    expect(told(difference(before, after))).toEqual(['~ include/linux/percpu.h __alloc_percpu pcpu_alloc_noprof api']);
  });

  it('a cache is known by its name or the variable that keeps it, in another file of the folder too', () => {
    const cache = (name: string, call: string): string => `static struct kmem_cache *room_cachep;\nint ${name}(void)\n{\n\troom_cachep = ${call};\n\treturn 0;\n}\n`;
    const old = { 'fs/a/inode.c': cache('inode_caches', 'kmem_cache_create("a_room", sizeof(struct room), 0, 0, NULL)'), 'fs/a/room.c': 'int x;\n' };
    expect(told(difference(old, { 'fs/a/inode.c': 'int x;\n', 'fs/a/room.c': cache('room_caches', 'KMEM_CACHE(room, 0)') }))).toEqual(['~ fs/a/room.c room_caches KMEM_CACHE api']);
    expect(difference(old, { 'fs/a/inode.c': 'int x;\n', 'fs/b/room.c': cache('room_caches', 'KMEM_CACHE(room, 0)') }).changes).toHaveLength(2);
    const set = (name: string): string => `int ${name}(void)\n{\n\treturn percpu_ref_init(&room_references, gone, 0, GFP_KERNEL);\n}\n`;
    expect(difference({ 'fs/a/inode.c': set('init_all'), 'fs/a/io.c': 'int x;\n' }, { 'fs/a/inode.c': 'int x;\n', 'fs/a/io.c': set('init_io') })).toMatchObject({ changes: [], moved: 1 });
    const named = (file: string, keeper: string, call: string) => ({ [file]: cache('init_all_caches', call).replaceAll('room_cachep', keeper) });
    const before = named('fs/a/inode.c', 'one_cachep', 'kmem_cache_create("a_long_name", sizeof(struct room), 0, 0, NULL)');
    expect(told(difference(before, named('lib/room.c', 'other_cachep', 'KMEM_CACHE(a_long_name, 0)')))).toEqual(['~ lib/room.c init_all_caches KMEM_CACHE api']);
  });

  it('updates of a counter that went to other files of the folder are the same ones, however many', () => {
    const update = (name: string, by: string, amount: string): string => `void ${name}(struct info *info, struct buf *${by})\n{\n\tpercpu_counter_add_batch(&${by}->info->dirty_bytes, ${amount}, info->batch);\n}\n`;
    const before = { 'fs/a/disk.c': update('clean_block', 'buf', '-buf->len') + update('mark_dirty', 'buf', 'buf->len') + update('set_error', 'eb', 'eb->size'), 'fs/a/io.c': 'int x;\n' };
    const after = { 'fs/a/disk.c': 'int x;\n', 'fs/a/io.c': update('set_dirty', 'eb', 'eb->len') + update('clear_dirty', 'eb', '-eb->len') };
    const report = difference(before, after);
    expect(report.changes.map(({ change, before: was }) => [change, was?.function])).toEqual([['removed', 'set_error']]);
    expect(report.moved).toBe(2);
  });

  it('like-named functions of two drivers are not one that moved', () => {
    const before = { 'drivers/a/x.c': allocate('init'), 'drivers/b/y.c': 'int x;\n' };
    const after = { 'drivers/a/x.c': 'int x;\n', 'drivers/b/y.c': allocate('init') };
    expect(told(difference(before, after))).toEqual(['- drivers/a/x.c init alloc_percpu', '+ drivers/b/y.c init alloc_percpu']);
  });

  it('the very same call by a name of its own, in a function that was split off into another file, moved only', () => {
    const call = (name: string, queue: string): string => `int ${name}(struct d *d)\n{\n\td->wq = alloc_workqueue("${queue}", 0, 0);\n\treturn 0;\n}\n`;
    const before = { 'drivers/a/display.c': call('display_init', 'i915_modeset') };
    const after = { 'drivers/a/display.c': 'int x;\n', 'drivers/a/driver.c': call('probe_noirq', 'i915_modeset') };
    expect(difference(before, after)).toMatchObject({ changes: [], moved: 1 });
    const other = { 'drivers/a/display.c': 'int x;\n', 'drivers/a/driver.c': call('probe_noirq', 'another_queue') };
    expect(difference(before, other).changes).toHaveLength(2);
  });

  it('any permutation of functions is no change', () => {
    const functions = ['a', 'b', 'c', 'd'].map((name) => allocate(`create_${name}`, name === 'a' ? 'long' : 'int'));
    fc.assert(
      fc.property(fc.shuffledSubarray(functions, { minLength: functions.length }), fc.nat(3), (order, blank) => {
        const after = { 'kernel/a.c': order.join('\n'.repeat(blank + 1)) };
        expect(difference({ 'kernel/a.c': functions.join('') }, after)).toMatchObject({ changes: [], moved: 0 });
      }),
      { numRuns: 20 },
    );
  });
});

describe('what differs is said', () => {
  it('size, with bytes before and after', () => {
    const struct = (members: string): string => `struct s { ${members} };\n`;
    const report = difference({ 'kernel/a.c': struct('int a;') + allocate('f', 'struct s') }, { 'kernel/a.c': struct('int a; long b;') + allocate('f', 'struct s') });
    expect(report.changes).toMatchObject([{ change: 'changed', aspects: ['size'], before: { size: 4 }, after: { size: 16, footprint: 4096 }, footprint_difference: 3072 }]);
  });

  it('the same through a header that alone was edited', () => {
    const site = { 'kernel/a.c': `#include "s.h"\n${allocate('f', 'struct s')}` };
    const report = difference({ ...site, 'kernel/s.h': 'struct s { int a; };\n' }, { ...site, 'kernel/s.h': 'struct s { int a[4]; };\n' });
    expect(report.changes).toMatchObject([{ aspects: ['size'], before: { size: 4 }, after: { size: 16 } }]);
  });

  it('gfp and API in the place of another', () => {
    const before = 'int f(struct t *t)\n{\n\tt->p = alloc_percpu(int);\n}\n';
    const after = 'int f(struct t *t)\n{\n\tt->p = alloc_percpu_gfp(int, GFP_ATOMIC);\n}\n';
    expect(told(difference({ 'kernel/a.c': before }, { 'kernel/a.c': after }))).toEqual(['~ kernel/a.c f alloc_percpu_gfp gfp api']);
    const returned = (call: string): Texts => ({ 'kernel/a.c': `void *f(struct t *t, gfp_t gfp, gfp_t flags)\n{\n\treturn ${call};\n}\n` });
    expect(told(difference(returned('alloc_percpu(struct s)'), returned('alloc_percpu_gfp(struct s, GFP_ATOMIC)')))).toEqual(['~ kernel/a.c f alloc_percpu_gfp gfp api']);
    expect(told(difference(returned('alloc_percpu_gfp(int, gfp)'), returned('alloc_percpu_gfp(int, flags)')))).toEqual([]);
  });

  it('no variable in the place of another', () => {
    const before = 'static DEFINE_PER_CPU(struct list *, patch_area);\nint x;\n';
    const after = 'struct context { int a; };\nstatic DEFINE_PER_CPU(struct context, patch_context);\n';
    expect(told(difference({ 'kernel/a.c': before }, { 'kernel/a.c': after })).map((text) => text[0]).sort()).toEqual(['+', '-']);
  });

  it('a call that brings it onto the fork path', () => {
    const fork = (call: string): string => `${allocate('thing_make')}static int copy_thing(void)\n{\n\t${call}\n}\nSYSCALL_DEFINE0(fork)\n{\n\treturn kernel_clone(0);\n}\npid_t kernel_clone(void *args)\n{\n\treturn copy_thing();\n}\n`;
    const report = difference({ 'kernel/fork.c': fork('return 0;') }, { 'kernel/fork.c': fork('return thing_make(0);') });
    expect(report.changes).toMatchObject([{ aspects: ['class'], before: { frequency_class: ['unknown'] }, after: { frequency_class: ['fork-exec'] } }]);
    expect(report.totals.find(({ frequency_class: name }) => name === 'fork-exec')).toMatchObject({ size: { before: 0, after: 4 }, footprint: { before: 0, after: 1024 } });
  });

  it('a loop over an array that became one call for it makes the same bytes, in less time', () => {
    const text = (body: string): string => `enum { RECLAIMABLE, WRITEBACK, DIRTIED, NR_ITEMS };\nint room_init(struct room *room)\n{\n\tint err, i;\n\n${body}\treturn err;\n}\n`;
    const before = text('\tfor (i = 0; i < NR_ITEMS; i++)\n\t\terr = percpu_counter_init(&room->stat[i], 0, GFP_KERNEL);\n');
    const after = text('\terr = percpu_counter_init_many(room->stat, 0, GFP_KERNEL, NR_ITEMS);\n');
    const report = difference({ 'mm/a.c': before }, { 'mm/a.c': after });
    expect(report.changes).toMatchObject([
      { aspects: ['api'], before: { size: 12, count: 3, turns: 3, footprint: 3072 }, after: { size: 12, count: 3, turns: 1, footprint: 3072 }, footprint_difference: 0 },
    ]);
    expect(report.totals).toMatchObject([{ footprint: { before: 3072, after: 3072 } }]);
    const [create] = report.changes.map((change) => [change.before?.create?.ns?.mid ?? NaN, change.after?.create?.ns?.mid ?? NaN]);
    expect(create?.[0]).toBeGreaterThan(1.5 * (create?.[1] ?? NaN));
  });

  it('that bytes inside an API are counted at each of its calls, of which one is named', () => {
    const inside = (type: string): string => `int mm_alloc_cid(struct mm_struct *mm)\n{\n\tmm->pcpu_cid = alloc_percpu(${type});\n\treturn 0;\n}\n`;
    const users = ['one', 'two'].map((name) => `int ${name}_init(void)\n{\n\treturn mm_alloc_cid(${name});\n}\n`).join('');
    const { changes } = difference({ 'kernel/sched.c': inside('int'), 'mm/user.c': users }, { 'kernel/sched.c': inside('long'), 'mm/user.c': users });
    const change = changes.find(({ after }) => after?.file === 'kernel/sched.c');
    expect(change?.note).toBe('counted at each call of the API, such as mm/user.c:3');
  });

  it('the turns of a loop, where their number is constant', () => {
    const text = (items: string): string => `enum { ${items}, NR };\nvoid room_init(struct room *room)\n{\n\tfor (int i = 0; i < NR; i++)\n\t\troom->p[i] = alloc_percpu(long);\n}\n`;
    expect(difference({ 'mm/a.c': text('A') }, { 'mm/a.c': text('A, B') }).changes).toMatchObject([{ aspects: ['size', 'count'], before: { size: 8, turns: 1 }, after: { size: 16, turns: 2 } }]);
    const many = (bound: string): string => `void room_init(struct room *room, int n)\n{\n\tfor (int i = 0; i < ${bound}; i++)\n\t\troom->p[i] = alloc_percpu(long);\n}\n`;
    expect(difference({ 'mm/a.c': many('n') }, { 'mm/a.c': many('n + 1') }).changes).toEqual([]);
  });

  it('a loop that released an array and became one call for it is one change, of the API', () => {
    const text = (body: string): string => `void room_exit(struct room *room)\n{\n\tint i;\n\n${body}}\n`;
    const before = text('\tfor (i = 0; i < 3; i++)\n\t\tpercpu_counter_destroy(&room->stat[i]);\n\tpercpu_counter_destroy(&room->other);\n');
    const after = text('\tpercpu_counter_destroy_many(room->stat, 3);\n\tpercpu_counter_destroy(&room->other);\n');
    expect(told(difference({ 'mm/a.c': before }, { 'mm/a.c': after }))).toEqual(['~ mm/a.c room_exit percpu_counter_destroy_many api']);
  });

  it('of several that report to one variable each is known by what it initialises', () => {
    const text = (first: string, second: string): string => `int room_init(struct room *room)\n{\n\tint err;\n\n\terr = ${first};\n\tif (!err)\n\t\terr = ${second};\n\treturn err;\n}\n`;
    const before = text('percpu_counter_init(&room->one, 0, GFP_KERNEL)', 'percpu_counter_init(&room->two, 0, GFP_KERNEL)');
    const after = text('percpu_counter_init_many(room->two, 0, GFP_KERNEL, 2)', 'percpu_ref_init(&room->ref, room_gone, 0, GFP_KERNEL)');
    const report = difference({ 'mm/a.c': before }, { 'mm/a.c': after });
    expect(report.changes.map(({ change, before: was, after: is }) => [change, was?.first_argument ?? null, is?.first_argument ?? null])).toEqual([
      ['added', null, '&room->ref'], ['removed', '&room->one', null], ['changed', '&room->two', 'room->two'],
    ]);
  });

  it('between two versions a trigger only where a frequent one comes or goes, near by', () => {
    const tree = (version: number, text: string) => ({ name: 'x', snapshot: snapshotOfTexts({ 'kernel/fork.c': text }, { kernel: { major: 6, minor: version } }) });
    const triggers = (versions: readonly [number, number], before: string, after: string): readonly string[] =>
      treeDifference(tree(versions[0], before), tree(versions[1], after), { limits: [], renamed: new Map(), notes: [], readAfter: () => undefined })
        .changes.map(({ aspects }) => aspects.join());
    const rare = (macro: string): string => `static ${allocate('thing_make')}${macro}(thing_make);\n`;
    expect(triggers([1, 1], rare('module_init'), rare('subsys_initcall'))).toEqual(['class']);
    expect(triggers([1, 12], rare('module_init'), rare('subsys_initcall'))).toEqual([]);
    const summed = (root: string): string => `s64 pages(struct b *b)\n{\n\treturn percpu_counter_sum(&b->pages);\n}\n${root}\n{\n\treturn pages(0);\n}\n`;
    const [rarely, often] = [`${summed('static int b_init(void)')}module_init(b_init);\n`, summed('pid_t kernel_clone(void *args)')];
    expect([triggers([12, 12], rarely, often), triggers([1, 12], rarely, often)]).toEqual([['class'], []]);
    const steps = (count: number): string => {
      const step = (at: number): string => `static int step_${at}(void)\n{\n\treturn ${at === count ? 'thing_make(0)' : `step_${at + 1}()`};\n}\n`;
      return `static ${allocate('thing_make')}${Array.from({ length: count }, (_, at) => step(count - at)).join('')}pid_t kernel_clone(void *args)\n{\n\treturn step_1();\n}\n`;
    };
    expect(triggers([1, 12], steps(2).replace('return step_1()', 'return 0'), steps(2))).toEqual(['class']);
    expect(triggers([1, 12], steps(8).replace('return step_1()', 'return 0'), steps(8))).toEqual([]);
    expect(triggers([12, 12], steps(8).replace('return step_1()', 'return 0'), steps(8))).toEqual(['class']);
  });

  it('no trigger of what an API does inside, however deep', () => {
    const api = `static struct x *queue_link(void)\n{\n\treturn alloc_percpu(long);\n}\nvoid *alloc_workqueue(const char *name)\n{\n\treturn queue_link();\n}\n`;
    const user = (macro: string): string => `static int user(void)\n{\n\tq = alloc_workqueue("user", 0, 0);\n\treturn 0;\n}\n${macro}(user);\n`;
    const [before, after] = [{ 'kernel/w.c': api + user('module_init') }, { 'kernel/w.c': api + user('subsys_initcall') }];
    expect(told(difference(before, after))).toEqual(['~ kernel/w.c user alloc_workqueue class']);
  });

  it('memory that the core allocates at the driver\'s word', () => {
    const before = { 'drivers/net/x.c': 'static int x_init(struct net_device *dev)\n{\n\tdev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);\n}\n' };
    const after = { 'drivers/net/x.c': 'static int x_setup(struct net_device *dev)\n{\n\tdev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;\n}\n' };
    const report = difference(before, after);
    expect(report.changes[0]?.note).toMatch(/sets pcpu_stat_type now, so netdev_do_alloc_pcpu_stats\(\) in net\/core\/dev\.c allocates it/);
    expect(report.apis).toMatchObject([{ api: 'netdev_alloc_pcpu_stats', before: 1, after: 0, note: expect.stringContaining('1 file sets pcpu_stat_type') as unknown }]);
    const managed = (text: string, name: string): string => text.replaceAll('x_', name).replace('netdev_alloc_pcpu_stats(', 'devm_netdev_alloc_pcpu_stats(dev, ');
    const more = difference({ ...before, 'drivers/net/y.c': managed(before['drivers/net/x.c'], 'y_') }, { ...after, 'drivers/net/y.c': managed(after['drivers/net/x.c'], 'y_') });
    expect(more.apis.map(({ api, note }) => [api, note?.split(' instead')[0]])).toEqual([
      ['devm_netdev_alloc_pcpu_stats', '1 file sets pcpu_stat_type'], ['netdev_alloc_pcpu_stats', '1 file sets pcpu_stat_type'],
    ]);
  });
});

describe('totals', () => {
  it('are before and after of all sites, and add up to the changes', () => {
    const before = { 'kernel/a.c': allocate('f') + allocate('g', 'long') };
    const after = { 'kernel/a.c': allocate('g', 'long') + allocate('h', 'char') };
    const report = difference(before, after);
    const grown = report.totals.reduce((sum, { footprint }) => sum + (footprint.after ?? 0) - (footprint.before ?? 0), 0);
    const changed = report.changes.reduce((sum, { footprint_difference: bytes }) => sum + (bytes ?? NaN), 0);
    expect([grown, changed]).toEqual([0, 0]);
    expect(report.changes.map(({ footprint_difference: bytes }) => bytes)).toEqual([-1024, 1024]);
  });

  it('of a comparison the other way round have the signs turned', () => {
    const [one, other] = [{ 'kernel/a.c': allocate('f') }, { 'kernel/a.c': allocate('f', 'long[3]') }];
    const bytes = (report: DiffReport): readonly (number | null)[] => report.changes.map(({ footprint_difference: each }) => each);
    expect(bytes(difference(one, other))).toEqual(bytes(difference(other, one)).map((each) => -(each ?? 0)));
  });
});

describe('limits', () => {
  const limit = (written: string): Limit => {
    const read = parseLimit(written);
    if ('fault' in read) throw new Error(read.fault);
    return read.value;
  };
  const broken = (before: string, after: string, written: string): readonly string[] =>
    difference({ 'kernel/a.c': before }, { 'kernel/a.c': after }, [limit(written)]).broken_limits.map(({ reason }) => reason);

  it.each([
    ['total: +1 KiB', []],
    ['total: +1023 B', ['total: +1 KiB, the limit is +1023 B']],
    ['unknown: +0 sites', ['unknown: +1 site, the limit is +0 sites']],
    ['fork-exec: +0 B', []],
  ])('%s', (written, reasons) => {
    expect(broken('int x;\n', allocate('f'), written)).toEqual(reasons);
  });

  it('are broken by what nobody knows', () => {
    expect(broken('int x;\n', allocate('f', 'struct elsewhere'), 'total: +1 GiB')).toEqual(['total: sites of unknown size were added; the limit is +1 GiB']);
  });
});
