import type { SiteFact } from '../facts/fileFacts';
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

/** A site with what the whole tree and the configuration say about it. */
export interface ResolvedSite {
  readonly file: string;
  readonly fact: SiteFact;
  /** The allocated type as written; null where there is none. */
  readonly type: string | null;
  readonly size: ResolvedSize;
  /** Elements (counters of an init_many); null when unknown. */
  readonly count: number | null;
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
}
