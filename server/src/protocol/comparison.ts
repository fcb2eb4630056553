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

/** What the tree is compared with; `number` tells one comparison from the next. */
export interface ComparisonInForce {
  readonly ref: string;
  readonly number: number;
}

/** A site that is not as it was; `shape`: of the life that it had, null where it was not there or has no price. */
export interface ShapedChange extends SiteChange {
  readonly shape: number | null;
}

/** The comparison in the order of the report's sites, for who prices both sides. */
export interface ReportDifference extends ComparisonInForce {
  readonly sites_revision: number;
  /** Kernel of the state compared with. */
  readonly kernel: string;
  /** Possible CPUs for which the footprints of the changes are. */
  readonly possible: number;
  /** Of all sites that are not as they were, by the ids of the report; removed ones by the ids they had. */
  readonly changes: readonly ShapedChange[];
  /** Shape of the life that each site of the report had; null where it was not there or has no price. */
  readonly shapes: readonly (number | null)[];
  /** What bounds the comparison, in sentences. */
  readonly notes: readonly string[];
}

/** Null: nothing is compared. */
export type DifferenceReply = ReportDifference | null;
