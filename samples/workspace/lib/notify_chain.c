// SPDX-License-Identifier: GPL-2.0-only
/* A chain of callbacks read under SRCU: one percpu structure per chain. */
#include <linux/srcu.h>

struct sample_chain {
	struct srcu_struct srcu;
	struct list_head callbacks;
};

int sample_chain_init(struct sample_chain *chain)
{
	INIT_LIST_HEAD(&chain->callbacks);
	return init_srcu_struct(&chain->srcu);
}

void sample_chain_cleanup(struct sample_chain *chain)
{
	cleanup_srcu_struct(&chain->srcu);
}

static struct sample_chain reboot_chain;

static int __init sample_chain_setup(void)
{
	return sample_chain_init(&reboot_chain);
}
core_initcall(sample_chain_setup);
