/**
 * What the simulator is asked and what it answers: the one shape of the command line's `simulate --format json`,
 * of the worker thread and of the editor. Times are ns, rates per second of simulated time, sizes bytes.
 */

export interface SimulationRequest {
  /** `fork-exec`, `tc-gact` …, a scenario of the user's own, or several that run beside each other. */
  readonly scenario: string;
  /** Shares of the CPUs where several scenarios run beside each other; then `scenario` is only the name shown. */
  readonly mix?: readonly { readonly scenario: string; readonly share: number }[];
  /** `6.12`. */
  readonly kernel: string;
  /** A built-in machine's name; rescaled to each of `cpus`. */
  readonly machine: string;
  /** Possible and online CPUs of each point. */
  readonly cpus: readonly number[];
  /** `baseline`, or strategy ids joined by `+`. */
  readonly strategies: readonly string[];
  readonly seed: number;
  /** Independent runs of each point, at least 2; 10 where absent. */
  readonly replications?: number;
  /** False: no runs with constants drawn from their intervals; `throughput_band` and `gain_percent` are then null. */
  readonly band?: boolean;
  /** Longest simulated time of one run, ms; 10,000 where absent. */
  readonly duration_ms?: number;
  /** Values in place of a scenario's assumptions, by id. */
  readonly assumptions?: Readonly<Record<string, number>>;
  /** For the scenario `site`. */
  readonly site?: SiteLoad;
}

/** How often a site or object is created, for how long it lives, by how many at once. */
export interface SiteLoad {
  /** Creations per second of all together; null: back to back. */
  readonly rate_per_s: number | null;
  /** ns; null: destroyed at once. */
  readonly lifetime_ns: number | null;
  /** CPUs that create; null: all. */
  readonly concurrency: number | null;
  /** One of the kernel's objects, where no life cycle is given: `mm`, `tc-action`, `netns` … */
  readonly object?: string;
  /** A single area of so many bytes per CPU, where neither is given. */
  readonly bytes?: number;
}

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export interface LockLoad {
  /** Share of the time that it is held, hand-off included. */
  readonly utilisation: number;
  /** From asking to having it, over all acquisitions. */
  readonly mean_wait_ns: number;
}

export interface SimulatedPoint {
  readonly cpus: number;
  readonly strategy: string;
  readonly throughput_per_s: number;
  /** Time of an operation in the kernel, user time left out. */
  readonly latency_ns: { readonly p50: number; readonly p99: number };
  readonly locks: Readonly<Record<string, LockLoad>>;
  /** Share of the clients' busy CPU time that is in the kernel. */
  readonly system_time_share: number;
  /** Percpu memory of the live objects and what is pinned for reuse, with the counters themselves. */
  readonly memory_bytes: number;
  /** 95 % confidence interval of the runs: chance alone, not what is unknown about the machine. */
  readonly throughput_interval: Bounds;
  /** Smallest and largest throughput of runs with every constant and assumption drawn from its interval. */
  readonly throughput_band: Bounds | null;
  /** Against the baseline at the same draws, where the baseline is among the strategies. */
  readonly gain_percent: { readonly low: number; readonly mid: number; readonly high: number } | null;
  /** 95 % confidence interval of the system time share. */
  readonly system_time_interval: Bounds;
  /** Share of the busy CPU time spent spinning for locks. */
  readonly waiting_time_share: number;
  /** Percpu areas allocated. */
  readonly allocations_per_s: number;
  /** Longest time a CPU had interrupts off in percpu and scenario locks. */
  readonly irqs_off_max_ns: number;
  /** CPUs that run the scenario. */
  readonly clients: number;
  /** The lock that limits, where one is held 90 % of the time or more. */
  readonly bottleneck: string | null;
  /** Pages of every unit populated per second, by the balance worker and by allocating tasks. */
  readonly populated_pages_per_s: { readonly worker: number; readonly tasks: number };
}

export interface SimulationResult {
  readonly scenario: string;
  readonly kernel: string;
  readonly machine: string;
  readonly seed: number;
  readonly points: readonly SimulatedPoint[];
  /** What limits and where, in sentences. */
  readonly summary: readonly string[];
  readonly assumptions: readonly AssumptionShown[];
  readonly notes: readonly string[];
}

export interface AssumptionShown {
  readonly id: string;
  readonly label: string;
  readonly unit: 'ns' | 'count';
  readonly low: number;
  readonly mid: number;
  readonly high: number;
  readonly source: string;
  /** The value that was set in its place; null where none was. */
  readonly changed: number | null;
}

/** How far the throughput moves with one uncertain quantity between its bounds, the others in the middle. */
export interface SensitivityRow {
  readonly key: string;
  readonly label: string;
  readonly at_low_per_s: number;
  readonly at_high_per_s: number;
  /** (largest - smallest) / middle. */
  readonly swing: number;
}

/** The CPU count from which a strategy is faster than the baseline beyond chance; null: up to the last count it is not. */
export interface BreakEven {
  readonly strategy: string;
  readonly cpus: number | null;
  readonly up_to: number;
}

/** What one CPU did, in order: for short runs. */
export interface Timeline {
  readonly cpus: number;
  readonly strategy: string;
  readonly locks: readonly string[];
  /** Simulated time shown, ns. */
  readonly from_ns: number;
  readonly to_ns: number;
  readonly lanes: readonly (readonly TimelineSpan[])[];
}

export interface TimelineSpan {
  readonly from_ns: number;
  readonly to_ns: number;
  readonly activity: 'user' | 'kernel' | 'waiting' | 'holding' | 'sleeping';
  /** Index into `locks`; -1 where none. */
  readonly lock: number;
}

/** To the worker thread. `input` is the simulator's own structured input. */
export type ToSimulationWorker<Input> =
  | { readonly kind: 'sweep'; readonly run: string; readonly input: Input }
  | { readonly kind: 'sensitivity'; readonly run: string; readonly input: Input; readonly cpus: number; readonly strategy: string }
  | { readonly kind: 'break-even'; readonly run: string; readonly input: Input; readonly strategy: string; readonly upTo: number }
  | { readonly kind: 'timeline'; readonly run: string; readonly input: Input; readonly cpus: number; readonly strategy: string; readonly spanNs: number };

/** From the worker thread; every run ends with `done`, `refused` or `failed`, unless the worker is ended. */
export type FromSimulationWorker =
  | { readonly kind: 'point'; readonly run: string; readonly point: SimulatedPoint; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly run: string; readonly answer: SimulationAnswer }
  | { readonly kind: 'refused'; readonly run: string; readonly reason: string }
  | { readonly kind: 'failed'; readonly run: string; readonly message: string };

export type SimulationAnswer =
  | { readonly of: 'sweep'; readonly result: SimulationResult }
  | { readonly of: 'sensitivity'; readonly rows: readonly SensitivityRow[] }
  | { readonly of: 'break-even'; readonly breakEven: BreakEven }
  | { readonly of: 'timeline'; readonly timeline: Timeline };
