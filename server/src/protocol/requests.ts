/**
 * Names and shapes of what the client and the server say to each other beside standard LSP.
 * A request answers `T`; refusals that a person caused come as a value with a reason, never as an error.
 */
import type { ChangesInReply, CompareChoices, CompareParams, CompareReply, ComparisonInForce, DifferenceReply } from './comparison';
import type { ChunkMapAreasParams, ChunkMapAreasReply, ChunkMapFrameParams, ChunkMapFrameReply, ChunkMapParams, ChunkMapProgress, ChunkMapReply } from './chunkMap';
import type { InventoryParams, InventoryReply } from './inventory';
import type { FileProblem, Report, ReportSummary, ReportTotals, SiteDetails, WirePrice } from './report';
import type {
  ScenarioList, SimulateParams, SiteToSimulate, SiteToSimulateParams, SimulationDocument, SimulationDocumentParams, SimulationPointNotice, SimulationQuestionParams, SimulationQuestionReply,
  SimulationReply, StrategyChoicesParams, StrategyChoicesReply,
} from './simulationRequests';

/** Sent by the client at `initialize`; other editors may leave it out. */
export interface InitializationOptions {
  /** The client runs `command:` links in hovers for the commands of `clientCommands`. */
  readonly commandLinks?: boolean;
  /** The client handles the notifications of this file. */
  readonly notifications?: boolean;
}

/** Commands of the client that hovers, hints and lenses of the server point to; each takes one argument. */
export const clientCommands = {
  /** `{ siteId?: string }`: opens the report, at the site if one is given. */
  showReport: 'percpuLens.showReport',
  /** `{ siteId: string }`: runs the scenario `site` for it, all questions answered. */
  simulateSite: 'percpuLens.simulateSite',
  /** `{ siteId: string }`: opens the report with the site's reason trees unfolded. */
  explainSite: 'percpuLens.explainSite',
  /** `{ siteId: string }`: opens the definition of the type that the site allocates. */
  openType: 'percpuLens.openType',
} as const;

/** What is shown beside the code, by the setting that says so, and the server's command that switches it in any client. */
export const switches = [
  { command: 'percpuLens.switchInlayHints', section: 'inlayHints', what: 'percpu inlay hints' },
  { command: 'percpuLens.switchCodeLens', section: 'codeLens', what: 'percpu code lenses' },
  { command: 'percpuLens.switchDiagnostics', section: 'diagnostics', what: 'percpu diagnostics' },
] as const;

export interface SiteArgument {
  readonly siteId?: string;
}

export type IndexState = 'starting' | 'indexing' | 'ready' | 'empty' | 'failed';

export interface ReportParams {
  /** Evaluates for this many possible CPUs instead of the machine's, without changing the machine in force. */
  readonly cpus?: number;
}

/** How far the analysis is that a report is made from. */
export interface ReportProgress {
  readonly state: Exclude<IndexState, 'starting'>;
  /** Why the report is empty or failed, and what to do next; one sentence each. */
  readonly reason?: string;
  /** Files done and to do; while indexing the report holds what is known so far. */
  readonly progress?: { readonly done: number; readonly total: number };
  /** Grows with every change of the answer. */
  readonly revision: number;
  /** Grows with every change of the sites themselves, not with one of the machine. */
  readonly sites_revision: number;
  /** What the tree is compared with; null: nothing. */
  readonly comparison: ComparisonInForce | null;
}

/** For who has the sites already: prices are asked for by `percpuLens/prices`, the rest is here. */
export type SummaryReply = ReportSummary & ReportProgress;

export interface ReportReply extends Report, ReportProgress {
  /** URI of the root that `file` is relative to; null without a folder. */
  readonly root: string | null;
  /** Where the kernel configuration is from, in words: `.config`, `built-in default`. */
  readonly kconfig: string;
  /** Kernels that the same sources can be priced for, oldest first. */
  readonly kernels: readonly string[];
  /** The shape of each site's life cycle, in the order of `sites`; null where it has no price. */
  readonly shapes: readonly (number | null)[];
}

/** Where a price holds: all as in force where absent. */
export interface PriceSetting {
  readonly machine?: string;
  readonly cpus?: number;
  /** `6.1`: the same sources on another modelled kernel; the shapes asked for must be of that kernel. */
  readonly kernel?: string;
}

export interface PricesParams extends PriceSetting {
  /** Numbers of shapes; none: an empty round trip. */
  readonly shapes: readonly number[];
  /** The lock that is full first over the whole tree as well: that asks for every shape's price. */
  readonly hottestLock?: boolean;
}

