import type { SiteFact } from '../facts/fileFacts';
import type { InitialWalk } from './initialWalk';
import type { Membership } from './objects/membership';

export const frequencyClasses = [
  'fork-exec',
  'thread',
  'socket',
  'route',
  'tc',
  'netns',
  'cgroup',
  'mount',
  'bpf-prog',
  'bpf-map',
  'netdev',
  'disk',
  'user-request',
  'cpu-hotplug',
  'device-probe',
  'module-load',
  'boot',
  'unknown',
] as const;

/** What triggers a site, most frequent first in the list above. */
export type FrequencyClass = (typeof frequencyClasses)[number];

export type SizeSource = 'literal' | 'scalar' | 'layout' | 'btf' | 'catalogue' | 'unknown';

export interface ResolvedSize {
  /** Bytes per CPU of one element times `count`; null when unknown, with the reason. */
  readonly size: number | null;
  readonly align: number | null;
  readonly source: SizeSource;
  /** Why it is that size, or why it is unknown and what would resolve it. */
  readonly reason: string;
}

export interface Reach {
  readonly frequencyClass: FrequencyClass;
  /** From the root to the site's function: `kernel_clone`, `copy_process`, …, `mm_init`. */
  readonly chain: readonly string[];
}

/** The member of a structure that keeps a percpu pointer or a counter, as the configuration lays it out. */
export interface MemberPlace {
  /** `struct ext4_sb_info`. */
  readonly structure: string;
  /** `s_dirs_counter`, `mib.tcp_statistics`. */
  readonly member: string;
  /** Bytes from the start of the structure. */
  readonly offset: number;
  readonly size: number;
}

/** Where the memory of the object that keeps a site's pointer is from, found in the site's file. */
export interface ObjectMemory {
  /** The variable that points to the object. */
  readonly variable: string;
  readonly allocations: readonly ObjectAllocation[];
  /** Functions that clear or copy over the whole object after it was allocated. */
  readonly overwrites: readonly ObjectOverwrite[];
}

export interface ObjectAllocation {
  readonly function: string;
  /** `allocate_mm`, `kzalloc`. */
  readonly by: string;
  /** Null where the memory is from kmalloc. */
  readonly cache: SlabCache | null;
  /** The memory comes cleared: a constructor cannot be used with it. */
  readonly zeroed: boolean;
}

export interface SlabCache {
  /** As written: `mm_cachep`. */
  readonly name: string;
  /** Where it is created, as `file:line`, and its constructor (null for none); null where that was not found. */
  readonly created: { readonly place: string; readonly constructor: string | null } | null;
}

export interface ObjectOverwrite {
  readonly function: string;
  readonly by: string;
  readonly how: 'cleared' | 'copied';
}

/** A site with what the whole tree and the configuration say about it. */
export interface ResolvedSite {
  readonly file: string;
  readonly fact: SiteFact;
  /** The allocated type as written; null where there is none. */
  readonly type: string | null;
  readonly size: ResolvedSize;
  /** Elements (counters of an init_many); null when unknown. */
  readonly count: number | null;
  /** How often the loops around it in its function run it, one turn after the other; 1 outside loops, null where that is not constant. */
  readonly turns: number | null;
  /** The batch that an update or a comparison names; null where it names none or it is not known before run time. */
  readonly batch: number | null;
  readonly gfp: string | null;
  /** True where the request may not sleep. */
  readonly atomic: boolean;
  /** Most frequent class first; `unknown` alone where no chain was found. */
  readonly reach: readonly Reach[];
  /** The site that counts these bytes, as `file:line`; null where this one does. */
  readonly accountedBy: string | null;
  /** The wrappers between this call and the allocation. */
  readonly via: readonly string[];
  /** The objects that it is a part of: what creates them leads to it. */
  readonly objects: readonly Membership[];
  /** The loop over CPUs behind it that initialises what it allocates; null where there is none. */
  readonly walk: InitialWalk | null;
  /** What keeps it, as written: `mm->pcpu_cid`, `sbi->s_dirs_counter`; null where nothing does. */
  readonly keeper: string | null;
  /** The member that a counter is; null where it is none, its structure is not known, or the site initialises no counter. */
  readonly member: MemberPlace | null;
  /** Null where the object's memory is not allocated in the file. */
  readonly objectMemory: ObjectMemory | null;
}
