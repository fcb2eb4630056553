/* Before pcpu_build_alloc_info: the machine that it asks about, given by the program's arguments. */
#define NR_CPUS 8192
#define LOCAL_DISTANCE 10
#define PCPU_MIN_UNIT_SIZE ((size_t)PFN_ALIGN(32 << 10))
#define ERR_PTR(error) ((void *)(long)(error))
#define ENOMEM 12
#define PERCPU_DYNAMIC_EARLY_SIZE early_size

struct cpumask { unsigned long bits[NR_CPUS / 64]; };
struct pcpu_group_info { int nr_units; unsigned long base_offset; unsigned int *cpu_map; };
struct pcpu_alloc_info {
	size_t static_size, reserved_size, dyn_size, unit_size, atom_size, alloc_size, __ai_size;
	int nr_groups;
	struct pcpu_group_info groups[];
};
typedef int (*pcpu_fc_cpu_distance_fn_t)(unsigned int from, unsigned int to);

static size_t early_size;
static unsigned int cpu_count;
static int node_of[NR_CPUS];
static struct cpumask possible;
static char *__per_cpu_start, *__per_cpu_end;
#define cpu_possible_mask (&possible)
#define num_possible_cpus() cpu_count
#define cpumask_clear(mask) memset(mask, 0, sizeof(struct cpumask))
#define cpumask_copy(to, from) (*(to) = *(from))
#define cpumask_first(mask) ((unsigned int)find_next_bit((mask)->bits, NR_CPUS, 0))
#define cpumask_empty(mask) (cpumask_first(mask) == NR_CPUS)
#define cpumask_clear_cpu(cpu, mask) clear_bit(cpu, (mask)->bits)
#define for_each_cpu(cpu, mask) \
	for ((cpu) = find_next_bit((mask)->bits, NR_CPUS, 0); (cpu) < NR_CPUS; (cpu) = find_next_bit((mask)->bits, NR_CPUS, (cpu) + 1))
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < cpu_count; (cpu)++)

static int distance(unsigned int from, unsigned int to) { return node_of[from] == node_of[to] ? LOCAL_DISTANCE : 20; }

static struct pcpu_alloc_info *pcpu_alloc_alloc_info(int groups, int units)
{
	struct pcpu_alloc_info *info = calloc(1, sizeof(*info) + groups * sizeof(info->groups[0]));

	info->groups[0].cpu_map = malloc(units * sizeof(unsigned int));
	for (int unit = 0; unit < units; unit++)
		info->groups[0].cpu_map[unit] = NR_CPUS;
	info->nr_groups = groups;
	return info;
}
