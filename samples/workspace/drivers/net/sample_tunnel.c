// SPDX-License-Identifier: GPL-2.0-only
/* A tunnel with two mistakes in it, for the rules to find. */
#include <linux/percpu.h>
#include <linux/percpu_counter.h>
#include <linux/types.h>

struct tunnel_stats {
	u64 packets;
	u32 errors;
};

struct tunnel {
	struct tunnel_stats __percpu *traffic;
	struct percpu_counter flows;
};

/* The list's lock is held while the statistics are allocated. */
static int tunnel_attach(struct tunnel *tunnel)
{
	spin_lock_bh(&tunnels_lock);
	tunnel->traffic = alloc_percpu(struct tunnel_stats);
	if (!tunnel->traffic) {
		spin_unlock_bh(&tunnels_lock);
		return -ENOMEM;
	}
	list_add(&tunnel->list, &tunnels);
	spin_unlock_bh(&tunnels_lock);
	return 0;
}

/* Where the port is taken, the counter stays behind. */
static int tunnel_newlink(struct net_device *dev)
{
	struct tunnel *tunnel = kzalloc(sizeof(*tunnel), GFP_KERNEL);
	int err = -ENOMEM;

	if (!tunnel)
		return err;
	err = percpu_counter_init(&tunnel->flows, 0, GFP_KERNEL);
	if (err)
		goto err_free;
	err = tunnel_bind(dev);
	if (err)
		goto err_free;
	err = tunnel_attach(tunnel);
	if (err)
		goto err_counter;
	return 0;

err_counter:
	percpu_counter_destroy(&tunnel->flows);
err_free:
	kfree(tunnel);
	return err;
}
