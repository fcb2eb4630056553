// SPDX-License-Identifier: GPL-2.0-only
/* Statistics of every memory control group. */
#include <linux/percpu.h>
#include <linux/types.h>

#ifdef CONFIG_MEMCG

#define GROUP_STAT_ITEMS	60

struct group_stat_cpu {
	long state[GROUP_STAT_ITEMS];
	unsigned long events[20];
	unsigned int stats_updates;
} ____cacheline_aligned;

struct group_stat {
	struct cgroup_subsys_state css;
	struct group_stat_cpu __percpu *cpu;
};

static struct cgroup_subsys_state *group_stat_css_alloc(struct cgroup_subsys_state *parent)
{
	struct group_stat *group = kzalloc(sizeof(*group), GFP_KERNEL);

	if (!group)
		return ERR_PTR(-ENOMEM);
	group->cpu = alloc_percpu_gfp(struct group_stat_cpu, GFP_KERNEL_ACCOUNT);
	if (!group->cpu) {
		kfree(group);
		return ERR_PTR(-ENOMEM);
	}
	return &group->css;
}

static void group_stat_css_free(struct cgroup_subsys_state *css)
{
	struct group_stat *group = container_of(css, struct group_stat, css);

	free_percpu(group->cpu);
	kfree(group);
}

struct cgroup_subsys group_stat_cgrp_subsys = {
	.css_alloc	= group_stat_css_alloc,
	.css_free	= group_stat_css_free,
};

#endif /* CONFIG_MEMCG */
