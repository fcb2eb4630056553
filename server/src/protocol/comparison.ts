/** What the client asks of a comparison with another state of the tree. */
import type { SiteChange } from './diff';

/** A state of the tree that can be compared with. */
export interface CompareRef {
  /** As git reads it: `HEAD`, `v6.12`, `stash@{0}`. */
  readonly ref: string;
  readonly kind: 'HEAD' | 'branch' | 'tag' | 'stash';
  /** Subject of its commit. */
  readonly description: string;
}

/** `refs` empty: there is none, `reason` says why. */
export interface CompareChoices {
  /** What is compared with now; null where nothing is. */
  readonly current: string | null;
  readonly refs: readonly CompareRef[];
  readonly reason?: string;
}

export interface CompareParams {
  /** Null: stop comparing. */
  readonly ref: string | null;
}

export type CompareReply =
  | { readonly state: 'comparing'; readonly ref: string; readonly added: number; readonly removed: number; readonly changed: number }
  | { readonly state: 'stopped' }
  | { readonly state: 'refused'; readonly reason: string };

/** A site of a document that is not as it was; a removed one stands where it was. */
export interface ChangeMark {
  readonly kind: 'added' | 'changed' | 'removed';
  /** Zero-based. */
  readonly line: number;
  /** `added: alloc_percpu(struct x), 16 B per CPU, +4 KiB`. */
  readonly title: string;
}

export interface ChangesInReply {
  readonly comparedWith: string | null;
  readonly marks: readonly ChangeMark[];
}

/** All sites that are not as they were, by the ids of the report; removed ones by the ids they had. */
export interface DifferenceReply {
  readonly comparedWith: string | null;
  readonly changes: readonly SiteChange[];
}
