/** What the webviews and the extension host say to each other. */
import type { ChunkMapAreasReply, ChunkMapFrameReply, ChunkMapReply, ChunkMapSource } from '../../server/src/protocol/chunkMap';
import type { DifferenceReply } from '../../server/src/protocol/comparison';
import type { InventoryAgainst, InventoryParams, InventoryReply } from '../../server/src/protocol/inventory';
import type { ReportSite, WireCost, WireInterval, WirePrice } from '../../server/src/protocol/report';
import type { MachineList, PricesParams, PricesReply, ReportReply, SetMachineParams, ShapesReply, SiteDetailsReply, SummaryReply } from '../../server/src/protocol/requests';
import type { BreakEven, SensitivityRow, SimulatedPoint, SimulationReport } from '../../server/src/protocol/simulation';
import type { DocumentFormat, SimulateParams, SimulationQuestion, SimulationQuestionReply } from '../../server/src/protocol/simulationRequests';

export interface SourcePlace {
  /** Relative to the report's root. */
  readonly file: string;
  /** One-based. */
  readonly line: number;
  /** One-based, in bytes. */
  readonly column: number;
}

export type ReportViewMessage =
  /** `comparedWith`: the commit of the comparison that was shown when the page was last hidden or loaded. */
  | { readonly type: 'ready'; readonly comparedWith: string | null }
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
  /** A commit to compare with is to be asked for. */
  | { readonly type: 'chooseCommit' }
  | { readonly type: 'export'; readonly format: ExportFormat; readonly siteIds: readonly string[]; readonly compared: ExportedComparison | null };

/** What the shown figures are compared with, for a file: both sides as the panel had them. */
export interface ExportedComparison {
  /** `laptop-8`, `kernel 6.1`, `HEAD`. */
  readonly name: string;
  readonly kind: 'machine' | 'kernel' | 'commit';
  readonly machine: string;
  /** Possible CPUs. */
  readonly cpus: number;
  readonly kernel: string;
  /** By id, as listed. */
  readonly sites: Readonly<Record<string, ExportedOther>>;
  /** Listed sites that are only there. */
  readonly removed: readonly ListedSite[];
}

/** The other side of a site; `figures` null: it is not there. */
export interface ExportedOther {
  readonly change: 'added' | 'removed' | 'changed' | null;
  readonly figures: { readonly footprint: number | null; readonly create: WireCost | null; readonly destroy: WireCost | null; readonly knee_cpus: WireInterval | null } | null;
}

export type ExportFormat = 'csv' | 'json' | 'markdown' | 'sarif' | 'html';

/** A site as the table lists it: its times are those of its shape, the rest of it is asked for when it is selected. */
export type ListedSite = Pick<
  ReportSite,
  | 'id' | 'api' | 'kind' | 'file' | 'line' | 'column' | 'function' | 'in_macro' | 'first_argument' | 'variable' | 'type' | 'size' | 'size_source' | 'size_reason' | 'count'
  | 'footprint' | 'accounted_by' | 'frequency_class' | 'advice'
>;

export type ReportHead = Omit<ReportReply, 'sites'>;

export type ReportHostMessage =
  /**
   * The report without its sites, which follow in parts, with one price of each shape; `assumption`: the load that knees hold for; `state` as it was
   * when the panel was closed.
   */
  | {
      readonly type: 'report'; readonly report: ReportHead; readonly prices: readonly WirePrice[]; readonly assumption: string;
      readonly machines: MachineList; readonly siteCount: number; readonly difference: DifferenceReply; readonly state?: unknown;
    }
  | { readonly type: 'sites'; readonly revision: number; readonly sites: readonly ListedSite[] }
  /** The sites are those already sent; this is for the machine now in force. Without `difference` what is compared with is as before. */
  | { readonly type: 'summary'; readonly summary: SummaryReply; readonly machines: MachineList; readonly difference?: DifferenceReply }
  | { readonly type: 'prices'; readonly ask: number; readonly reply: PricesReply }
  | { readonly type: 'shapes'; readonly kernel: string; readonly reply: ShapesReply }
  | { readonly type: 'details'; readonly siteId: string; readonly reply: SiteDetailsReply }
  | { readonly type: 'select'; readonly siteId: string; readonly unfold: boolean }
  /** Where the cursor is in the editor, while the panel follows it. */
  | { readonly type: 'cursor'; readonly file: string; readonly line: number }
  /** The machine asked for is not set. */
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'notCompared'; readonly reason: string }
  | { readonly type: 'failed'; readonly reason: string };

