import { describe, expect, it } from 'vitest';
import { fileFacts } from '../../server/src/facts/analyse';
import { catalogueFor } from '../../server/src/kernel/catalogue';
import { siteReach } from '../../server/src/resolve/siteReach';
import { indexedFacts } from '../../server/src/workspace/indexedFacts';

const catalogue = catalogueFor(null);

/** `line: class: chain` of every site of the files. */
function reached(files: Readonly<Record<string, string>>): readonly string[] {
  const facts = new Map(Object.entries(files).map(([file, text]) => [file, indexedFacts(fileFacts(text, catalogue))]));
  const { reach } = siteReach(facts, { apiOf: (name) => catalogue.byName.get(name), wrappers: new Set(), hubs: new Set() });
  return [...facts].flatMap(([file, { sites }]) =>
    sites.flatMap((site) => reach(file, site).map(({ frequencyClass, chain }) => `${site.api}: ${frequencyClass}: ${chain.join(' → ')}`)),
  );
}

describe('reach of sites', () => {
  it('follows a function handed to one that calls it', () => {
    const text = `
static int pond_fill_super(struct super_block *sb, struct fs_context *fc)
{
	return percpu_counter_init(&POND(sb)->fish, 0, GFP_KERNEL);
}
static int pond_get_tree(struct fs_context *fc)
{
	return get_tree_bdev(fc, pond_fill_super);
}
static const struct fs_context_operations pond_ops = {
	.get_tree = pond_get_tree,
};
`;
    expect(reached({ 'fs/pond/super.c': text })).toEqual([
      'percpu_counter_init: mount: fs_context_operations.get_tree → pond_get_tree → pond_fill_super',
    ]);
  });

  it('knows a file system that the kernel mounts itself', () => {
    const text = `
static int shore_fill(struct super_block *sb, struct fs_context *fc)
{
	SHORE(sb)->inodes = alloc_percpu(long);
	return 0;
}
static int shore_get_tree(struct fs_context *fc) { return get_tree_nodev(fc, shore_fill); }
static const struct fs_context_operations shore_context = { .get_tree = shore_get_tree };
static int shore_init_context(struct fs_context *fc)
{
	fc->ops = &shore_context;
	return 0;
}
static struct file_system_type shore_type = { .name = "shore", .init_fs_context = shore_init_context };
void __init shore_init(void)
{
	mounted = kern_mount(&shore_type);
}
`;
    expect(reached({ 'mm/shore.c': text })).toEqual([
      'alloc_percpu: mount: fs_context_operations.get_tree → shore_get_tree → shore_fill',
      'alloc_percpu: boot: kern_mount in shore_init → shore_get_tree → shore_fill',
    ]);
  });

  it('takes no call that only unwinds for work of the event', () => {
    const text = `
static void rebuild(struct thing *t)
{
	t->stats = alloc_percpu(long);
}
int copy_process(struct thing *t)
{
	if (prepare(t))
		goto bad_fork;
	return 0;
bad_fork:
	rebuild(t);
	return -ENOMEM;
}
`;
    expect(reached({ 'kernel/fork.c': text })).toEqual(['alloc_percpu: unknown: rebuild']);
    expect(reached({ 'kernel/fork.c': text.replace('return 0;', '') })).toContain('alloc_percpu: fork-exec: copy_process → rebuild');
  });

  it('gives a release the classes of what it releases, with its own chain where there is one', () => {
    const text = `
static int mm_setup(struct mm_struct *mm)
{
	mm->stat = alloc_percpu(struct mm_stat);
	return 0;
}
int copy_mm(struct mm_struct *mm) { return mm_setup(mm); }
int dup_mm(struct mm_struct *mm) { return copy_mm(mm); }
int kernel_clone(struct mm_struct *mm) { return dup_mm(mm); }
static void mm_gone(struct mm_struct *mm)
{
	free_percpu(mm->stat);
}
void mmput(struct mm_struct *mm) { mm_gone(mm); }
static void mm_later(struct mm_struct *mm)
{
	free_percpu(mm->stat);
}
`;
    const created = 'kernel_clone → dup_mm → copy_mm → mm_setup';
    expect(reached({ 'kernel/fork.c': text })).toEqual([
      `alloc_percpu: fork-exec: ${created}`,
      'free_percpu: fork-exec: mmput → mm_gone',
      `free_percpu: fork-exec: ${created} → alloc_percpu, released in mm_later`,
    ]);
  });

  it('does not give a service a class because one event calls it', () => {
    const put = (name: string): string => `void ${name}(struct file *f) { last_put(f); }`;
    const files = {
      'fs/table.c': `
static void file_free(struct file *f) { percpu_counter_dec(&nr_files); }
void last_put(struct file *f) { file_free(f); }
`,
      'kernel/fork.c': put('copy_process'),
      ...Object.fromEntries(['net/a/x.c', 'net/b/x.c', 'drivers/a/x.c', 'drivers/b/x.c', 'sound/a/x.c'].map((file, index) => [file, put(`user_${index}`)])),
    };
    expect(reached(files)).toEqual(['percpu_counter_dec: unknown: file_free']);
  });

  it('takes registered callbacks for the event they are registered for', () => {
    const text = `
static int level_prepare(unsigned int cpu)
{
	per_cpu(level, cpu) = alloc_percpu(int);
	return 0;
}
static int route_new(struct sk_buff *skb, struct nlmsghdr *nlh)
{
	table->stats = alloc_percpu(long);
	return 0;
}
static int module_coming(struct notifier_block *self, unsigned long event, void *data)
{
	return init_srcu_struct(data);
}
static struct notifier_block module_block = { .notifier_call = module_coming };
static int __init level_init(void)
{
	cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "level", level_prepare, NULL);
	rtnl_register(PF_INET6, RTM_NEWROUTE, route_new, NULL, 0);
	return register_module_notifier(&module_block);
}
`;
    expect(reached({ 'kernel/level.c': text })).toEqual([
      'alloc_percpu: cpu-hotplug: cpuhp_setup_state → level_prepare',
      'alloc_percpu: route: rtnl_register RTM_NEWROUTE → route_new',
      'init_srcu_struct: module-load: register_module_notifier → module_coming',
    ]);
  });

  it('gives static data the start of its code', () => {
    const text = 'static DEFINE_PER_CPU(int, depth);\n';
    expect(reached({ 'mm/a.c': text })).toEqual(['DEFINE_PER_CPU: boot: static percpu data']);
    expect(reached({ 'fs/b.c': `${text}module_init(start);\n` })).toEqual(['DEFINE_PER_CPU: module-load: static percpu data']);
  });
});
