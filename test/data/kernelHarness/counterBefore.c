/* Before the functions of percpu_counter: counters of one program's thread that moves between CPUs. */
#define CPUS 64
struct percpu_counter { raw_spinlock_t lock; s64 count; s32 *counters; };
struct cpumask { u64 bits; };

static int here;
static u64 online, dying;
static struct cpumask online_mask, dying_mask;
#define cpu_online_mask (online_mask.bits = online, &online_mask)
#define cpu_dying_mask (dying_mask.bits = dying, &dying_mask)
#define num_online_cpus() __builtin_popcountll(online)
#define per_cpu_ptr(slots, cpu) ((slots) + (cpu))
#define this_cpu_read(slot) ((&(slot))[here])
#define __this_cpu_read(slot) this_cpu_read(slot)
#define this_cpu_add(slot, amount) ((&(slot))[here] += (amount))
#define __this_cpu_sub(slot, amount) ((&(slot))[here] -= (amount))
#define this_cpu_try_cmpxchg(slot, old, new) ((&(slot))[here] == *(old) ? ((&(slot))[here] = (new), true) : (*(old) = (&(slot))[here], false))
#define for_each_possible_cpu(cpu) for ((cpu) = 0; (cpu) < CPUS; (cpu)++)
#define for_each_in(cpu, set) for ((cpu) = 0; (cpu) < CPUS; (cpu)++) if ((set) >> (cpu) & 1)
#define for_each_cpu_or(cpu, a, b) for_each_in(cpu, (a)->bits | (b)->bits)
#define for_each_online_cpu(cpu) for_each_in(cpu, online)
#define abs(x) llabs(x)
static s64 percpu_counter_read(struct percpu_counter *counter) { return counter->count; }
static s64 __percpu_counter_sum(struct percpu_counter *counter);
#define percpu_counter_sum(counter) __percpu_counter_sum(counter)
