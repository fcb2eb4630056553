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
  /** A machine's name; rescaled to each of `cpus`. */
  readonly machine: string;
  /** Kernels and machines run side by side, all combinations; `kernel` and `machine` alone where absent. */
  readonly kernels?: readonly string[];
  readonly machines?: readonly string[];
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
  readonly kernel: string;
  readonly machine: string;
  readonly throughput_per_s: number;
  /** Time of an operation in the kernel, user time left out. */
  readonly latency_ns: { readonly p50: number; readonly p90: number; readonly p99: number; readonly p99_9: number };
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
  /** How far a cheap read of each object's counters can be off on this machine. */
  readonly counter_error: readonly CounterError[];
  /** Pages of every unit populated per second, by the balance worker and by allocating tasks. */
  readonly populated_pages_per_s: { readonly worker: number; readonly tasks: number };
}

/** The bound that a cheap read of one counter never exceeds; null: unknown or without bound. */
export interface CounterError {
  readonly object: string;
  readonly scheme: string;
  readonly units: number | null;
  /** Null also where the counter does not count memory. */
  readonly bytes: number | null;
}

export interface SimulationResult {
  readonly scenario: string;
  readonly title: string;
  /** What one operation is: `execs`, `rules`. */
  readonly operation: string;
  /** The first of those run side by side; each point names its own. */
  readonly kernel: string;
  readonly machine: string;
  readonly seed: number;
  readonly replications: number;
  readonly points: readonly SimulatedPoint[];
  /** What limits and where, in sentences. */
  readonly summary: readonly string[];
  readonly assumptions: readonly AssumptionShown[];
  readonly notes: readonly string[];
}

/** A measured throughput that stands in a message or a paper, for the chart. */
export interface PublishedPoint {
  readonly id: string;
  readonly cpus: number;
  /** CPUs that ran it. */
  readonly clients: number;
  readonly throughput_per_s: number;
  readonly kernel: string;
  readonly machine: string;
  readonly strategies: readonly string[];
  readonly source: string;
  /** The one use that the validation has for it: `bound`, `shape`, `fit`, `validate`. */
  readonly use: string;
  readonly note: string;
}

/** A result with what is published about its scenario. */
export interface SimulationReport extends SimulationResult {
  readonly published: readonly PublishedPoint[];
}

/** Whether a value from a file has what every reader of a report uses. */
export function isSimulationReport(value: unknown): value is SimulationReport {
  if (typeof value !== 'object' || value === null) return false;
  const report = value as Partial<Record<keyof SimulationReport, unknown>>;
  const texts = [report.scenario, report.title, report.operation, report.kernel, report.machine];
  const lists = [report.points, report.summary, report.assumptions, report.notes, report.published];
  if (!texts.every((text) => typeof text === 'string') || !lists.every(Array.isArray)) return false;
  if (typeof report.seed !== 'number' || typeof report.replications !== 'number') return false;
  return (report.points as readonly unknown[]).length > 0 && (report.points as readonly unknown[]).every(isSimulatedPoint);
}

function isSimulatedPoint(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const point = value as Partial<Record<keyof SimulatedPoint, unknown>>;
  const numbers = [point.cpus, point.throughput_per_s, point.system_time_share, point.waiting_time_share, point.memory_bytes];
  const objects = [point.latency_ns, point.locks, point.throughput_interval, point.system_time_interval, point.counter_error];
  const texts = [point.strategy, point.kernel, point.machine];
  return numbers.every((number) => typeof number === 'number' && Number.isFinite(number))
    && texts.every((text) => typeof text === 'string')
    && objects.every((object) => typeof object === 'object' && object !== null);
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
  /** False: the kernel's own; it cannot be set. */
  readonly editable: boolean;
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
  /** The lock held last or waited for, as index into `locks`; -1 where none. */
  readonly lock: number;
  /** Further locks held meanwhile, outermost first. */
  readonly under: readonly number[];
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
