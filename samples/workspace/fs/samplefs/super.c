// SPDX-License-Identifier: GPL-2.0-only
/* Four counters of a mounted file system, created one after the other. */
#include <linux/percpu_counter.h>

struct samplefs_info {
	struct percpu_counter free_blocks;
	struct percpu_counter free_inodes;
	struct percpu_counter dirs;
	struct percpu_counter dirty_blocks;
};

static void samplefs_destroy_counters(struct samplefs_info *sbi)
{
	percpu_counter_destroy(&sbi->free_blocks);
	percpu_counter_destroy(&sbi->free_inodes);
	percpu_counter_destroy(&sbi->dirs);
	percpu_counter_destroy(&sbi->dirty_blocks);
}

static int samplefs_init_counters(struct samplefs_info *sbi, s64 blocks, s64 inodes)
{
	int err;

	err = percpu_counter_init(&sbi->free_blocks, blocks, GFP_KERNEL);
	if (!err)
		err = percpu_counter_init(&sbi->free_inodes, inodes, GFP_KERNEL);
	if (!err)
		err = percpu_counter_init(&sbi->dirs, 0, GFP_KERNEL);
	if (!err)
		err = percpu_counter_init(&sbi->dirty_blocks, 0, GFP_KERNEL);
	if (err)
		samplefs_destroy_counters(sbi);
	return err;
}

static int samplefs_fill_super(struct super_block *sb, struct fs_context *fc)
{
	return samplefs_init_counters(sb->s_fs_info, 1 << 20, 1 << 16);
}

static int samplefs_get_tree(struct fs_context *fc)
{
	return get_tree_bdev(fc, samplefs_fill_super);
}

static void samplefs_put_super(struct super_block *sb)
{
	samplefs_destroy_counters(sb->s_fs_info);
}

static int samplefs_statfs(struct samplefs_info *sbi, struct kstatfs *buf)
{
	buf->f_bfree = percpu_counter_sum_positive(&sbi->free_blocks);
	buf->f_ffree = percpu_counter_read_positive(&sbi->free_inodes);
	return 0;
}

static const struct super_operations samplefs_super_ops = {
	.put_super = samplefs_put_super,
};

static const struct fs_context_operations samplefs_context_ops = {
	.get_tree = samplefs_get_tree,
};
