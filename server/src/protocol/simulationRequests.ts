/** What the client asks of the simulator, beside the result shape that the command line shares. */
import type { WireInterval } from './report';

export interface ScenarioItem {
  /** `fork-exec`, `tc-gact` …; the command line's names. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Strategies that change this scenario's life cycle. */
  readonly strategies: readonly string[];
  /** False: listed but not modelled yet, `description` says why. */
  readonly available: boolean;
}

export interface StrategyItem {
  readonly id: string;
  readonly title: string;
  readonly standing: string;
  /** The first voiced objection in a sentence; null where none was voiced. */
  readonly objection: string | null;
}

export interface ScenarioList {
  readonly scenarios: readonly ScenarioItem[];
  readonly strategies: readonly StrategyItem[];
}

export interface SimulateParams {
  /** Chosen by the client; notices of this run carry it. */
  readonly run: string;
  readonly scenario: string;
  /** For the scenario `site`. */
  readonly siteId?: string;
  readonly cpus: readonly number[];
  /** Strategy ids, several joined by `+`; `baseline` is always run. */
  readonly strategies: readonly string[];
  readonly seed: number;
}

export type SimulationReply =
  | { readonly state: 'done'; readonly result: SimulationResult; readonly summary: string; readonly assumptions: readonly string[] }
  | { readonly state: 'refused'; readonly reason: string };

/** A point as soon as it is there; a run that is cancelled keeps the points already sent. */
export interface SimulationPointNotice {
  readonly run: string;
  readonly point: SimulationPoint;
  readonly done: number;
  readonly total: number;
}

/** One run of the sweep; `throughput_per_s` is the mean of its repetitions with its spread. */
export interface SimulationPoint {
  readonly cpus: number;
  readonly strategy: string;
  readonly throughput_per_s: WireInterval;
  readonly latency_ns: { readonly p50: number; readonly p99: number };
  readonly locks: Readonly<Record<string, { readonly utilisation: number; readonly mean_wait_ns: number }>>;
  readonly system_time_share: number;
  readonly memory_bytes: number;
}

export interface SimulationResult {
  readonly scenario: string;
  readonly kernel: string;
  readonly machine: string;
  readonly seed: number;
  readonly points: readonly SimulationPoint[];
}
