// SPDX-License-Identifier: GPL-2.0-only
/* A reference count that is per CPU until the queue is frozen. */
#include <linux/percpu-refcount.h>

static void sample_queue_usage_release(struct percpu_ref *ref)
{
	wake_up_all(&container_of(ref, struct sample_queue, usage)->freeze_wait);
}

int sample_queue_alloc(struct sample_queue *q)
{
	return percpu_ref_init(&q->usage, sample_queue_usage_release,
			       PERCPU_REF_INIT_ATOMIC, GFP_KERNEL);
}

void sample_queue_free(struct sample_queue *q)
{
	percpu_ref_exit(&q->usage);
}

int sample_add_disk(struct gendisk *disk)
{
	int err = sample_queue_alloc(disk->queue);

	return err ? err : device_add_disk(NULL, disk, NULL);
}
