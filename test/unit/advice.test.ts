import { describe, expect, it } from 'vitest';
import { adviceFor, compareFor } from '../../server/src/features/advice';
import { notPushedBecause } from '../../server/src/features/pushing';
import { reportOf } from '../../server/src/features/report';
import { siteDetails } from '../../server/src/features/siteDetails';
import { emptyProfile } from '../../server/src/profile/profile';
import { between, exactly } from '../../server/src/util/interval';
import type { Snapshot, SnapshotSite } from '../../server/src/workspace/snapshot';
import { forkText } from './forkFixture';
import { type MemoryOptions, snapshotOfTexts } from './memoryWorkspace';

const mount = `
static int sample_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct sample_sb *sbi = kzalloc(sizeof(*sbi), GFP_KERNEL);

	percpu_counter_init(&sbi->blocks, 0, GFP_KERNEL);
	percpu_counter_init(&sbi->inodes, 0, GFP_KERNEL);
	return 0;
}
static int sample_get_tree(struct fs_context *fc)
{
	return get_tree_nodev(fc, sample_fill_super);
}
static const struct fs_context_operations sample_context_ops = { .get_tree = sample_get_tree };
`;

function forked(options: MemoryOptions & { readonly comment?: string } = {}): Snapshot {
  return snapshotOfTexts({ 'kernel/fork.c': forkText(options.comment) }, options);
}

function siteOf(snapshot: Snapshot, api: string, file = 'kernel/fork.c'): SnapshotSite {
  const found = snapshot.sites.get(file)?.find(({ site }) => site.fact.api === api);
  if (found === undefined) throw new Error(`no ${api}`);
  return found;
}

function heldBack(snapshot: Snapshot, site: SnapshotSite, id: string): string | null {
  const comparison = compareFor(snapshot, site);
  const strategy = comparison?.strategies.find((one) => one.id === id);
  return comparison === null || strategy === undefined ? 'no comparison' : notPushedBecause(strategy, comparison.subject, site, snapshot);
}

describe('what is shown unasked', () => {
  it('is each strategy at the first call that it would change', () => {
    const snapshot = forked();
    expect([...adviceFor(snapshot, siteOf(snapshot, 'mm_alloc_cid'))].sort()).toEqual(['ctor-dtor', 'grouping', 'on-demand']);
    expect([...adviceFor(snapshot, siteOf(snapshot, 'percpu_counter_init_many'))].sort()).toEqual(['cid-indexed', 'dual-mode']);
  });

  it('is nothing where the machine is small: rate × saving decides', () => {
    const snapshot = forked({ cpus: 8 });
    expect(adviceFor(snapshot, siteOf(snapshot, 'percpu_counter_init_many'))).toEqual([]);
    expect(heldBack(snapshot, siteOf(snapshot, 'percpu_counter_init_many'), 'dual-mode')).toMatch(/of CPU time a second on the whole machine, less than 1 ms/);
  });

  it('follows the rates of the project', () => {
    const snapshot = forked({ cpus: 8 });
    const rates = new Map([['fork-exec', between(50_000, 200_000, 100_000)]] as const);
    const busy = { ...snapshot, profile: { ...emptyProfile, workload: { rates, live: new Map() } } };
    expect(adviceFor(busy, siteOf(busy, 'percpu_counter_init_many'))).toContain('dual-mode');
    const idle = { ...forked(), profile: { ...emptyProfile, workload: { rates: new Map([['fork-exec', exactly(1)]] as const), live: new Map() } } };
    expect(adviceFor(idle, siteOf(idle, 'percpu_counter_init_many'))).toEqual([]);
  });

  it('is nothing on a mount, which gets its answer on request', () => {
    const snapshot = snapshotOfTexts({ 'fs/sample/super.c': mount });
    const site = siteOf(snapshot, 'percpu_counter_init', 'fs/sample/super.c');
    expect(adviceFor(snapshot, site)).toEqual([]);
    const grouping = siteDetails(snapshot, site).strategies.find(({ id }) => id === 'grouping');
    expect(grouping).toMatchObject({ applies: true, pushed: false, not_pushed: expect.stringContaining('mount') as string });
    expect(grouping?.gain?.mid).toBeGreaterThan(0.1);
  });

  it('leaves out what the kernel dropped, what makes updates dearer and what others would have to change', () => {
    const snapshot = forked();
    const site = siteOf(snapshot, 'percpu_counter_init_many');
    expect(heldBack(snapshot, site, 'per-task')).toContain('dropped');
    expect(heldBack(snapshot, site, 'per-node')).toContain('every update costs');
    expect(heldBack(snapshot, site, 'percpu-cache')).toContain('changes the allocator');
    expect(heldBack(snapshot, site, 'lazy-switch')).toContain('changes the scheduler');
    expect(heldBack(snapshot, site, 'hierarchical')).toContain('it saves no time');
    expect(heldBack(snapshot, site, 'no-percpu')).toBe('it does not apply');
  });
});

