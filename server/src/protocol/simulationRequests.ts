/** What the client asks of the simulator, beside the result shape that the command line shares. */
import type { SimulatedPoint, SimulationAnswer, SimulationReport, SiteLoad } from './simulation';

export interface ScenarioItem {
  /** `fork-exec`, `tc-gact` …; the command line's names. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Strategies that change this scenario's life cycle. */
  readonly strategies: readonly string[];
  /** False: `description` says why it cannot be run. */
  readonly available: boolean;
  /** One of the project's `percpu.toml`. */
  readonly own: boolean;
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
  /** The kernel and machine in force. */
  readonly kernel: string;
  readonly machine: { readonly name: string; readonly cpus: number };
  /** All that can be put side by side. */
  readonly machines: readonly { readonly name: string; readonly description: string }[];
}

export interface SimulateParams {
  /** Chosen by the client; notices of this run carry it. */
  readonly run: string;
  readonly scenario: string;
  /** Shares of the CPUs where several scenarios run beside each other; then `scenario` is only the name shown. */
  readonly mix?: readonly { readonly scenario: string; readonly share: number }[];
  /** For the scenario `site`: what it is about, and how often it is created. */
  readonly siteId?: string;
  readonly load?: SiteLoad;
  /** Side by side; the tree's kernel and the machine in force where absent. */
  readonly kernels?: readonly string[];
  readonly machines?: readonly string[];
  readonly cpus: readonly number[];
  /** Strategy ids, several joined by `+`; `baseline` is always run. */
  readonly strategies: readonly string[];
  readonly seed: number;
  readonly replications?: number;
  readonly duration_ms?: number;
  /** Values in place of the scenario's assumptions, by id. */
  readonly assumptions?: Readonly<Record<string, number>>;
}

/** A simulation before its strategies are chosen. */
export type StrategyChoicesParams = Omit<SimulateParams, 'run' | 'strategies' | 'seed'>;

/** Whether a run at the CPU counts asked for takes a strategy. */
export interface StrategyChoice {
  readonly id: string;
  readonly runs: boolean;
  /** Why a run with it would be refused; empty where it would not. */
  readonly why: string;
}

export type StrategyChoicesReply =
  | { readonly state: 'choices'; readonly strategies: readonly StrategyChoice[] }
  /** It cannot be run with any. */
  | { readonly state: 'refused'; readonly reason: string };

export type SimulationReply =
  | { readonly state: 'done'; readonly report: SimulationReport }
  | { readonly state: 'refused'; readonly reason: string };

/** A point as soon as it is there; a run that is cancelled keeps the points already sent. */
export interface SimulationPointNotice {
  readonly run: string;
  readonly point: SimulatedPoint;
  readonly done: number;
  readonly total: number;
}

/** A site, or the call on a line (one-based) of a document that creates percpu memory. */
export type SiteToSimulateParams =
  | { readonly siteId: string }
  | { readonly uri: string; readonly line: number };

export type SiteToSimulate =
  | {
      readonly siteId: string;
      readonly name: string;
      /** Strategies that change its life, those that are advised first. */
      readonly strategies: readonly string[];
    }
  | { readonly siteId: null; readonly reason: string };

/** A further question about a simulation: what moves the answer, from where a strategy pays, who waited for whom. */
export type SimulationQuestion =
  | { readonly kind: 'sensitivity'; readonly cpus: number; readonly strategy: string }
  | { readonly kind: 'break-even'; readonly strategies: readonly string[]; readonly upTo: number }
  | { readonly kind: 'timeline'; readonly cpus: number; readonly strategy: string; readonly spanNs: number };

export interface SimulationQuestionParams {
  readonly params: SimulateParams;
  readonly question: SimulationQuestion;
}

export type SimulationQuestionReply =
  | { readonly state: 'done'; readonly answers: readonly SimulationAnswer[] }
  | { readonly state: 'refused'; readonly reason: string };

/** A result as a file: `html` whole, `svg` the throughput chart, `csv` a row a point, `json` as the command line writes it. */
export type DocumentFormat = 'html' | 'svg' | 'csv' | 'json';

export interface SimulationDocumentParams {
  readonly report: SimulationReport;
  readonly format: DocumentFormat;
}

export interface SimulationDocument {
  readonly text: string;
}
