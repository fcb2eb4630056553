/** What the webviews and the extension host say to each other. */
import type { ReportSite } from '../../server/src/protocol/report';
import type { MachineList, PricesParams, PricesReply, ReportReply, SetMachineParams, ShapesReply, SiteDetailsReply } from '../../server/src/protocol/requests';
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
  /** A place named in a reason: a file of the tree and a function in it. */
  | { readonly type: 'openFunction'; readonly file: string; readonly name: string | null }
  | { readonly type: 'details'; readonly siteId: string; readonly cpus: number }
  | { readonly type: 'prices'; readonly ask: number; readonly params: PricesParams }
  | { readonly type: 'shapes'; readonly kernel: string }
  | { readonly type: 'setMachine'; readonly machine: SetMachineParams }
  | { readonly type: 'simulate'; readonly siteId: string }
  | { readonly type: 'follow'; readonly on: boolean }
  /** What the person set, kept for the next opening. */
  | { readonly type: 'state'; readonly state: unknown }
  | { readonly type: 'export'; readonly format: ExportFormat; readonly siteIds: readonly string[] };

export type ExportFormat = 'csv' | 'json' | 'markdown' | 'sarif' | 'html';

export type ReportHostMessage =
  /** The report without its sites, which follow in parts; `state` as it was when the panel was closed. */
  | { readonly type: 'report'; readonly report: ReportReply; readonly machines: MachineList; readonly siteCount: number; readonly state?: unknown }
  | { readonly type: 'sites'; readonly revision: number; readonly sites: readonly ReportSite[] }
  /** The sites are those already sent; the rest is for the machine now in force. */
  | { readonly type: 'summary'; readonly report: ReportReply; readonly machines: MachineList }
  | { readonly type: 'prices'; readonly ask: number; readonly reply: PricesReply }
  | { readonly type: 'shapes'; readonly kernel: string; readonly reply: ShapesReply }
  | { readonly type: 'details'; readonly siteId: string; readonly reply: SiteDetailsReply }
  | { readonly type: 'select'; readonly siteId: string; readonly unfold: boolean }
  /** Where the cursor is in the editor, while the panel follows it. */
  | { readonly type: 'cursor'; readonly file: string; readonly line: number }
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
