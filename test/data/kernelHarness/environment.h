/* What the allocator's functions use of the kernel, in the simplest form that a program without a kernel can have. */
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned int gfp_t;
typedef uint64_t u64;
typedef uint32_t u32;
typedef int64_t s64;
typedef int32_t s32;
typedef int spinlock_t;
typedef int raw_spinlock_t;

#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define BITS_PER_LONG 64
#define BITS_TO_LONGS(n) (((n) + 63) / 64)
#define PFN_DOWN(bytes) ((bytes) >> PAGE_SHIFT)
#define PFN_UP(bytes) (((bytes) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define ALIGN(value, step) (((value) + ((__typeof__(value))(step) - 1)) & ~((__typeof__(value))(step) - 1))
#define PFN_ALIGN(value) (((unsigned long)(value) + PAGE_SIZE - 1) & PAGE_MASK)
#define __ALIGN_MASK(value, mask) (((value) + (mask)) & ~(mask))
#define DIV_ROUND_UP(a, b) (((a) + (b) - 1) / (b))
#define roundup(a, b) (DIV_ROUND_UP(a, b) * (b))
#define offset_in_page(value) ((unsigned long)(value) & (PAGE_SIZE - 1))
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define min_t(type, a, b) min((type)(a), (type)(b))
#define max_t(type, a, b) max((type)(a), (type)(b))
#define clamp(value, low, high) min(max(value, low), high)
#define lcm(a, b) max(a, b)
#define struct_size(object, member, count) (sizeof(*(object)) + (count) * sizeof((object)->member[0]))

#define likely(x) (x)
#define unlikely(x) (x)
#define __init
#define __initdata
#define __flatten
#define __percpu
#define __read_mostly
#define __maybe_unused
#define ____cacheline_aligned_in_smp
#define EXPORT_SYMBOL(x)
#define EXPORT_SYMBOL_GPL(x)
#define IS_ENABLED(x) 0

#define die_if(x) ({ int failed = !!(x); if (failed) { fprintf(stderr, "%s:%d\n", __func__, __LINE__); exit(9); } failed; })
#define WARN_ON(x) die_if(x)
#define WARN_ON_ONCE(x) die_if(x)
#define BUG_ON(x) die_if(x)
#define WARN(x, ...) (x)
#define panic(...) exit(8)
#define pr_warn(...)
#define pr_info(...)
#define dump_stack()

/* One thread: no locks, no preemption. */
#define lockdep_assert_held(x)
#define spin_lock_irqsave(lock, flags) ((void)((flags) = 0))
#define spin_unlock_irqrestore(lock, flags) ((void)(flags))
#define spin_lock_irq(lock)
#define spin_unlock_irq(lock)
#define raw_spin_lock_irqsave(lock, flags) ((void)((flags) = 0))
#define raw_spin_unlock_irqrestore(lock, flags) ((void)(flags))
#define raw_spin_lock(lock)
#define raw_spin_unlock(lock)
#define local_irq_save(flags) ((void)((flags) = 0))
#define local_irq_restore(flags) ((void)(flags))
#define preempt_disable()
#define preempt_enable()
#define mutex_lock(lock)
#define mutex_lock_killable(lock) 0
#define mutex_unlock(lock)
#define cond_resched()

static inline int fls(unsigned int x) { return x == 0 ? 0 : 32 - __builtin_clz(x); }
static inline unsigned long __ffs(unsigned long x) { return __builtin_ctzl(x); }
static inline bool is_power_of_2(unsigned long x) { return x != 0 && (x & (x - 1)) == 0; }

static inline bool test_bit(long bit, const unsigned long *map) { return map[bit / 64] >> (bit % 64) & 1; }
static inline void set_bit(long bit, unsigned long *map) { map[bit / 64] |= 1UL << (bit % 64); }
static inline void clear_bit(long bit, unsigned long *map) { map[bit / 64] &= ~(1UL << (bit % 64)); }
static inline void bitmap_set(unsigned long *map, unsigned int from, int count) { while (count-- > 0) set_bit(from++, map); }
static inline void bitmap_clear(unsigned long *map, unsigned int from, int count) { while (count-- > 0) clear_bit(from++, map); }
static inline void bitmap_fill(unsigned long *map, unsigned int count) { bitmap_set(map, 0, count); }

static inline unsigned long bit_after(const unsigned long *map, unsigned long limit, unsigned long from, bool wanted)
{
	while (from < limit && test_bit(from, map) != wanted)
		from++;
	return from < limit ? from : limit;
}
#define find_next_bit(map, limit, from) bit_after(map, limit, from, true)
#define find_next_zero_bit(map, limit, from) bit_after(map, limit, from, false)

static inline unsigned long find_last_bit(const unsigned long *map, unsigned long limit)
{
	for (unsigned long at = limit; at > 0; at--)
		if (test_bit(at - 1, map))
			return at - 1;
	return limit;
}

/* Ranges [b, e) of equal bits, from b on. */
#define for_each_range(b, e, map, limit, bit) \
	for (; (b) = bit_after(map, limit, b, bit), (e) = bit_after(map, limit, (b) + 1, !(bit)), (b) < (limit); (b) = (e) + 1)
#define for_each_clear_bitrange_from(b, e, map, limit) for_each_range(b, e, map, limit, false)
#define for_each_clear_bitrange(b, e, map, limit) (b) = 0; for_each_range(b, e, map, limit, false)
#define for_each_set_bitrange(b, e, map, limit) (b) = 0; for_each_range(b, e, map, limit, true)

struct list_head { struct list_head *next, *prev; };
#define LIST_HEAD(name) struct list_head name = { &name, &name }
static inline void INIT_LIST_HEAD(struct list_head *head) { head->next = head->prev = head; }
static inline bool list_empty(const struct list_head *head) { return head->next == head; }
static inline void put_after(struct list_head *entry, struct list_head *place)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	entry->next = place->next;
	entry->prev = place;
	place->next->prev = entry;
	place->next = entry;
}
static inline void list_move(struct list_head *entry, struct list_head *head) { put_after(entry, head); }
static inline void list_move_tail(struct list_head *entry, struct list_head *head)
{
	/* Behind the last that is not the entry itself. */
	put_after(entry, head->prev == entry ? entry->prev : head->prev);
}
#define list_entry(pointer, type, member) ((type *)((char *)(pointer) - __builtin_offsetof(type, member)))
#define list_first_entry(head, type, member) list_entry((head)->next, type, member)
#define list_first_entry_or_null(head, type, member) (list_empty(head) ? NULL : list_first_entry(head, type, member))
#define next_of(position, member) list_entry((position)->member.next, __typeof__(*(position)), member)
#define list_for_each_entry(position, head, member) \
	for (position = list_entry((head)->next, __typeof__(*(position)), member); &(position)->member != (head); position = next_of(position, member))
#define list_for_each_entry_safe(position, other, head, member) \
	for (position = list_entry((head)->next, __typeof__(*(position)), member), other = next_of(position, member); \
	     &(position)->member != (head); position = other, other = next_of(other, member))