export type PricesReply =
  | { readonly state: 'priced'; readonly machine: string; readonly kernel: string; readonly cpus: { readonly possible: number; readonly online: number }; readonly prices: readonly WirePrice[]; readonly hottest_lock?: ReportTotals['hottest_lock'] }
  | { readonly state: 'refused'; readonly reason: string };

/** The shapes of all sites, in the report's order, on another modelled kernel. */
export interface ShapesParams {
  readonly kernel: string;
}

export type ShapesReply =
  | { readonly state: 'done'; readonly sites_revision: number; readonly shapes: readonly (number | null)[] }
  | { readonly state: 'refused'; readonly reason: string };

export interface SiteDetailsParams {
  readonly siteId: string;
  readonly cpus?: number;
}

/** `details` null: no such site any more, `reason` says so. */
export type SiteDetailsReply =
  | { readonly details: SiteDetails }
  | { readonly details: null; readonly reason: string };

/** `place` null: not known, `reason` says why. */
export type TypeDefinitionReply =
  | { readonly place: { readonly uri: string; /** One-based. */ readonly line: number } }
  | { readonly place: null; readonly reason: string };

export interface MachineItem {
  readonly name: string;
  readonly description: string;
  readonly possible: number;
  readonly online: number;
  readonly origin: 'built-in' | 'profile';
  readonly calibrated: boolean;
}

export interface MachineList {
  readonly machines: readonly MachineItem[];
  /** The machine in force; `cpus` is its possible count, rescaled or not. */
  readonly current: { readonly name: string; readonly cpus: number };
}

export interface SetMachineParams {
  readonly name: string;
  /** Possible CPUs to rescale it to, 1…8192 (the kernel's largest NR_CPUS). */
  readonly cpus?: number;
}

export type SetMachineReply =
  | { readonly accepted: true; readonly name: string; readonly cpus: number }
  | { readonly accepted: false; readonly reason: string };

/** What a machine says of itself: the output of `lscpu -J`, boot messages, or one after the other in `texts`. */
export interface ImportMachineParams {
  readonly name: string;
  readonly texts: readonly string[];
}

/** Nothing is written by the server: the client shows `table` and then replaces the content of `file` by `content`. */
export type ImportMachineReply =
  | {
      readonly accepted: true;
      /** URI of the percpu.toml that holds for the tree; it may not exist yet. */
      readonly file: string;
      readonly content: string;
      /** What is new in it: the table of the machine. */
      readonly table: string;
      /** The machine in words. */
      readonly summary: string;
      /** What was taken from elsewhere. */
      readonly notes: readonly string[];
    }
  | { readonly accepted: false; readonly reason: string };

/** The server as it runs, for a person who asks why something is as it is. Paths are relative to their root. */
export interface Diagnosis {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly settings: Settings;
  readonly settingsProblems: readonly string[];
  readonly roots: readonly RootDiagnosis[];
  readonly memory: readonly ProcessMemory[];
}

export interface ProcessMemory {
  /** What it does: `server`, `analysis`, `facts`. */
  readonly role: string;
  /** Resident, bytes. */
  readonly bytes: number;
  /** What is known of it; the rest is the program, and room that V8 keeps. */
  readonly parts: readonly MemoryPart[];
}

export interface MemoryPart {
  /** `heap`: all data in use, the others with it. */
  readonly part: 'heap' | 'facts' | 'types' | 'sites' | 'documents';
  /** Files for facts and types; null where nothing is counted. */
  readonly count: number | null;
  /** Estimated but for the heap. */
  readonly bytes: number;
}

export interface RootDiagnosis {
  /** Last part of its path. */
  readonly name: string;
  readonly state: IndexState;
  readonly reason: string | null;
  readonly done: number;
  readonly total: number;
  readonly sites: number;
  readonly openDocuments: number;
  readonly kernel: string;
  readonly kernelOrigin: string;
  readonly kconfig: string;
  readonly machine: string;
  readonly possible: number;
  readonly online: number;
  readonly calibrated: boolean;
  /** Problems of its percpu.toml, with lines. */
  readonly profileProblems: readonly string[];
  readonly problems: readonly FileProblem[];
}

export interface StatusNotice {
  readonly state: IndexState;
  readonly done: number;
  readonly total: number;
  readonly machine: string;
  readonly cpus: { readonly possible: number; readonly online: number };
  /** `6.12`; null where no kernel tree was found, a default version is then in use and `reason` says which. */
  readonly kernel: string | null;
  readonly calibrated: boolean;
  /** URI of the root; null without a folder. */
  readonly root: string | null;
  /** Where the kernel configuration is from, in words; null without a folder. */
  readonly kconfig: string | null;
  /** Resident memory of all our processes, bytes. */
  readonly memoryBytes: number;
  readonly siteCount: number;
  readonly problems: readonly FileProblem[];
  readonly reason?: string;
}

