// SPDX-License-Identifier: GPL-2.0-only
/* A BPF map with a value per CPU: the size is the user's, the number of elements too. */
#include <linux/percpu.h>
#include <linux/types.h>

struct percpu_array_map {
	u32 max_entries;
	u32 elem_size;
	void __percpu *pptrs[];
};

static void percpu_array_free_elements(struct percpu_array_map *array)
{
	u32 i;

	for (i = 0; i < array->max_entries; i++)
		free_percpu(array->pptrs[i]);
}

static int percpu_array_alloc_elements(struct percpu_array_map *array)
{
	u32 i;

	for (i = 0; i < array->max_entries; i++) {
		array->pptrs[i] = __alloc_percpu_gfp(array->elem_size, 8,
						     GFP_USER | __GFP_NOWARN);
		if (!array->pptrs[i]) {
			percpu_array_free_elements(array);
			return -ENOMEM;
		}
		cond_resched();
	}
	return 0;
}

static struct bpf_map *percpu_array_map_alloc(union bpf_attr *attr)
{
	struct percpu_array_map *array = bpf_map_area_alloc(attr);

	if (!array)
		return ERR_PTR(-ENOMEM);
	if (percpu_array_alloc_elements(array))
		return ERR_PTR(-ENOMEM);
	return to_bpf_map(array);
}

static void percpu_array_map_free(struct bpf_map *map)
{
	percpu_array_free_elements(to_percpu_array(map));
}

const struct bpf_map_ops percpu_array_ops = {
	.map_alloc = percpu_array_map_alloc,
	.map_free = percpu_array_map_free,
};
