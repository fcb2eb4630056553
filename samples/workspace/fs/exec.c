// SPDX-License-Identifier: GPL-2.0-only
/* Exec allocates an address space of its own beside the one it will drop. */
#include <linux/mm_types.h>

static int bprm_mm_init(struct linux_binprm *bprm)
{
	bprm->mm = mm_alloc();
	return bprm->mm ? 0 : -ENOMEM;
}

static int alloc_bprm(struct linux_binprm *bprm)
{
	return bprm_mm_init(bprm);
}

int do_execveat_common(int fd, struct filename *filename)
{
	struct linux_binprm bprm = { .filename = filename };

	return alloc_bprm(&bprm);
}
