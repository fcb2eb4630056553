// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fork path: every new address space allocates four counters and a
 * concurrency id per CPU, and gives them back when it dies.
 */
#include <linux/mm_types.h>
#include <linux/percpu.h>
#include <linux/percpu_counter.h>

static int mm_alloc_cid(struct mm_struct *mm)
{
	mm->pcpu_cid = alloc_percpu(struct mm_cid);
	if (!mm->pcpu_cid)
		return -ENOMEM;
	return 0;
}

static void mm_destroy_cid(struct mm_struct *mm)
{
	free_percpu(mm->pcpu_cid);
	mm->pcpu_cid = NULL;
}

static struct mm_struct *mm_init(struct mm_struct *mm, struct task_struct *p)
{
	atomic_set(&mm->mm_count, 1);

	if (mm_alloc_cid(mm))
		goto fail_cid;

	if (percpu_counter_init_many(mm->rss_stat, 0, GFP_KERNEL_ACCOUNT,
				     NR_MM_COUNTERS))
		goto fail_counters;

	return mm;

fail_counters:
	mm_destroy_cid(mm);
fail_cid:
	free_mm(mm);
	return NULL;
}

struct mm_struct *mm_alloc(void)
{
	struct mm_struct *mm = allocate_mm();

	return mm ? mm_init(mm, current) : NULL;
}

static void check_mm(struct mm_struct *mm)
{
	int i;

	for (i = 0; i < NR_MM_COUNTERS; i++) {
		s64 left = percpu_counter_sum(&mm->rss_stat[i]);

		if (left)
			pr_alert("counter %d of a dying mm is %lld\n", i, left);
	}
}

void __mmdrop(struct mm_struct *mm)
{
	check_mm(mm);
	mm_destroy_cid(mm);
	percpu_counter_destroy_many(mm->rss_stat, NR_MM_COUNTERS);
	free_mm(mm);
}

static struct mm_struct *dup_mm(struct task_struct *tsk, struct mm_struct *oldmm)
{
	struct mm_struct *mm = allocate_mm();

	if (!mm)
		return NULL;
	return mm_init(mm, tsk);
}

static int copy_mm(unsigned long clone_flags, struct task_struct *tsk)
{
	struct mm_struct *mm;

	if (clone_flags & CLONE_VM)
		return 0;

	mm = dup_mm(tsk, current->mm);
	if (!mm)
		return -ENOMEM;
	tsk->mm = mm;
	return 0;
}

static struct task_struct *copy_process(unsigned long clone_flags)
{
	struct task_struct *p = dup_task_struct(current);

	if (!p)
		return ERR_PTR(-ENOMEM);
	if (copy_mm(clone_flags, p))
		return ERR_PTR(-ENOMEM);
	return p;
}

pid_t kernel_clone(unsigned long clone_flags)
{
	struct task_struct *p = copy_process(clone_flags);

	if (IS_ERR(p))
		return PTR_ERR(p);
	wake_up_new_task(p);
	return p->pid;
}