describe('silence', () => {
  it('by a comment with a reason keeps a strategy from being shown, and shows the reason on request', () => {
    const snapshot = forked({ comment: '/* percpu-lens: ignore dual-mode, grouping: waits for the rewrite */' });
    const site = siteOf(snapshot, 'percpu_counter_init_many');
    expect(adviceFor(snapshot, site)).toEqual(['cid-indexed']);
    const shown = siteDetails(snapshot, site).strategies.find(({ id }) => id === 'dual-mode');
    expect(shown).toMatchObject({ pushed: false, suppressed: 'suppressed by a comment: waits for the rewrite' });
    expect(shown?.not_pushed).toBe('suppressed by a comment: waits for the rewrite');
  });

  it('without a reason is none', () => {
    const snapshot = forked({ comment: '/* percpu-lens: ignore all */' });
    expect(adviceFor(snapshot, siteOf(snapshot, 'percpu_counter_init_many'))).toContain('dual-mode');
  });

  it('of what is neither a strategy nor a rule is reported, and so is none for others', () => {
    const snapshot = forked({ comment: '/* percpu-lens: ignore groping, past-knee: why */' });
    expect(reportOf(snapshot).problems).toEqual([{ file: 'kernel/fork.c', reason: expect.stringContaining('"percpu-lens: ignore groping" names no strategy or rule; there are all, grouping') as string }]);
    expect(adviceFor(snapshot, siteOf(snapshot, 'mm_alloc_cid'))).toContain('grouping');
    expect(reportOf(forked({ comment: '/* percpu-lens: ignore all: why */' })).problems).toEqual([]);
  });

  it('by percpu.toml goes by file and function', () => {
    const snapshot = forked();
    const suppressions = [{ file: 'kernel/*.c', function: 'mm_init', ids: ['all'], reason: 'known' }];
    const quiet = { ...snapshot, profile: { ...emptyProfile, suppressions } };
    expect(adviceFor(quiet, siteOf(quiet, 'percpu_counter_init_many'))).toEqual([]);
    expect(heldBack(quiet, siteOf(quiet, 'mm_alloc_cid'), 'grouping')).toBe('suppressed by percpu.toml: known');
  });
});

describe('what is said of an mm', () => {
  const snapshot = forked();
  const why = (id: string): string => siteDetails(snapshot, siteOf(snapshot, 'percpu_counter_init_many')).strategies.find((one) => one.id === id)?.why ?? '';

  it('names the cache, what copies over constructor state, the charge that moves and the locks of the destructor', () => {
    expect(why('ctor-dtor')).toContain('mm_cachep');
    expect(why('ctor-dtor')).toContain('memcpy in dup_mm (copies over the whole object)');
    expect(why('ctor-dtor')).toContain('charge of rss_stat has to be made when the object is allocated');
    expect(why('ctor-dtor')).toContain('the destructor takes pcpu_lock (spinlock) and percpu_counters_lock (spinlock)');
  });

  it('names the event from which a second task shares it, and why it may sleep there', () => {
    expect(why('dual-mode')).toContain('clone with CLONE_VM, in copy_mm, which may sleep: it calls percpu_counter_init_many with GFP_KERNEL_ACCOUNT');
    expect(why('on-demand')).toContain('copy_mm');
  });

  it('weighs rate and saving, with memory and accuracy beside it', () => {
    const { strategies } = siteDetails(snapshot, siteOf(snapshot, 'percpu_counter_init_many'));
    const saved = strategies.filter(({ applies }) => applies).map(({ worth }) => worth?.saved_cpus?.value?.mid ?? NaN);
    expect(saved).toEqual([...saved].sort((a, b) => b - a));
    const constructed = strategies.find(({ id }) => id === 'ctor-dtor');
    expect(constructed?.worth?.pinned_bytes).toBe(16 * 256 * 32 * 256);
    expect(constructed?.worth?.saved_cpus?.parts.map(({ label }) => label)).toEqual(['fork-exec on the whole machine', 'saved per object']);
    expect(strategies.every(({ after }) => after === null || after.throughput_per_s !== null)).toBe(true);
  });
});
