import { describe, expect, it } from 'vitest';
import { answerText, treeText } from '../../server/src/cli/strategiesText';
import { groupedObjects } from '../../server/src/features/groupedObjects';
import { strategyAnswer } from '../../server/src/features/strategyAnswer';
import { treeStrategies } from '../../server/src/features/treeStrategies';
import type { StrategyAnswer } from '../../server/src/protocol/strategyAnswer';
import type { Snapshot, SnapshotSite } from '../../server/src/workspace/snapshot';
import { forkText } from './forkFixture';
import { snapshotOfTexts } from './memoryWorkspace';

const action = `
static int sample_idr_create(struct tc_action **a)
{
	struct tc_action *p = kzalloc(sizeof(*p), GFP_KERNEL);

	p->cpu_bstats = netdev_alloc_pcpu_stats(struct gnet_stats_basic_sync);
	p->cpu_bstats_hw = netdev_alloc_pcpu_stats(struct gnet_stats_basic_sync);
	p->cpu_qstats = alloc_percpu(struct gnet_stats_queue);
	return 0;
}
static int sample_init(struct net *net) { return sample_idr_create(NULL); }
static int other_init(struct net *net) { return sample_idr_create(NULL); }
static struct tc_action_ops act_sample_ops = { .kind = "sample", .init = sample_init };
static struct tc_action_ops act_other_ops = { .kind = "other", .init = other_init };
static void sample_free(struct tc_action *p)
{
	free_percpu(p->cpu_bstats);
	free_percpu(p->cpu_bstats_hw);
	free_percpu(p->cpu_qstats);
}
`;
const statistics = 'struct gnet_stats_basic_sync { u64 bytes; u64 packets; } __attribute__((aligned(16)));\nstruct gnet_stats_queue { u32 a, b, c, d, e; };\n';

function siteOf(snapshot: Snapshot, api: string): SnapshotSite {
  const found = [...snapshot.sites.values()].flat().find(({ site }) => site.fact.api === api);
  if (found === undefined) throw new Error(`no ${api}`);
  return found;
}

function answered(snapshot: Snapshot, api: string, threads?: number): StrategyAnswer {
  const answer = strategyAnswer(snapshot, siteOf(snapshot, api), threads);
  if (answer === null) throw new Error('no answer');
  return answer;
}

const forked = snapshotOfTexts({ 'kernel/fork.c': forkText() });
const mm = answered(forked, 'percpu_counter_init_many');
const of = (answer: StrategyAnswer, id: string) => answer.strategies.find((one) => one.id === id);

