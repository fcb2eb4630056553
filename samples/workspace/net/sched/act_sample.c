// SPDX-License-Identifier: GPL-2.0-only
/* A tc action with three statistics per CPU: one set for every filter that names it. */
#include <linux/percpu.h>
#include <net/sample_stats.h>

struct sample_action {
	struct packet_stats __percpu *cpu_bstats;
	struct packet_stats __percpu *cpu_bstats_hw;
	struct queue_stats __percpu *cpu_qstats;
};

static int sample_action_alloc(struct sample_action *a)
{
	a->cpu_bstats = netdev_alloc_pcpu_stats(struct packet_stats);
	if (!a->cpu_bstats)
		goto err_bstats;
	a->cpu_bstats_hw = netdev_alloc_pcpu_stats(struct packet_stats);
	if (!a->cpu_bstats_hw)
		goto err_bstats_hw;
	a->cpu_qstats = alloc_percpu(struct queue_stats);
	if (!a->cpu_qstats)
		goto err_qstats;
	return 0;

err_qstats:
	free_percpu(a->cpu_bstats_hw);
err_bstats_hw:
	free_percpu(a->cpu_bstats);
err_bstats:
	return -ENOMEM;
}

static int sample_action_init(struct net *net, struct nlattr *nla, struct sample_action *a)
{
	return sample_action_alloc(a);
}

static void sample_action_cleanup(struct sample_action *a)
{
	free_percpu(a->cpu_bstats);
	free_percpu(a->cpu_bstats_hw);
	free_percpu(a->cpu_qstats);
}

static int sample_action_act(struct sk_buff *skb, struct sample_action *a)
{
	struct packet_stats *stats = this_cpu_ptr(a->cpu_bstats);

	stats->packets++;
	stats->bytes += skb->len;
	return 0;
}

static struct tc_action_ops sample_action_ops = {
	.kind		= "sample",
	.act		= sample_action_act,
	.init		= sample_action_init,
	.cleanup	= sample_action_cleanup,
};