export type ChunkMapViewMessage =
  /** `source`: what was shown before the window was loaded again. */
  | { readonly type: 'ready'; readonly source: ChunkMapSource | null }
  | { readonly type: 'open'; readonly source: ChunkMapSource }
  | { readonly type: 'frame'; readonly frame: number }
  | { readonly type: 'areas'; readonly frame: number; readonly chunk: string }
  /** Another recording. */
  | { readonly type: 'choose' };

export type ChunkMapHostMessage =
  | { readonly type: 'opening'; readonly source: ChunkMapSource }
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'opened'; readonly source: ChunkMapSource; readonly reply: ChunkMapReply }
  | { readonly type: 'frame'; readonly frame: number; readonly reply: ChunkMapFrameReply }
  | { readonly type: 'areas'; readonly frame: number; readonly chunk: string; readonly reply: ChunkMapAreasReply };

export type InventoryViewMessage =
  | { readonly type: 'load'; readonly params: InventoryParams }
  /** Asks for the folder of another tree, or for a commit to compare with. */
  | { readonly type: 'chooseFolder' }
  | { readonly type: 'chooseCommit' }
  | { readonly type: 'open'; readonly root: string; readonly place: SourcePlace; readonly beside: boolean };

export type InventoryHostMessage =
  | { readonly type: 'inventory'; readonly reply: InventoryReply }
  | { readonly type: 'failed'; readonly reason: string }
  /** Chosen by the person; the view asks for it. */
  | { readonly type: 'against'; readonly against: InventoryAgainst }
  /** What was asked for last is no longer what the source says. */
  | { readonly type: 'changed' };

export interface SimulationPlan {
  readonly params: SimulateParams;
  readonly scenarioTitle: string;
  /** Title of each strategy id in `params`, joined ones included. */
  readonly strategyTitles: Readonly<Record<string, string>>;
  /** What a run with one change can choose from. */
  readonly choices: { readonly strategies: readonly string[]; readonly machines: readonly string[]; readonly kernel: string; readonly machine: string };
}

/** Where a run stands. */
export type SimulationOutcome =
  | { readonly state: 'running' }
  | { readonly state: 'stopped' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'finished'; readonly report: SimulationReport };

/** Answers to further questions about a run. */
export interface FurtherAnswers {
  readonly sensitivity?: { readonly cpus: number; readonly strategy: string; readonly rows: readonly SensitivityRow[] };
  readonly breakEven?: readonly BreakEven[];
}

/** A run with what it gave; the extension host keeps them while panels close and open. */
export interface StoredRun {
  readonly plan: SimulationPlan;
  readonly points: readonly SimulatedPoint[];
  readonly done: number;
  readonly total: number;
  readonly outcome: SimulationOutcome;
  readonly further: FurtherAnswers;
}

/** What a person changes before the next run; absent: as it was. */
export type RunChange = Partial<Pick<SimulateParams, 'cpus' | 'strategies' | 'kernels' | 'machines' | 'seed' | 'replications' | 'assumptions' | 'load'>>;

export type SimulationViewMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'stop' }
  | { readonly type: 'again'; readonly run: string; readonly change: RunChange }
  | { readonly type: 'choose' }
  | { readonly type: 'export'; readonly run: string; readonly format: DocumentFormat }
  | { readonly type: 'savePicture'; readonly run: string; readonly base64: string }
  | { readonly type: 'openSaved' }
  | { readonly type: 'forget'; readonly run: string }
  | { readonly type: 'ask'; readonly run: string; readonly question: SimulationQuestion }
  | { readonly type: 'stopAsking' };

export type SimulationHostMessage =
  | { readonly type: 'runs'; readonly runs: readonly StoredRun[] }
  /** `runs` are all that are kept, the new one among them. */
  | { readonly type: 'started'; readonly run: string; readonly runs: readonly StoredRun[]; readonly changedFrom: string | null }
  | { readonly type: 'point'; readonly run: string; readonly point: SimulatedPoint; readonly done: number; readonly total: number }
  | { readonly type: 'ended'; readonly run: string; readonly outcome: SimulationOutcome }
  /** The request was not run; nothing of it is kept. */
  | { readonly type: 'refused'; readonly run: string; readonly reason: string }
  | { readonly type: 'opened'; readonly run: string; readonly runs: readonly StoredRun[] }
  | { readonly type: 'asking'; readonly kind: SimulationQuestion['kind'] }
  | { readonly type: 'answered'; readonly run: string; readonly question: SimulationQuestion; readonly reply: SimulationQuestionReply }
  | { readonly type: 'notAnswered'; readonly reason: string };
