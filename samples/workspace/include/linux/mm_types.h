/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _SAMPLE_MM_TYPES_H
#define _SAMPLE_MM_TYPES_H

#include <linux/percpu_counter.h>
#include <linux/types.h>

enum {
	MM_FILEPAGES,
	MM_ANONPAGES,
	MM_SWAPENTS,
	MM_SHMEMPAGES,
	NR_MM_COUNTERS
};

/* The last concurrency id of this address space on a CPU. */
struct mm_cid {
	u64 time;
	int cid;
};

struct mm_struct {
	atomic_t mm_count;
	struct mm_cid __percpu *pcpu_cid;
	struct percpu_counter rss_stat[NR_MM_COUNTERS];
};

#endif
