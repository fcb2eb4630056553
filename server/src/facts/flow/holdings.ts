import type { PlacedSite } from '../segmentFacts';

/** What a site has created and nothing has taken over or released yet. */
export interface Holding {
  /** Start of the site's span. */
  readonly site: number;
  /** The percpu pointer or counter, as written: `stats`, `room->stats`. */
  readonly key: string;
  /** Whether it was created is told by this variable: the pointer itself, or the error code. Null once it is known. */
  readonly test: { readonly name: string; readonly isPointer: boolean } | null;
  /** Only this call of the function can name it: a local pointer. */
  readonly isLocal: boolean;
  /** Nobody else was given it or its object, so nobody else can have taken it over. */
  readonly isOwn: boolean;
}

const path = /^[A-Za-z_]\w*(?:(?:->|\.)[A-Za-z_]\w*)*$/;

/** Initialisers of an embedded object whose percpu memory has to be given back before the object is freed. */
const initialisers: ReadonlySet<string> = new Set([
  'percpu_counter_init', 'percpu_counter_init_many', 'percpu_ref_init', 'init_srcu_struct', 'dst_cache_init', 'gro_cells_init', 'percpu_init_rwsem',
]);

/**
 * What a call creates, if the code is to release it itself: no devm memory, no element of an array, whose index would
 * have to be followed. `inCondition`: the call is tested where it stands.
 */
export function holdingOf(site: PlacedSite, locals: ReadonlySet<string>, inCondition: boolean): Holding | null {
  if (site.kind === 'alloc' && site.family === 'dyn') return allocated(site, locals, inCondition);
  if (!initialisers.has(site.api)) return null;
  const key = normalised((site.arguments[0] ?? '').replace(/^&\s*/, ''));
  if (key === null) return null;
  const name = site.assignedTo;
  if (name === null && !inCondition) return null;
  return { site: site.span.start, key, test: inCondition || name === null ? null : { name, isPointer: false }, isLocal: false, isOwn: ownersOf(key).length > 0 };
}

function allocated(site: PlacedSite, locals: ReadonlySet<string>, inCondition: boolean): Holding | null {
  if (site.api.includes('devm') || site.assignedTo === null) return null;
  const key = normalised(site.assignedTo);
  if (key === null) return null;
  const isLocal = locals.has(key);
  return { site: site.span.start, key, test: inCondition ? null : { name: key, isPointer: true }, isLocal, isOwn: isLocal || ownersOf(key).length > 0 };
}

function normalised(text: string): string | null {
  const tight = text.replace(/\s+/g, '');
  return path.test(tight) ? tight : null;
}

/** Objects that hold it, the innermost last: `room` and `room->sub` of `room->sub.stats`. */
export function ownersOf(key: string): readonly string[] {
  const owners: string[] = [];
  for (const match of key.matchAll(/->|\./g)) owners.push(key.slice(0, match.index));
  return owners;
}

/** Calls that leave what they are given where it is: percpu accessors, initialisers of other members, messages. */
const harmless =
  /^(?:per_cpu_ptr|get_cpu_ptr|put_cpu_ptr|(?:raw_|this_|__this_)cpu_\w+|percpu_counter_(?:add|sub|inc|dec|set|read|sum)\w*|u64_stats_\w+|netdev_alloc_pcpu_stats|spin_lock_init|raw_spin_lock_init|rwlock_init|mutex_init|__?mutex_init|init_rwsem|INIT_\w+|init_waitqueue_head|init_completion|seqcount_init|seqlock_init|refcount_set|kref_init|atomic\w*_set|memset|memcpy|strscpy|sizeof|typeof|unlikely|likely|IS_ERR\w*|PTR_ERR\w*|WARN\w*|BUG_ON|pr_\w+|printk|(?:dev|netdev)_(?:err|warn|info|dbg)|for_each_possible_cpu|for_each_online_cpu|ARRAY_SIZE)$/;

export function isHarmless(callee: string): boolean {
  return harmless.test(callee);
}

/** Calls after which an object's memory is gone, and with it whatever its members pointed to. */
const freeing: ReadonlySet<string> = new Set(['kfree', 'kvfree', 'kfree_sensitive', 'vfree', 'kfree_rcu', 'kvfree_rcu', 'kmem_cache_free']);

export function isFreeing(callee: string): boolean {
  return freeing.has(callee);
}

/** By their names these end what they are given itself: one that is called on some way shows whose task it is. */
export function isReleasing(callee: string): boolean {
  return /free|destroy|exit|cleanup/i.test(callee);
}

/** By their names these may tear down the object around what they are given (`kobject_put(&room->kobj)`). */
export function mayTearDown(callee: string): boolean {
  return /put|release|free|destroy|exit|fini|cleanup|unregister|uninit|deinit|teardown|kill|del/i.test(callee) && !isFreeing(callee);
}
