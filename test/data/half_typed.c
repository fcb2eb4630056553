// SPDX-License-Identifier: GPL-2.0-only
/* As a file looks while it is being typed: the call below has no end yet. */
#include <linux/percpu.h>

struct half_typed {
	u64 __percpu *hits;
};

static int half_typed_open(struct half_typed *h)
{
	h->hits = alloc_percpu(u64);
	if (!h->hits
		return -ENOMEM;
	return percpu_counter_init(&h->

static void half_typed_close(struct half_typed *h)
{
	free_percpu(h->hits);
}