describe('the answer for an mm', () => {
  it('has figures for every strategy of the thread that concerns one', () => {
    const ids = ['grouping', 'ctor-dtor', 'dual-mode', 'on-demand', 'cid-indexed', 'lazy-switch', 'per-task', 'hierarchical', 'per-node', 'percpu-cache', 'fused-sum'];
    for (const id of ids) {
      const one = of(mm, id);
      expect(one, id).toMatchObject({ applies: true, unknown_because: null });
      expect(one?.before?.create.ns?.mid, id).toBeGreaterThan(0);
      expect(one?.after?.destroy.ns?.mid, id).toBeGreaterThan(0);
      expect(one?.scenario?.id, id).toBe('fork-exec');
      expect(one?.sweep.map(({ cpus }) => cpus), id).toEqual([1, 4, 16, 64, 128, 256, 512, 1024]);
    }
  });

  it('has the published signs and order', () => {
    const gain = (id: string): number => of(mm, id)?.gain?.mid ?? NaN;
    const limit = (id: string): number => of(mm, id)?.worth?.throughput_ratio?.mid ?? NaN;
    for (const id of ['grouping', 'ctor-dtor', 'dual-mode', 'on-demand', 'cid-indexed', 'per-task', 'per-node', 'fused-sum', 'lazy-switch']) expect(gain(id), id).toBeGreaterThan(0);
    expect(gain('hierarchical')).toBeLessThan(gain('fused-sum'));
    // Where nobody competes the loops over CPUs decide, where all do the locks.
    expect(gain('dual-mode')).toBeGreaterThan(gain('ctor-dtor'));
    expect(limit('ctor-dtor')).toBeGreaterThan(limit('dual-mode'));
    expect(limit('lazy-switch')).toBeLessThan(1.1);
  });

  it('says from how many CPUs each pays, and up to how many hierarchical counters do', () => {
    expect(of(mm, 'dual-mode')).toMatchObject({ pays_from: 1, saves_a_tenth_from: 1 });
    const tree = of(mm, 'hierarchical');
    const saves = (tree?.sweep ?? []).filter(({ life_ns: { before, after } }) => (after?.mid ?? Infinity) < (before?.mid ?? 0)).map(({ cpus }) => cpus);
    expect(saves).toContain(1);
    expect(saves).not.toContain(1024);
    expect(answerText(mm)).toContain(`saves time up to ${String(saves.at(-1))} CPUs of the sweep, not beyond`);
    expect(of(mm, 'hierarchical')?.after?.read_error).toBeLessThan(of(mm, 'hierarchical')?.before?.read_error ?? 0);
  });

  it('pairs what composes, in order, and says why others do not', () => {
    expect(of(mm, 'grouping')?.composes_with).toContain('ctor-dtor');
    expect(of(mm, 'dual-mode')?.conflicts).toContainEqual({ id: 'per-task', why: 'both replace how the counters are kept' });
    expect(of(mm, 'ctor-dtor')?.conflicts.find(({ id }) => id === 'lazy-switch')?.why).toContain('initialises every slot once');
    expect(mm.combinations[0]?.ids).toEqual(['dual-mode', 'on-demand']);
  });

  it('of a linker with sixteen threads counts the upgrade, and the slots in use', () => {
    const linker = answered(forked, 'percpu_counter_init_many', 16);
    expect(of(linker, 'dual-mode')).toMatchObject({ pushed: false, not_pushed: expect.stringContaining('saves no time') as string });
    expect(of(linker, 'dual-mode')?.gain?.mid).toBeLessThan(0.1);
    expect(of(mm, 'dual-mode')?.pushed).toBe(true);
    expect(of(linker, 'on-demand')).toMatchObject({ applies: false, why: expect.stringContaining('has threads') as string });
    expect(of(linker, 'cid-indexed')?.why).toContain('16 slots instead of 256');
    expect(of(linker, 'cid-indexed')?.gain?.mid).toBeGreaterThan(0.4);
    expect(of(linker, 'per-task')?.after?.read_error).toBe(64 * 16);
    expect(of(linker, 'cid-indexed')?.scenario?.id).toBe('short-threads');
  });

  it('is told with standing and objections before any gain, for everything that is not merged', () => {
    const blocks = answerText(mm).split('\n\n');
    for (const { id, applies, merged, objections } of mm.strategies) {
      if (!applies || merged) continue;
      const block = blocks.find((one) => one.startsWith(`${id}: `)) ?? '';
      const voiced = objections[0] === undefined ? block.indexOf('no objection is known') : block.indexOf(objections[0].point);
      expect(voiced, id).toBeGreaterThan(-1);
      expect(voiced, id).toBeLessThan(block.search(/saves|dearer/));
    }
    expect(answerText(mm)).toContain('Times are uncalibrated: order of magnitude. All figures per second are upper bounds');
    expect(answerText(mm)).toMatch(/read error +± 130,816 pages \(511 MiB\) +none/);
    expect(answerText(mm)).toContain('note: figures are for a single-threaded process; the first CLONE_VM pays one grouped allocation');
  });
});

describe('what a strategy leaves without a shared lock', () => {
  it('is not given a rate that nobody reaches', () => {
    const changed = of(mm, 'ctor-dtor')?.after;
    expect(changed?.knee_cpus).toBeNull();
    expect(answerText(mm)).toMatch(/objects, back to back .* \/s +not limited by percpu memory\n/);
    for (const row of answerText(mm).split('\n')) expect(row).not.toMatch(/\d{2},\d{3},\d{3} \/s/);
  });
});

