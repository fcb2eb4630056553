/* Before the allocator's functions: its constants, its globals, and what it asks of the rest of the kernel. */
#define GFP_KERNEL 0xcc0
#define __GFP_NORETRY 0
#define __GFP_NOWARN 0x2000
#define __GFP_NOFAIL 0x8000
#define _RET_IP_ 0
#define SMP_CACHE_BYTES 64
#define PCPU_MIN_UNIT_SIZE (32 << 10)
#define PCPU_MIN_ALLOC_SHIFT 2
#define PCPU_MIN_ALLOC_SIZE 4
#define PCPU_BITMAP_BLOCK_SIZE PAGE_SIZE
#define PCPU_BITMAP_BLOCK_BITS (PCPU_BITMAP_BLOCK_SIZE >> PCPU_MIN_ALLOC_SHIFT)
#define PCPU_SLOT_BASE_SHIFT 5
#define PCPU_SLOT_FAIL_THRESHOLD 3
#define PCPU_EMPTY_POP_PAGES_LOW 2
#define PCPU_EMPTY_POP_PAGES_HIGH 4

struct work_struct { int unused; };
struct obj_cgroup;

static bool gfpflags_allow_blocking(gfp_t gfp) { return (gfp & 0x400) != 0; }
static gfp_t current_gfp_context(gfp_t gfp) { return gfp; }
#define memalloc_noio_save() 0
#define memalloc_noio_restore(flags) ((void)(flags))
#define for_each_possible_cpu(cpu) for ((cpu) = 0; 0;)
#define kmemleak_alloc_percpu(...)
#define kmemleak_free_percpu(...)
#define trace_percpu_alloc_percpu(...)
#define trace_percpu_alloc_percpu_fail(...)
#define trace_percpu_free_percpu(...)
#define pcpu_stats_area_alloc(chunk, size)
#define pcpu_stats_area_dealloc(chunk)
#define memblock_alloc(size, align) calloc(1, size)
#define pcpu_mem_zalloc(size, gfp) calloc(1, size)
#define pcpu_mem_free(pointer) free(pointer)
#define __addr_to_pcpu_ptr(address) ((void *)(address))
#define __pcpu_ptr_to_addr(pointer) ((void *)(pointer))

static bool balance_wanted;
#define pcpu_schedule_balance_work() (balance_wanted = true)

static int pcpu_unit_pages, pcpu_unit_size, pcpu_nr_slots, pcpu_free_slot, pcpu_sidelined_slot, pcpu_to_depopulate_slot;
static size_t pcpu_chunk_struct_size;
static struct pcpu_chunk *pcpu_first_chunk, *pcpu_reserved_chunk;
static struct list_head *pcpu_chunk_lists;
static int pcpu_nr_empty_pop_pages, pcpu_lock;
static unsigned long pcpu_nr_populated;
static bool pcpu_atomic_alloc_failed;

static int pcpu_chunk_nr_blocks(struct pcpu_chunk *chunk) { return chunk->nr_pages; }
static int pcpu_chunk_map_bits(struct pcpu_chunk *chunk) { return chunk->nr_pages * PCPU_BITMAP_BLOCK_BITS; }
static unsigned long pcpu_chunk_addr(struct pcpu_chunk *chunk, unsigned int cpu, int page) { return (unsigned long)chunk->base_addr; }
static size_t pcpu_obj_full_size(size_t size) { return size; }
static bool pcpu_memcg_pre_alloc_hook(size_t size, gfp_t gfp, struct obj_cgroup **owner) { return true; }
static void pcpu_memcg_post_alloc_hook(struct obj_cgroup *owner, struct pcpu_chunk *chunk, int offset, size_t size) {}
static void pcpu_memcg_free_hook(struct pcpu_chunk *chunk, int offset, size_t size) {}
static void pcpu_alloc_tag_alloc_hook(struct pcpu_chunk *chunk, int offset, size_t size) {}
static void pcpu_alloc_tag_free_hook(struct pcpu_chunk *chunk, int offset, size_t size) {}
static int pcpu_populate_chunk(struct pcpu_chunk *chunk, int start, int end, gfp_t gfp) { return 0; }
static void pcpu_depopulate_chunk(struct pcpu_chunk *chunk, int start, int end) {}
static void pcpu_post_unmap_tlb_flush(struct pcpu_chunk *chunk, int start, int end) {}
static struct pcpu_chunk *pcpu_create_chunk(gfp_t gfp);
static void pcpu_destroy_chunk(struct pcpu_chunk *chunk);
static struct pcpu_chunk *pcpu_chunk_addr_search(void *address);
