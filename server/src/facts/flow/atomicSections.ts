/**
 * Calls that begin and end sections in which nothing may sleep, on kernels without PREEMPT_RT: spin locks, RCU readers,
 * interrupts, softirqs or preemption off. Source: include/linux/spinlock.h, rwlock.h, rcupdate.h, irqflags.h, preempt.h,
 * percpu-defs.h, seqlock.h (6.1 to 6.12).
 */

/** A section that is open, by what ends it. */
export interface Section {
  readonly group: string;
  /** The lock, as written; empty where the section has none. */
  readonly lock: string;
  /** As written: `spin_lock(&room->lock)`. */
  readonly call: string;
  readonly at: number;
  /** Ends with the block of this depth (`guard(…)`); null where a call ends it. */
  readonly scope: number | null;
}

const locked = /^((?:raw_)?(?:spin|read|write))_lock(?:_bh|_irq|_irqsave)?(?:_nested|_nest_lock)?$/;
const unlocked = /^((?:raw_)?(?:spin|read|write))_unlock(?:_bh|_irq|_irqrestore)?$/;

const opening: ReadonlyMap<string, string> = new Map([
  ['rcu_read_lock', 'rcu'], ['rcu_read_lock_bh', 'rcu_bh'], ['rcu_read_lock_sched', 'rcu_sched'],
  ['local_irq_disable', 'irq'], ['local_irq_save', 'irq'], ['local_bh_disable', 'bh'], ['preempt_disable', 'preempt'],
  ['get_cpu', 'cpu'], ['get_cpu_ptr', 'cpu'], ['get_cpu_var', 'cpu'], ['bit_spin_lock', 'bit'], ['local_lock', 'local'],
  ['write_seqlock', 'seqlock'], ['write_seqlock_bh', 'seqlock'], ['write_seqlock_irq', 'seqlock'], ['write_seqlock_irqsave', 'seqlock'],
  ['sch_tree_lock', 'sch'], ['task_lock', 'task'],
]);

const closing: ReadonlyMap<string, string> = new Map([
  ['rcu_read_unlock', 'rcu'], ['rcu_read_unlock_bh', 'rcu_bh'], ['rcu_read_unlock_sched', 'rcu_sched'],
  ['local_irq_enable', 'irq'], ['local_irq_restore', 'irq'], ['local_bh_enable', 'bh'], ['preempt_enable', 'preempt'],
  ['preempt_enable_no_resched', 'preempt'], ['put_cpu', 'cpu'], ['put_cpu_ptr', 'cpu'], ['put_cpu_var', 'cpu'], ['bit_spin_unlock', 'bit'],
  ['local_unlock', 'local'], ['write_sequnlock', 'seqlock'], ['write_sequnlock_bh', 'seqlock'], ['write_sequnlock_irq', 'seqlock'],
  ['write_sequnlock_irqrestore', 'seqlock'], ['sch_tree_unlock', 'sch'], ['task_unlock', 'task'],
]);

/** Locks that may be slept under: to release one ends no atomic section. */
const sleeping = /^(?:mutex_unlock|rtnl_unlock|up_(?:read|write)|srcu_read_unlock|percpu_up_(?:read|write)|cpus_read_unlock|cpus_write_unlock|inode_unlock|inode_unlock_shared)$/;

const guards = /^(?:raw_)?(?:spinlock|read_lock|write_lock)(?:_irq|_irqsave|_bh)?$|^(?:rcu|irq|irqsave|preempt|preempt_notrace)$/;

/** The group of sections that a call opens; undefined where it opens none. */
export function opens(word: string): string | undefined {
  return locked.exec(word)?.[1] ?? opening.get(word);
}

export function closes(word: string): string | undefined {
  return unlocked.exec(word)?.[1] ?? closing.get(word);
}

/** True for a call that may release what is held by a name of its own: `foo_unlock(x)`. */
export function mayRelease(word: string): boolean {
  return /unlock/i.test(word) && closes(word) === undefined && !sleeping.test(word);
}

/** True for the first argument of `guard(…)` and `scoped_guard(…)` where nothing may sleep inside. */
export function isAtomicGuard(word: string): boolean {
  return guards.test(word);
}
