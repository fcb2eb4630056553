/* Reads machines, one a line: `STATIC RESERVED DYNAMIC ATOM EARLY CPUS NODE…` and prints the first chunk of each. */
int main(void)
{
	unsigned long static_size, reserved, dynamic, atom;

	while (scanf("%lu %lu %lu %lu %zu %u", &static_size, &reserved, &dynamic, &atom, &early_size, &cpu_count) == 6) {
		struct pcpu_alloc_info *info;

		memset(&possible, 0, sizeof(possible));
		for (unsigned int cpu = 0; cpu < cpu_count; cpu++) {
			if (scanf("%d", &node_of[cpu]) != 1)
				return 2;
			set_bit(cpu, possible.bits);
		}
		__per_cpu_end = __per_cpu_start + static_size;
		info = pcpu_build_alloc_info(reserved, dynamic, atom, distance);
		printf("%zu %zu %zu", info->unit_size, info->alloc_size, info->dyn_size);
		for (int group = 0; group < info->nr_groups; group++) {
			printf(" /");
			for (int unit = 0; unit < info->groups[group].nr_units; unit++) {
				unsigned int cpu = info->groups[group].cpu_map[unit];

				printf(cpu == NR_CPUS ? " -" : " %u", cpu);
			}
		}
		printf("\n");
	}
	return 0;
}
