// SPDX-License-Identifier: GPL-2.0-only
/* Static percpu variables: there once for the life of the kernel, allocated with it. */
#include <linux/percpu.h>
#include <linux/types.h>

struct page_stat {
	u64 allocated;
	u64 freed;
	u64 reclaimed;
};

DEFINE_PER_CPU(struct page_stat, page_stats);
static DEFINE_PER_CPU_ALIGNED(unsigned long, page_batch);

void count_page_allocated(unsigned int pages)
{
	this_cpu_add(page_stats.allocated, pages);
	this_cpu_inc(page_batch);
}

u64 all_pages_allocated(void)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu(page_stats, cpu).allocated;
	return sum;
}