/** Settings under `percpuLens`, as `workspace/configuration` gives them. */
export interface Settings {
  /** Null: the machine that percpu.toml names, else server-256. */
  readonly machine: string | null;
  /** Possible CPUs; null: the machine's own. */
  readonly cpus: number | null;
  readonly kernelVersion: string | null;
  readonly kconfig: string | null;
  readonly root: string | null;
  readonly hover: { readonly enabled: boolean };
  readonly inlayHints: {
    readonly enabled: boolean;
    /** Footprint from which a site of any class has a hint, bytes. */
    readonly minBytes: number;
  };
  readonly codeLens: { readonly enabled: boolean };
  readonly diagnostics: { readonly enabled: boolean };
  readonly index: { readonly enabled: boolean; readonly workers: number };
}

/** Custom requests, client to server. */
export interface Requests {
  readonly 'percpuLens/report': { readonly params: ReportParams; readonly result: ReportReply };
  readonly 'percpuLens/summary': { readonly params: null; readonly result: SummaryReply };
  readonly 'percpuLens/prices': { readonly params: PricesParams; readonly result: PricesReply };
  readonly 'percpuLens/shapes': { readonly params: ShapesParams; readonly result: ShapesReply };
  readonly 'percpuLens/openChunkMap': { readonly params: ChunkMapParams; readonly result: ChunkMapReply };
  readonly 'percpuLens/chunkMapFrame': { readonly params: ChunkMapFrameParams; readonly result: ChunkMapFrameReply };
  readonly 'percpuLens/chunkMapAreas': { readonly params: ChunkMapAreasParams; readonly result: ChunkMapAreasReply };
  readonly 'percpuLens/closeChunkMap': { readonly params: { readonly map: string }; readonly result: null };
  readonly 'percpuLens/compareChoices': { readonly params: null; readonly result: CompareChoices };
  readonly 'percpuLens/compareWith': { readonly params: CompareParams; readonly result: CompareReply };
  readonly 'percpuLens/changesIn': { readonly params: { readonly uri: string }; readonly result: ChangesInReply };
  readonly 'percpuLens/difference': { readonly params: null; readonly result: DifferenceReply };
  readonly 'percpuLens/inventory': { readonly params: InventoryParams; readonly result: InventoryReply };
  readonly 'percpuLens/closeInventory': { readonly params: null; readonly result: null };
  readonly 'percpuLens/siteDetails': { readonly params: SiteDetailsParams; readonly result: SiteDetailsReply };
  readonly 'percpuLens/typeDefinition': { readonly params: SiteDetailsParams; readonly result: TypeDefinitionReply };
  /** The document that a person is at: what is shown of one tree is of its tree from now on. */
  readonly 'percpuLens/follow': { readonly params: { readonly uri: string }; readonly result: null };
  readonly 'percpuLens/machines': { readonly params: null; readonly result: MachineList };
  readonly 'percpuLens/setMachine': { readonly params: SetMachineParams; readonly result: SetMachineReply };
  readonly 'percpuLens/importMachine': { readonly params: ImportMachineParams; readonly result: ImportMachineReply };
  readonly 'percpuLens/diagnosis': { readonly params: null; readonly result: Diagnosis };
  readonly 'percpuLens/scenarios': { readonly params: null; readonly result: ScenarioList };
  readonly 'percpuLens/simulate': { readonly params: SimulateParams; readonly result: SimulationReply };
  readonly 'percpuLens/strategyChoices': { readonly params: StrategyChoicesParams; readonly result: StrategyChoicesReply };
  readonly 'percpuLens/siteToSimulate': { readonly params: SiteToSimulateParams; readonly result: SiteToSimulate };
  readonly 'percpuLens/simulationQuestion': { readonly params: SimulationQuestionParams; readonly result: SimulationQuestionReply };
  readonly 'percpuLens/simulationDocument': { readonly params: SimulationDocumentParams; readonly result: SimulationDocument };
}

/** Custom notifications, server to client. */
export interface Notifications {
  readonly 'percpuLens/status': StatusNotice;
  readonly 'percpuLens/reportChanged': { readonly revision: number; readonly sites_revision: number };
  readonly 'percpuLens/simulationPoint': SimulationPointNotice;
  readonly 'percpuLens/chunkMapProgress': ChunkMapProgress;
}

export type RequestName = keyof Requests;
export type NotificationName = keyof Notifications;
