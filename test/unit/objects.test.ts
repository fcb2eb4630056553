import { describe, expect, it } from 'vitest';
import { formedObjects } from '../../server/src/features/formedObjects';
import { inventoryOf } from '../../server/src/features/inventory';
import { objectLife } from '../../server/src/features/objectLife';
import { mmLifeCycle } from '../../server/src/lifecycle/mm';
import type { Step } from '../../server/src/lifecycle/step';
import type { InventoryObject } from '../../server/src/protocol/inventory';
import { snapshotOfTexts } from './memoryWorkspace';

/** By object: the first argument of each site with the calls that lead to it. */
function objects(files: Readonly<Record<string, string>>): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(formedObjects(snapshotOfTexts(files)).map(({ name, members }) => [
    name, members.map(({ site, membership }) => `${site.site.fact.arguments[0] ?? ''}: ${membership.chain.join(' → ')}`),
  ]));
}

const superblock = `
static struct super_block *alloc_super(struct file_system_type *type)
{
	if (__percpu_init_rwsem(&s->s_writers.rw_sem[0], "sb", NULL))
		return NULL;
	return s;
}
`;

const pond = `
static int pond_statistics(struct pond *p)
{
	return percpu_counter_init(&p->fish, 0, GFP_KERNEL) ?: percpu_counter_init(&p->frogs, 0, GFP_KERNEL);
}
static int pond_fill_super(struct super_block *sb, struct fs_context *fc)
{
	return pond_statistics(POND(sb));
}
static int pond_get_tree(struct fs_context *fc)
{
	return get_tree_bdev(fc, pond_fill_super);
}
static const struct fs_context_operations pond_context = { .get_tree = pond_get_tree };
static int pond_begin(struct fs_context *fc)
{
	fc->ops = &pond_context;
	return 0;
}
static struct file_system_type lake_type = { .name = "lake", .init_fs_context = lake_begin };
static struct file_system_type pond_type = { .name = "pond", .init_fs_context = pond_begin };
`;

describe('objects formed from sites', () => {
  it('are a superblock of each file system, with what every superblock has', () => {
    expect(objects({ 'fs/super.c': superblock, 'fs/pond/super.c': pond })).toEqual({
      superblock: ['&s->s_writers.rw_sem[0]: alloc_super'],
      'pond superblock': [
        '&s->s_writers.rw_sem[0]: alloc_super',
        ...['&p->fish', '&p->frogs'].map((name) =>
          `${name}: fs_context_operations.get_tree → pond_get_tree → pond_fill_super → pond_statistics`),
      ],
    });
  });

  it('are a network device by the operations that its setup puts in', () => {
    const text = `
static int reed_init(struct net_device *dev)
{
	dev->reeds = alloc_percpu(long);
	return 0;
}
static const struct net_device_ops reed_device = { .ndo_init = reed_init };
static void reed_setup(struct net_device *dev)
{
	dev->netdev_ops = &reed_device;
}
static struct rtnl_link_ops water_link = { .kind = "water", .setup = water_setup };
static struct rtnl_link_ops reed_link = { .kind = "reed", .setup = reed_setup };
`;
    expect(objects({ 'drivers/net/reed.c': text })).toEqual({ 'reed network device': ['long: net_device_ops.ndo_init → reed_init'] });
  });

  it('are what the outermost only caller makes, where no kind is known', () => {
    const text = `
static int bank_counters(struct bank *b) { return percpu_counter_init(&b->left, 0, GFP_KERNEL); }
static int bank_areas(struct bank *b) { b->right = alloc_percpu(long); return 0; }
static int bank_create(struct bank *b) { return bank_counters(b) ?: bank_areas(b); }
`;
    expect(objects({ 'lib/bank.c': text })).toEqual({
      'created in bank_create': ['&b->left: bank_create → bank_counters', 'long: bank_create → bank_areas'],
    });
  });

  it('are told from like-named functions elsewhere', () => {
    const text = 'static void __init mm_init(void) { cache = kmem_cache_create("pages", 8, 0, 0, NULL); }\nvoid start_kernel(void) { mm_init(); }\n';
    expect(Object.keys(objects({ 'init/main.c': text }))).toEqual(['created in start_kernel']);
  });

  it('leave out what another call accounts for', () => {
    const text = `
int mm_alloc_cid(struct mm_struct *mm) { mm->pcpu_cid = alloc_percpu(struct mm_cid); return 0; }
static struct mm_struct *mm_init(struct mm_struct *mm) { return mm_alloc_cid(mm) ? NULL : mm; }
`;
    expect(objects({ 'kernel/fork.c': text })).toEqual({ mm: ['mm: mm_init'] });
  });
});

