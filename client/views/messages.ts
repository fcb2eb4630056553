/** What the webviews and the extension host say to each other. */
import type { MachineList, ReportReply, SetMachineParams, SiteDetailsReply } from '../../server/src/protocol/requests';
import type { SimulatedPoint } from '../../server/src/protocol/simulation';
import type { SimulateParams, SimulationReply } from '../../server/src/protocol/simulationRequests';

export interface SourcePlace {
  /** Relative to the report's root. */
  readonly file: string;
  /** One-based. */
  readonly line: number;
  /** One-based, in bytes. */
  readonly column: number;
}

export type ReportViewMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'reload' }
  | { readonly type: 'open'; readonly place: SourcePlace; readonly beside: boolean }
  | { readonly type: 'details'; readonly siteId: string }
  | { readonly type: 'preview'; readonly cpus: number }
  | { readonly type: 'setMachine'; readonly machine: SetMachineParams }
  | { readonly type: 'simulate'; readonly siteId: string }
  | { readonly type: 'export'; readonly format: ExportFormat; readonly siteIds: readonly string[] };

export type ExportFormat = 'csv' | 'json' | 'markdown';

export type ReportHostMessage =
  | { readonly type: 'report'; readonly report: ReportReply; readonly machines: MachineList }
  /** The report at the slider's CPU count while it is dragged. */
  | { readonly type: 'preview'; readonly report: ReportReply }
  | { readonly type: 'details'; readonly siteId: string; readonly reply: SiteDetailsReply }
  | { readonly type: 'select'; readonly siteId: string; readonly unfold: boolean }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'failed'; readonly reason: string };

export interface SimulationPlan {
  readonly params: SimulateParams;
  readonly scenarioTitle: string;
  /** Title of each strategy id in `params`, joined ones included. */
  readonly strategyTitles: Readonly<Record<string, string>>;
}

/** Where a run stands; kept by the view over hide and reload. */
export type SimulationOutcome =
  | { readonly state: 'running' }
  | { readonly state: 'stopped' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'finished'; readonly reply: SimulationReply };

export type SimulationViewMessage =
  | { readonly type: 'ready'; readonly plan: SimulationPlan | null }
  | { readonly type: 'stop' }
  | { readonly type: 'again'; readonly assumptions: Readonly<Record<string, number>> }
  | { readonly type: 'choose' };

export type SimulationHostMessage =
  | { readonly type: 'started'; readonly plan: SimulationPlan }
  | { readonly type: 'point'; readonly run: string; readonly point: SimulatedPoint; readonly done: number; readonly total: number }
  | { readonly type: 'ended'; readonly run: string; readonly outcome: SimulationOutcome };
