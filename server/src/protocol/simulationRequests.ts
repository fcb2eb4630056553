/** What the client asks of the simulator, beside the result shape that the command line shares. */
import type { SimulatedPoint, SimulationResult } from './simulation';

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
  /** Values in place of the scenario's assumptions, by id. */
  readonly assumptions?: Readonly<Record<string, number>>;
}

export type SimulationReply =
  | { readonly state: 'done'; readonly result: SimulationResult }
  | { readonly state: 'refused'; readonly reason: string };

/** A point as soon as it is there; a run that is cancelled keeps the points already sent. */
export interface SimulationPointNotice {
  readonly run: string;
  readonly point: SimulatedPoint;
  readonly done: number;
  readonly total: number;
}
