/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _SAMPLE_PERCPU_COUNTER_H
#define _SAMPLE_PERCPU_COUNTER_H

#include <linux/types.h>

/* A shared total, and what each CPU has not yet added to it. */
struct percpu_counter {
	u32 lock;
	s64 count;
	struct list_head list;
	s32 __percpu *counters;
};

#endif
