/** A fork as the kernel's: an mm with its own cache, its concurrency ids and counters. */
export const forkText = (comment = ''): string => `
#define allocate_mm()	(kmem_cache_alloc(mm_cachep, GFP_KERNEL))

${comment}
static struct mm_struct *mm_init(struct mm_struct *mm, struct task_struct *p)
{
	if (mm_alloc_cid(mm, p))
		goto fail;
	if (percpu_counter_init_many(mm->rss_stat, 0, GFP_KERNEL_ACCOUNT, 4))
		goto fail;
	return mm;
fail:
	return NULL;
}

static struct mm_struct *dup_mm(struct task_struct *tsk, struct mm_struct *oldmm)
{
	struct mm_struct *mm;

	mm = allocate_mm();
	memcpy(mm, oldmm, sizeof(*mm));
	return mm_init(mm, tsk);
}

static int copy_mm(unsigned long clone_flags, struct task_struct *tsk)
{
	dup_mm(tsk, current->mm);
	return 0;
}

struct task_struct *copy_process(struct pid *pid, int trace)
{
	copy_mm(0, NULL);
	return NULL;
}

pid_t kernel_clone(struct kernel_clone_args *args)
{
	copy_process(NULL, 0);
	return 0;
}
`;