/** The object of a name in the inventory of some files. */
function inventoried(name: string, files: Readonly<Record<string, string>>, modules: readonly string[] = [], config = 'CONFIG_SMP=y\nCONFIG_64BIT=y\n'): InventoryObject {
  const found = inventoryOf(snapshotOfTexts(files, { config, cpus: 4 }), modules).objects.find((object) => object.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

describe('what is counted of an object', () => {
  it('is as often as loops with known turns say', () => {
    const text = `
#define LEVELS 3
static struct super_block *alloc_super(struct file_system_type *type)
{
	for (i = 0; i < LEVELS; i++)
		if (__percpu_init_rwsem(&s->rw_sem[i], "sb", NULL))
			return NULL;
	for (i = 0; i < s->many; i++)
		__percpu_init_rwsem(&s->more[i], "sb", NULL);
	return s;
}
`;
    const { total, areas } = inventoried('superblock', { 'fs/super.c': text });
    expect(total).toEqual({ areas: 3, bytes_per_cpu: 12, footprint: 48, unknown_sizes: 0, left_out: 1 });
    expect(areas.map(({ times, times_reason: reason, counted }) => [times, reason, counted])).toEqual([
      [3, 'LEVELS = 3', true], [null, 'for (i = 0; i < s->many; i++)', false],
    ]);
  });

  it('is under no open condition, the steps before having succeeded', () => {
    const text = `
struct mount *alloc_vfsmnt(const char *name)
{
	struct mount *mnt = kmem_cache_zalloc(cache, GFP_KERNEL);
	if (mnt) {
		mnt->pcp = alloc_percpu(long);
		err = percpu_counter_init(&mnt->one, 0, GFP_KERNEL);
		if (!err)
			err = percpu_counter_init(&mnt->two, 0, GFP_KERNEL);
		if (name)
			mnt->named = alloc_percpu(int);
		if (mnt->flags & QUIET)
			return 0;
		mnt->loud = alloc_percpu(int);
	}
	return err;
}
`;
    const { areas } = inventoried('mount point', { 'fs/namespace.c': text });
    expect(areas.map(({ allocates, when }) => [allocates, when])).toEqual([
      ['long', []], ['mnt->one', []], ['mnt->two', []], ['int', ['name']], ['int', ['!(mnt->flags & QUIET)']],
    ]);
  });

  it('is what the driver\'s code asks the core for', () => {
    const core = `
struct net_device *alloc_netdev_mqs(int size) { dev->pcpu_refcnt = alloc_percpu(int); return dev; }
static int netdev_do_alloc_pcpu_stats(struct net_device *dev)
{
	switch (dev->pcpu_stat_type) {
	case NETDEV_PCPU_STAT_NONE:
		return 0;
	case NETDEV_PCPU_STAT_LSTATS:
		v = dev->lstats = alloc_percpu(long);
		break;
	case NETDEV_PCPU_STAT_TSTATS:
		v = dev->tstats = alloc_percpu(int);
		break;
	}
	return 0;
}
int register_netdevice(struct net_device *dev) { return netdev_do_alloc_pcpu_stats(dev); }
static int map_event(struct notifier_block *block, ulong event, void *ptr)
{
	switch (event) {
	case NETDEV_REGISTER:
		if (!dev->netdev_ops->ndo_xdp_xmit || dev->queue)
			break;
		dev->queue = alloc_percpu(short);
		break;
	case NETDEV_UP:
		dev->up = alloc_percpu(char);
		break;
	}
	return NOTIFY_OK;
}
static struct notifier_block map_block = { .notifier_call = map_event };
static void __init map_init(void) { register_netdevice_notifier(&map_block); }
`;
    const driver = (name: string, operations: string): string => `
static const struct net_device_ops ${name}_ops = { ${operations} };
static void ${name}_setup(struct net_device *dev)
{
	dev->netdev_ops = &${name}_ops;
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
}
static struct rtnl_link_ops ${name}_link = { .kind = "${name}", .setup = ${name}_setup };
`;
    const files = {
      'net/core/dev.c': core,
      'drivers/net/quick.c': driver('quick', '.ndo_init = quick_init, .ndo_xdp_xmit = quick_xmit') + 'static int quick_init(struct net_device *dev) { return 0; }',
      'drivers/net/slow.c': driver('slow', '.ndo_init = slow_init') + 'static int slow_init(struct net_device *dev) { return 0; }',
    };
    const counted = (name: string): string[] => inventoried(name, files).areas.filter((area) => area.counted).map(({ allocates }) => allocates);
    expect(counted('quick network device')).toEqual(['int', 'int', 'short']);
    expect(counted('slow network device')).toEqual(['int', 'int']);
  });

  it('leaves out what the configuration does not build, and modules that are not loaded', () => {
    const text = (name: string): string => `
static int __net_init ${name}_init(struct net *net)
{
	net->${name} = alloc_percpu(long);
	return 0;
}
static struct pernet_operations ${name}_ops = { .init = ${name}_init };
`;
    const files = {
      'Kbuild': 'obj-y += net/', 'net/Makefile': 'obj-y += core.o\nobj-$(CONFIG_FISH) += fish.o\nobj-$(CONFIG_FROG) += frog.o\n',
      'net/core.c': text('core'), 'net/fish.c': text('fish'), 'net/frog.c': text('frog'),
    };
    const config = 'CONFIG_SMP=y\nCONFIG_64BIT=y\nCONFIG_FISH=m\n';
    expect(inventoried('network namespace', files, [], config).total.areas).toBe(1);
    expect(inventoried('network namespace', files, ['fish'], config).total.areas).toBe(2);
    expect(inventoried('network namespace', files, ['fish'], config).areas.map(({ excluded }) => excluded)).toEqual([
      null, null, 'net/frog.c is not built with this configuration',
    ]);
  });
});

const fork = `
#define NR_MM_COUNTERS 4
struct mm_cid { u64 time; int cid; };
static void check_mm(struct mm_struct *mm)
{
	for (i = 0; i < NR_MM_COUNTERS; i++)
		x = percpu_counter_sum(&mm->rss_stat[i]);
}
void __mmdrop(struct mm_struct *mm)
{
	check_mm(mm);
	percpu_counter_destroy_many(mm->rss_stat, NR_MM_COUNTERS);
}
static struct mm_struct *mm_init(struct mm_struct *mm)
{
	if (mm_alloc_cid(mm))
		goto fail_cid;
	if (percpu_counter_init_many(mm->rss_stat, 0, GFP_KERNEL_ACCOUNT, NR_MM_COUNTERS))
		goto fail_pcpu;
	return mm;
}
int copy_process(struct task_struct *p) { return dup_mm(mm_init(p->mm)); }
`;

/** Operations in order, under their locks, without the names of areas and places. */
function operations(steps: readonly Step[]): readonly unknown[] {
  return steps.map((step) => (step.kind === 'hold' ? [step.lock, operations(step.steps)] : step.operation));
}

describe('the life of a formed object', () => {
  it('of an mm is that of the model without a tree: areas, steps of creation and of destruction', () => {
    const snapshot = snapshotOfTexts({ 'kernel/fork.c': fork });
    const mm = formedObjects(snapshot).find(({ kind }) => kind === 'mm');
    const life = mm === undefined ? null : objectLife(mm, { snapshot, loaded: new Set() });
    const model = mmLifeCycle(snapshot.kernel);
    expect(life?.areas.map(({ size, align, accounted }) => [size, align, accounted])).toEqual(model.areas.map(({ size, align, accounted }) => [size, align, accounted]));
    expect(operations(life?.create ?? [])).toEqual(operations(model.create));
    expect(operations(life?.destroy ?? [])).toHaveLength(model.destroy.length);
    expect(operations(life?.destroy ?? []).slice(0, 4)).toEqual(operations(model.destroy).slice(0, 4));
  });

  it('has the loop that initialises every CPU\'s copy', () => {
    const text = `
int bank_create(struct bank *b)
{
	b->pcp = alloc_percpu(struct slot);
	for_each_possible_cpu(cpu) {
		struct slot *slot = per_cpu_ptr(b->pcp, cpu);
		slot->left = 1;
		slot->right = 2;
		u64_stats_init(&slot->sync);
	}
	b->other = alloc_percpu(long);
	return 0;
}
`;
    const sites = [...snapshotOfTexts({ 'lib/bank.c': text }).sites.values()].flat();
    expect(sites.map(({ site }) => site.walk)).toEqual([{ over: 'possible', stores: 2 }, null]);
  });
});

describe('what a call allocates', () => {
  it('is as the tree\'s version has it', () => {
    const files = {
      'kernel/workqueue.c': 'struct pool_workqueue { long words[64]; };\n',
      'lib/bank.c': 'int bank_create(void) { queue = alloc_workqueue("bank", 0, 0); return 0; }\n',
    };
    const sizeIn = (minor: number): unknown => snapshotOfTexts(files, { kernel: { major: 6, minor } }).sites.get('lib/bank.c')?.[0]?.site.size.size;
    expect([sizeIn(1), sizeIn(12)]).toEqual([512, 8]);
  });
});
