import { describe, expect, it } from 'vitest';
import { formedObjects } from '../../server/src/features/formedObjects';
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

  it('leave out what another call accounts for', () => {
    const text = `
int mm_alloc_cid(struct mm_struct *mm) { mm->pcpu_cid = alloc_percpu(struct mm_cid); return 0; }
static struct mm_struct *mm_init(struct mm_struct *mm) { return mm_alloc_cid(mm) ? NULL : mm; }
`;
    expect(objects({ 'kernel/fork.c': text })).toEqual({ mm: ['mm: mm_init'] });
  });
});
