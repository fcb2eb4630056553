/**
 * The difference between two states of a tree as JSON: the one shape of `diff --format json`, of the comparison in the
 * editor and of the other formats. Sizes are bytes, times ns; unknown is null.
 */
import type { FileProblem, WireCost, WireInterval } from './report';

/** A value on both sides; null: unknown there, or the site is not there. */
export interface BeforeAfter<T> {
  readonly before: T | null;
  readonly after: T | null;
}

/** What differs of a site that is on both sides; `api`: another call in its place with the same target. */
export type ChangedAspect = 'size' | 'count' | 'gfp' | 'class' | 'lock' | 'api';

export interface DiffSide {
  /** As asked for: a ref, a folder, `working tree`. */
  readonly name: string;
  readonly kernel: string;
  readonly kconfig: string;
  readonly sites: number;
}

/** A site as it is on one side. */
export interface DiffSite {
  readonly id: string;
  readonly api: string;
  readonly kind: string;
  readonly file: string;
  /** One-based. */
  readonly line: number;
  readonly function: string | null;
  readonly first_argument: string | null;
  /** Of a static definition or declaration; null for calls. */
  readonly variable: string | null;
  readonly type: string | null;
  /** Bytes per CPU of all elements, in all turns; `size_reason` says why it is unknown. */
  readonly size: number | null;
  readonly size_reason: string;
  /** Elements, in all turns. */
  readonly count: number | null;
  /** How often the loops around it in its function run it; null where that is not constant: the rest is of one turn then. */
  readonly turns: number | null;
  readonly gfp: string | null;
  readonly frequency_class: readonly string[];
  /** The chain that gave the first class. */
  readonly chain: readonly string[];
  /** Size rounded up to 4 × possible CPUs, of one execution with all turns. */
  readonly footprint: number | null;
  /** False where nothing is created, or another site counts it. */
  readonly counts_bytes: boolean;
  /** `file:line` of the site that counts what this one creates inside an API's own code. */
  readonly accounted_by: string | null;
  readonly create: WireCost | null;
  readonly destroy: WireCost | null;
  /** Global locks taken. */
  readonly locks: readonly string[];
}

export interface SiteChange {
  readonly change: 'added' | 'removed' | 'changed';
  /** Of a changed site; else empty. */
  readonly aspects: readonly ChangedAspect[];
  readonly before: DiffSite | null;
  readonly after: DiffSite | null;
  /** Bytes of one execution that come with the change, negative where they go; null where a size is unknown. */
  readonly footprint_difference: number | null;
  /** What a reader must know: the memory went elsewhere, a size is unknown because …; null where nothing. */
  readonly note: string | null;
}

/** Sums over the sites that count their bytes, by their first class; one execution each. */
export interface ClassDifference {
  readonly frequency_class: string;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly sites: BeforeAfter<number>;
  /** Bytes per CPU. */
  readonly size: BeforeAfter<number>;
  /** Bytes on all possible CPUs. */
  readonly footprint: BeforeAfter<number>;
  readonly unknown_sizes: BeforeAfter<number>;
  /** Lives of what the added, removed and changed sites create, together; null where one is unknown. */
  readonly create: BeforeAfter<WireInterval>;
  readonly destroy: BeforeAfter<WireInterval>;
}

/** Calls of one API where their number differs. */
export interface ApiDifference {
  readonly api: string;
  readonly before: number;
  readonly after: number;
  /** Where the calls went that are gone; null where nothing is known of it. */
  readonly note: string | null;
}

/** What the kernel creates as one, where it differs. */
export interface ObjectChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly name: string;
  readonly frequency_class: string;
  readonly areas: BeforeAfter<number>;
  readonly size: BeforeAfter<number>;
  readonly footprint: BeforeAfter<number>;
  readonly create: BeforeAfter<WireCost>;
  readonly destroy: BeforeAfter<WireCost>;
}

export interface BrokenLimit {
  /** As given: `fork-exec: +1 KiB`. */
  readonly limit: string;
  readonly measure: 'bytes' | 'ns' | 'sites';
  /** How much was added; null where that is not known. */
  readonly growth: number | null;
  readonly reason: string;
}

export interface DiffReport {
  readonly before: DiffSide;
  readonly after: DiffSide;
  readonly machine: string;
  readonly calibrated: boolean;
  readonly cpus: { readonly possible: number; readonly online: number };
  /** Most frequent class first. */
  readonly totals: readonly ClassDifference[];
  readonly apis: readonly ApiDifference[];
  /** Most frequent class first, then the largest difference. */
  readonly changes: readonly SiteChange[];
  readonly objects: readonly ObjectChange[];
  /** Sites found again at another place with nothing else changed. */
  readonly moved: number;
  readonly broken_limits: readonly BrokenLimit[];
  /** What bounds the answer, in sentences. */
  readonly notes: readonly string[];
  readonly problems: readonly FileProblem[];
}
