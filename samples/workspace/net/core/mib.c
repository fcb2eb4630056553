// SPDX-License-Identifier: GPL-2.0-only
/* Counters of every network namespace. */
#include <linux/percpu.h>
#include <net/sample_stats.h>

static __net_init int sample_mib_init_net(struct net *net)
{
	net->mib.ip = alloc_percpu(struct sample_mib);
	if (!net->mib.ip)
		return -ENOMEM;
	net->mib.tcp = alloc_percpu(struct sample_tcp_mib);
	if (!net->mib.tcp)
		goto err_tcp;
	if (percpu_counter_init(&net->mib.sockets, 0, GFP_KERNEL))
		goto err_sockets;
	return 0;

err_sockets:
	free_percpu(net->mib.tcp);
err_tcp:
	free_percpu(net->mib.ip);
	return -ENOMEM;
}

static __net_exit void sample_mib_exit_net(struct net *net)
{
	percpu_counter_destroy(&net->mib.sockets);
	free_percpu(net->mib.tcp);
	free_percpu(net->mib.ip);
}

static struct pernet_operations sample_mib_ops = {
	.init = sample_mib_init_net,
	.exit = sample_mib_exit_net,
};