describe('the answer for a tc action', () => {
  const snapshot = snapshotOfTexts({ 'net/sched/act_sample.c': `${statistics}${action}` });
  const answer = answered(snapshot, 'alloc_percpu');

  it('has no-percpu with the updates from which it loses, and ctor-dtor with what a kmalloc object needs', () => {
    expect(of(answer, 'no-percpu')).toMatchObject({ applies: true, pushed: false, not_pushed: 'user space asks for it; there is nothing to change here' });
    expect(of(answer, 'no-percpu')?.worth?.loses_from_updates).toBeGreaterThan(0);
    expect(of(answer, 'no-percpu')?.after?.throughput_per_s).toBeNull();
    expect(answerText(answer)).toMatch(/objects, back to back .* nothing is left to do/);
    expect(answerText(answer)).not.toContain('∞');
    expect(answerText(answer)).toMatch(/every update costs .* more: it loses from [\d,]+ updates in the life of an object on \([\d,.]+ a second for one that lives a minute\)/);
    const updates = of(answer, 'no-percpu')?.worth;
    expect(updates?.contended?.dearer_update_ns).toBeGreaterThan(3 * (updates?.dearer_update_ns ?? Infinity));
    expect(updates?.contended?.loses_from_updates).toBeLessThan(updates?.loses_from_updates ?? 0);
    expect(answerText(answer)).toMatch(/from many CPUs at once at least .* more, and it loses from [\d,]+ on/);
    expect(answerText(answer)).toContain('→ nothing left to do');
    expect(of(answer, 'ctor-dtor')?.why).toContain('kzalloc in sample_idr_create) and would need a slab cache of its own');
    expect(of(answer, 'ctor-dtor')?.why).toContain('kzalloc in sample_idr_create (clears the whole object)');
    expect(of(answer, 'ctor-dtor')?.not_pushed).toContain('such objects stay');
    expect(of(answer, 'grouping')?.why).toContain('freed together in sample_free');
    expect(of(answer, 'dual-mode')).toMatchObject({ applies: false });
  });

  it('is listed once for all kinds of actions', () => {
    expect(groupedObjects(snapshot)).toMatchObject([{ name: 'tc action (other, sample)', trips: { before: 6, after: 2 } }]);
  });
});

describe('objects with several areas', () => {
  const ext = `
struct percpu_counter { long lock; long count; int *counters; };
struct sample_sb { struct percpu_counter blocks; struct percpu_counter inodes; long pad; struct percpu_counter dirs; };
static int sample_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct sample_sb *sbi = kzalloc(sizeof(*sbi), GFP_KERNEL);
	int err;

	err = percpu_counter_init(&sbi->blocks, count_blocks(sb), GFP_KERNEL);
	err = percpu_counter_init(&sbi->inodes, count_inodes(sb), GFP_KERNEL);
	err = percpu_counter_init(&sbi->dirs, 0, GFP_KERNEL);
	return err;
}
static int sample_get_tree(struct fs_context *fc) { return get_tree_nodev(fc, sample_fill_super); }
static const struct fs_context_operations sample_context_ops = { .get_tree = sample_get_tree };
static int sample_init_fs_context(struct fs_context *fc) { fc->ops = &sample_context_ops; return 0; }
static struct file_system_type sample_type = { .name = "sample", .init_fs_context = sample_init_fs_context };
`;
  const snapshot = snapshotOfTexts({ 'fs/sample/super.c': ext, 'kernel/fork.c': forkText() });
  const tree = treeStrategies(snapshot);

  it('are listed with their sites, and what grouping would take and save', () => {
    const mount = tree.objects.find(({ name }) => name === 'sample superblock');
    expect(mount?.sites.map(({ keeps }) => keeps)).toEqual(['sbi->blocks', 'sbi->inodes', 'sbi->dirs']);
    expect(mount?.trips).toEqual({ before: 6, after: 2 });
    expect(mount?.saved_ns?.mid).toBeGreaterThan(0);
    expect(mount?.takes).toContain('amounts differ (count_blocks(sb), count_inodes(sb), 0)');
    expect(mount?.takes).toContain('in struct sample_sb as runs of 2 (blocks, inodes) and 1 (dirs)');
  });

  it('agree with what is said at the site', () => {
    const grouping = of(answered(snapshot, 'percpu_counter_init_many'), 'grouping');
    expect(tree.objects.find(({ name }) => name === 'mm')?.gain).toEqual(grouping?.gain);
  });

  it('are told in text, what is shown unasked first and with its objections', () => {
    const text = treeText(tree);
    expect(text.indexOf('kernel/fork.c')).toBeLessThan(text.indexOf('sample superblock, every mount:'));
    const dual = text.slice(text.indexOf(': dual-mode, mm'));
    expect(dual.indexOf('objection, Pedro Falcato')).toBeLessThan(dual.indexOf('saves'));
    expect(treeText(treeStrategies(snapshotOfTexts({ 'a.c': 'int x;\n' })))).toContain('Nothing is shown unasked on this machine.');
  });
});
