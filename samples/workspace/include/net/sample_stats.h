/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _SAMPLE_NET_STATS_H
#define _SAMPLE_NET_STATS_H

#include <linux/percpu.h>
#include <linux/types.h>

struct packet_stats {
	u64 bytes;
	u64 packets;
	u32 sync;
} __attribute__((aligned(2 * sizeof(u64))));

static inline struct packet_stats __percpu *packet_stats_alloc(void)
{
	return alloc_percpu(struct packet_stats);
}

struct queue_stats {
	u32 qlen;
	u32 backlog;
	u32 drops;
	u32 requeues;
	u32 overlimits;
};

#define SAMPLE_MIB_ITEMS	38

struct sample_mib {
	u64 mibs[SAMPLE_MIB_ITEMS];
	u32 sync;
};

struct sample_tcp_mib {
	unsigned long mibs[16];
};

#endif
