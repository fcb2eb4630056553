/**
 * The cost report as JSON: the one shape of the command line's `report --format json`, of the report
 * request and of the report panel. Sizes are bytes, times ns, `cpus` possible CPUs unless said.
 * Unknown is null with a reason beside it.
 */

export interface WireInterval {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

export type WireUnit = 'ns' | 'bytes' | 'CPUs' | 'count' | '1/s' | 'ratio' | 'pages';

export interface WireSource {
  readonly kind: string;
  readonly at: string;
}

/** The reason tree of a number, as the analysis builds it. */
export interface WireReason {
  readonly label: string;
  readonly unit: WireUnit;
  readonly value: WireInterval | null;
  readonly combine: 'given' | 'sum' | 'product' | 'derived';
  readonly parts: readonly WireReason[];
  readonly note?: string;
  readonly source?: WireSource;
}

/** Hold of one lock over create and destroy together. */
export interface WireLock {
  readonly hold_ns: WireInterval | null;
  readonly irqs_off: boolean;
}

/** `ns` null: unknown or not modelled, `reason` says why. */
export interface WireCost {
  readonly ns: WireInterval | null;
  readonly reason?: string;
}

/** One step of a life cycle with its price; `share` is its part of the sum's mid, 0…1. */
export interface WireStep {
  readonly label: string;
  readonly at: string;
  readonly ns: WireInterval | null;
  readonly share: number | null;
  /** The global locks held around it, outermost first. */
  readonly under: readonly string[];
}

export interface WireContention {
  readonly throughput_per_s: WireInterval | null;
  readonly wait_ns: WireInterval | null;
  readonly utilisation: WireInterval | null;
  /** CPUs beyond which throughput stops growing. */
  readonly knee_cpus: WireInterval | null;
  /** The lock that ends the growth. */
  readonly bottleneck: string | null;
  /** What load the figures hold for: `back to back creation and destruction on every CPU`. */
  readonly assumption: string;
}

/** One percpu call site, as listed: everything but the reason trees, the steps and the strategies' details. */
export interface ReportSite {
  /** Stable while the index lives; opaque. */
  readonly id: string;
  readonly api: string;
  readonly family: string;
  readonly kind: string;
  /** Relative to the root, with `/`. */
  readonly file: string;
  /** One-based. */
  readonly line: number;
  /** One-based, in bytes. */
  readonly column: number;
  readonly function: string | null;
  readonly in_macro: boolean;
  readonly first_argument: string | null;
  /** Of a static definition or declaration; null for calls. */
  readonly variable: string | null;
  readonly via: readonly string[];
  readonly type: string | null;
  /** Bytes per CPU of all `count` elements. */
  readonly size: number | null;
  readonly size_source: string;
  readonly size_reason: string;
  readonly align: number | null;
  readonly count: number | null;
  readonly gfp: string | null;
  readonly atomic: boolean;
  /** Size rounded up to 4 × possible CPUs. */
  readonly footprint: number | null;
  /** `file:line` of the site that counts these bytes; null where this one does. */
  readonly accounted_by: string | null;
  /** Most frequent first; never empty. */
  readonly frequency_class: readonly string[];
  /** Call chain per class, from the root to the function. */
  readonly reach: readonly { readonly frequency_class: string; readonly chain: readonly string[] }[];
  /** Null where the kind creates nothing (a free, an update, a static definition). */
  readonly create: WireCost | null;
  readonly destroy: WireCost | null;
  readonly locks: Readonly<Record<string, WireLock>>;
  readonly contention: WireContention | null;
  /** Ids of the strategies pushed for this site, best first. */
  readonly advice: readonly string[];
}

/** What a shape of life cycle costs on one machine: every site of that shape costs the same. */
export interface WirePrice {
  /** The number of the shape; the same while the server runs. */
  readonly shape: number;
  /** Null where nothing is created or destroyed. */
  readonly create: WireCost | null;
  readonly destroy: WireCost | null;
  readonly locks: Readonly<Record<string, WireLock>>;
  /** CPUs beyond which throughput stops growing, created and destroyed back to back on every online CPU. */
  readonly knee_cpus: WireInterval | null;
  /** The lock that ends the growth. */
  readonly bottleneck: string | null;
}

export interface WireObjection {
  readonly by: string;
  readonly point: string;
  readonly source: string;
}

/** Cost of a life cycle at one machine, for before and after. */
export interface WireLifeCycleCost {
  readonly create: WireCost;
  readonly destroy: WireCost;
  readonly locks: Readonly<Record<string, WireLock>>;
  readonly knee_cpus: WireInterval | null;
  /** Objects created and destroyed per second with all CPUs at it back to back; null: not known, or nothing is left to do. No limit where no lock is shared (`knee_cpus` null): what else they do decides. */
  readonly throughput_per_s: WireInterval | null;
  readonly footprint: number | null;
  /** Largest error of a cheap read, in `read_error_unit`; null where there is no counter or no bound. */
  readonly read_error: number | null;
  /** Null where there is no counter. */
  readonly read_error_unit: 'pages' | 'bytes' | 'counts' | null;
  /** The same in bytes, where the counter counts memory. */
  readonly read_error_bytes: number | null;
}

export interface WireStrategy {
  readonly id: string;
  readonly title: string;
  readonly applies: boolean;
  readonly pushed: boolean;
  /** Why it is an answer on request only; null where it is pushed somewhere in the object, or does not apply. */
  readonly not_pushed: string | null;
  /** The reason that a comment or percpu.toml gives for not showing it; null where none does. */
  readonly suppressed: string | null;
  /** Why it applies, or why not. */
  readonly why: string;
  /** Why no gain can be given although it applies; null where it can. */
  readonly unknown_because: string | null;
  /** Whose code changes: `object`, `allocator`, `counters`, `scheduler`, `user space`. */
  readonly changes: string;
  readonly merged: boolean;
  /** Share saved of create and destroy together, 0…1 (negative: dearer); null where not known or not applicable. */
  readonly gain: WireInterval | null;
  readonly before: WireLifeCycleCost | null;
  readonly after: WireLifeCycleCost | null;
  /** What the saving is worth; null where it is not known or it does not apply. */
  readonly worth: WireWorth | null;
  /** `merged in 6.2`, `RFC 2025-11`, `idea`. */
  readonly standing: string;
  readonly objections: readonly WireObjection[];
  readonly prices: readonly string[];
  /** What its author has to change and look after, in order. */
  readonly checklist: readonly string[];
  /** What its figures hold for; empty where it does not apply. */
  readonly notes: readonly string[];
  readonly sources: readonly string[];
}

/** How a site is a part of an object. */
export interface WirePart {
  /** The calls from what creates the object to the site's function. */
  readonly chain: readonly string[];
  /** Executions for one object, at the machine's memory nodes; null: not known. */
  readonly times: number | null;
  /** The loops that say so; empty for once. */
  readonly times_reason: string;
  /** Conditions that decide and are not known, as written. */
  readonly when: readonly string[];
  /** Conditions taken as they usually are, in words. */
  readonly assumed: readonly string[];
  /** Modules that must be loaded. */
  readonly modules: readonly string[];
  /** Why it is not part of one as configured; null where it is. */
  readonly excluded: string | null;
}

/** Several figures, since none decides alone. */
export interface WireWorth {
  /** Of one object, with the waits at the rate of its class. */
  readonly saved_ns: WireInterval | null;
  /** CPU time that the whole machine saves, in CPUs: rate of the class × saving, with its reasons; null where no rate is known. */
  readonly saved_cpus: WireReason | null;
  /** Objects per second after ÷ before, with all CPUs at it back to back: an upper bound, above all where no shared lock is left (`knee_cpus` null). */
  readonly throughput_ratio: WireInterval | null;
  /** Of one object; negative: it needs more. */
  readonly saved_bytes: number;
  /** Kept ready on the whole machine. */
  readonly pinned_bytes: number;
  /** ns more for every update; negative: less. */
  readonly dearer_update_ns: number;
  /** Updates in the life of an object from which it costs more than it saves; null: never. */
  readonly loses_from_updates: number | null;
  /** The same at least, where updates come from many CPUs at once; null where one CPU updates. */
  readonly contended: { readonly dearer_update_ns: number; readonly loses_from_updates: number | null } | null;
}

/** What the kernel creates as one (an mm, a network namespace), with all its sites. */
export interface ReportObject {
  readonly name: string;
  /** `mm`, `netns`, `superblock` …; `creator`: what one function makes that is no object of those kinds. */
  readonly kind: string;
  /** `ext4` of the superblocks; null where every one of the kind has these sites. */
  readonly variant: string | null;
  readonly frequency_class: string;
  /** Ids, each once. A site can be in several objects. */
  readonly sites: readonly string[];
  /** Beside each site: how it comes to be a part. */
  readonly parts: readonly WirePart[];
  /** Areas that one creation allocates as configured. */
  readonly areas: number;
  /** Their bytes, as far as known. */
  readonly footprint: number;
  readonly unknown_sizes: number;
  readonly create: WireCost | null;
  readonly destroy: WireCost | null;
  readonly knee_cpus: WireInterval | null;
}

export interface ClassTotal {
  readonly frequency_class: string;
  readonly sites: number;
  readonly footprint: number;
  readonly unknown_sizes: number;
}

export interface ReportTotals {
  readonly sites: number;
  readonly files: number;
  /** Sum over the sites that account their bytes and whose size is known, one execution each. */
  readonly footprint: number;
  readonly unknown_sizes: number;
  /** By the first class of each site. */
  readonly by_class: readonly ClassTotal[];
  readonly hottest_lock: {
    readonly name: string;
    readonly frequency_class: string;
    readonly knee_cpus: WireInterval;
    readonly assumption: string;
  } | null;
}

export interface ReportUnknown {
  readonly site: string;
  readonly what: 'size' | 'class' | 'count' | 'time';
  readonly reason: string;
}

export interface FileProblem {
  readonly file: string;
  readonly reason: string;
}

/** The report as the panel and the command line share it. */
export interface Report {
  readonly kernel: string;
  readonly machine: string;
  readonly calibrated: boolean;
  readonly cpus: { readonly possible: number; readonly online: number };
  readonly totals: ReportTotals;
  readonly sites: readonly ReportSite[];
  readonly objects: readonly ReportObject[];
  readonly unknowns: readonly ReportUnknown[];
  readonly problems: readonly FileProblem[];
}

/** What a machine changes in a report beside the prices of its sites. */
export interface ReportSummary extends Pick<Report, 'machine' | 'calibrated' | 'cpus' | 'totals'> {
  /** Ids of the strategies pushed, by site, best first; sites without any are left out. */
  readonly advice: Readonly<Record<string, readonly string[]>>;
}

/** What is shown of one site when it is selected. */
export interface SiteDetails {
  readonly site: ReportSite;
  /** The trees behind the numbers: footprint, create, destroy, locks, knee. */
  readonly reasons: readonly WireReason[];
  readonly create_steps: readonly WireStep[];
  readonly destroy_steps: readonly WireStep[];
  readonly strategies: readonly WireStrategy[];
  /** Largest error of a cheap read of a counter, in words; null where there is none. */
  readonly accuracy: string | null;
}
