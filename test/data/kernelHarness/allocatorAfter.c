/*
 * Behind the allocator's functions: a program that reads operations and prints where each area went, and now and then a
 * digest of the whole state. Arguments: unit size, static, reserved and dynamic bytes, operations between digests.
 * Operations: `a NAME SIZE ALIGN ATOMIC RESERVED` and `f NAME`.
 */
#ifdef OLD_ALLOC
#define allocate pcpu_alloc
#else
#define allocate pcpu_alloc_noprof
#endif

#define CHUNKS 65536
#define SPACING 0x100000000UL
static struct pcpu_chunk *chunks[CHUNKS];
static unsigned long made;

static struct pcpu_chunk *pcpu_create_chunk(gfp_t gfp)
{
	struct pcpu_chunk *chunk = pcpu_alloc_chunk(gfp);

	made++;
	chunk->base_addr = (void *)(SPACING * made);
	chunks[made] = chunk;
	return chunk;
}

static void pcpu_destroy_chunk(struct pcpu_chunk *chunk)
{
	chunks[(unsigned long)chunk->base_addr / SPACING] = NULL;
	pcpu_free_chunk(chunk);
}

static bool serves(struct pcpu_chunk *chunk, char *address)
{
	char *base;

	if (!chunk)
		return false;
	base = chunk->base_addr;
	return address >= base + chunk->start_offset && address < base + chunk->nr_pages * PAGE_SIZE - chunk->end_offset;
}

static struct pcpu_chunk *pcpu_chunk_addr_search(void *address)
{
	if (serves(pcpu_first_chunk, address))
		return pcpu_first_chunk;
	if (serves(pcpu_reserved_chunk, address))
		return pcpu_reserved_chunk;
	return chunks[(unsigned long)address / SPACING];
}

static u32 digest;
static void mix(u32 value) { digest = (digest ^ value) * 16777619u; }

static void mix_words(const void *words, int count)
{
	for (int at = 0; at < count; at++)
		mix(((const u32 *)words)[at]);
}

static void mix_chunk(struct pcpu_chunk *chunk)
{
	mix(chunk->free_bytes);
	mix_words(&chunk->chunk_md, 8);
	mix_words(chunk->md_blocks, 8 * chunk->nr_pages);
	mix_words(chunk->alloc_map, 32 * chunk->nr_pages);
	mix_words(chunk->bound_map, 32 * chunk->nr_pages);
	for (int page = 0; page < chunk->nr_pages; page++)
		mix(test_bit(page, chunk->populated));
	mix(chunk->nr_populated);
	mix(chunk->nr_empty_pop_pages);
	mix(chunk->isolated);
}

static void print_digest(void)
{
	struct pcpu_chunk *chunk;

	digest = 2166136261u;
	for (int slot = 0; slot < pcpu_nr_slots; slot++) {
		mix(slot);
		list_for_each_entry(chunk, &pcpu_chunk_lists[slot], list)
			mix_chunk(chunk);
	}
	if (pcpu_reserved_chunk)
		mix_chunk(pcpu_reserved_chunk);
	mix(pcpu_nr_empty_pop_pages);
	mix(pcpu_nr_populated);
	printf("digest %u\n", digest);
}

static void set_up(int unit, int static_size, int reserved, int dynamic)
{
	unsigned long base = 0x10000000;
	int area = ALIGN(static_size, PCPU_MIN_ALLOC_SIZE);
	struct pcpu_chunk *chunk = NULL;

	pcpu_unit_size = unit;
	pcpu_unit_pages = unit >> PAGE_SHIFT;
	pcpu_chunk_struct_size = sizeof(*chunk) + BITS_TO_LONGS(pcpu_unit_pages) * sizeof(long);
	pcpu_sidelined_slot = __pcpu_size_to_slot(unit) + 1;
	pcpu_free_slot = pcpu_sidelined_slot + 1;
	pcpu_to_depopulate_slot = pcpu_free_slot + 1;
	pcpu_nr_slots = pcpu_to_depopulate_slot + 1;
	pcpu_chunk_lists = calloc(pcpu_nr_slots, sizeof(struct list_head));
	for (int slot = 0; slot < pcpu_nr_slots; slot++)
		INIT_LIST_HEAD(&pcpu_chunk_lists[slot]);
	if (reserved)
		chunk = pcpu_alloc_first_chunk(base + area, reserved);
	pcpu_reserved_chunk = chunk;
	pcpu_first_chunk = pcpu_alloc_first_chunk(base + area + reserved, dynamic - (area - static_size));
	pcpu_nr_empty_pop_pages = pcpu_first_chunk->nr_empty_pop_pages;
	pcpu_chunk_relocate(pcpu_first_chunk, -1);
	pcpu_nr_populated = PFN_DOWN(static_size + reserved + dynamic);
}

int main(int count, char **arguments)
{
	static void *areas[4000000];
	unsigned int name, size, align, atomic, reserved;
	long done = 0, every;
	char operation;

	if (count != 6)
		return 2;
	set_up(atoi(arguments[1]), atoi(arguments[2]), atoi(arguments[3]), atoi(arguments[4]));
	every = atol(arguments[5]);
	while (scanf(" %c %u", &operation, &name) == 2) {
		if (operation == 'a') {
			if (scanf("%u %u %u %u", &size, &align, &atomic, &reserved) != 4)
				return 2;
			char *area = allocate(size, align, reserved, atomic ? 0 : GFP_KERNEL);

			areas[name] = area;
			printf("%ld\n", area ? (long)(area - (char *)pcpu_chunk_addr_search(area)->base_addr) : -1L);
		} else {
			free_percpu(areas[name]);
			printf("freed\n");
		}
		if (balance_wanted) {
			balance_wanted = false;
			pcpu_balance_workfn(NULL);
		}
		if (++done % every == 0)
			print_digest();
	}
	return 0;
}
