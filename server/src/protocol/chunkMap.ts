/**
 * The chunk map: the allocator's chunks at moments of a recording, of what would have been, or of a published case. Sizes
 * are bytes of one unit unless said; a chunk is the same in every unit.
 */

/** Files of a recording; docs/replay.md says how to make one. */
export interface RecordingFiles {
  readonly trace: string;
  readonly state: string;
  readonly from?: number;
  readonly to?: number;
}

export type AllocationOrderName = 'as recorded' | 'smallest first' | 'largest first';

export type ChunkMapSource =
  | { readonly kind: 'recording'; readonly files: RecordingFiles }
  /** The recording's requests on another machine, with a strategy, what was live at its start in another order. */
  | { readonly kind: 'what-if'; readonly files: RecordingFiles; readonly cpus: number; readonly strategy: string; readonly order: AllocationOrderName }
  /** Eleven thousand memory cgroups, ten of eleven removed again. */
  | { readonly kind: 'cgroup-case'; readonly cpus: number; readonly depopulation: boolean };

export interface ChunkMapParams {
  /** Chosen by the client; a second map under the same name takes the place of the first. */
  readonly map: string;
  readonly source: ChunkMapSource;
}

export interface FrameHeading {
  readonly events: number;
  readonly timestamp: number | null;
  readonly percpu_kb: number;
}

export interface WireStreamStrategy {
  readonly id: string;
  readonly title: string;
}

/** What there is to see; frames are asked for one by one. */
export interface ChunkMapHead {
  readonly title: string;
  readonly units: number;
  readonly page_size: number;
  readonly frames: readonly FrameHeading[];
  /** Conclusions, one sentence each, the first before all. */
  readonly summary: readonly string[];
  /** What was taken for granted. */
  readonly assumptions: readonly string[];
  /** What a reader must know of the recording. */
  readonly problems: readonly string[];
  /** Possible CPUs of the machine shown. */
  readonly cpus: number;
  /** What can be asked of a recording; empty where there is none. */
  readonly strategies: readonly WireStreamStrategy[];
}

export type ChunkMapReply = { readonly state: 'done'; readonly head: ChunkMapHead } | { readonly state: 'refused'; readonly reason: string };

export interface WireChunk {
  readonly base: string;
  readonly role: string;
  readonly place: string;
  /** Allocated bytes of each page. */
  readonly used: readonly number[];
  /** A digit a page: 1 where memory backs it in every unit. */
  readonly populated: string;
  readonly areas: number;
  readonly used_bytes: number;
  readonly free_bytes: number;
  readonly largest_hole: number;
  /** What the allocator believes: its own hint, which may be lower. */
  readonly hinted_hole: number;
  readonly populated_pages: number;
  readonly empty_populated_pages: number;
  /** Over all units. */
  readonly memory_bytes: number;
  readonly sum_of_holes: number;
  readonly median_area: number;
  /** Share of the free bytes, 0…1, in runs smaller than a page. */
  readonly unusable_for_page: number;
}

export interface ChunkMapFrameParams {
  readonly map: string;
  readonly frame: number;
}

export type ChunkMapFrameReply = { readonly state: 'done'; readonly chunks: readonly WireChunk[] } | { readonly state: 'refused'; readonly reason: string };

export interface ChunkMapAreasParams extends ChunkMapFrameParams {
  readonly chunk: string;
}

export interface WireArea {
  readonly offset: number;
  readonly size: number;
  /** Function that allocated it; null: allocated before the recording, or the trace does not say. */
  readonly owner: string | null;
}

export type ChunkMapAreasReply = { readonly state: 'done'; readonly areas: readonly WireArea[] } | { readonly state: 'refused'; readonly reason: string };

/** How far the files of a recording were read, in bytes on disk. */
export interface ChunkMapProgress {
  readonly map: string;
  readonly done: number;
  readonly total: number;
}

/** Between the server and the thread that holds a map. */
export type ToChunkMapWorker =
  | { readonly kind: 'open'; readonly source: ChunkMapSource }
  | { readonly kind: 'frame'; readonly id: number; readonly frame: number }
  | { readonly kind: 'areas'; readonly id: number; readonly frame: number; readonly chunk: string };

export type FromChunkMapWorker =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'opened'; readonly reply: ChunkMapReply }
  | { readonly kind: 'frame'; readonly id: number; readonly reply: ChunkMapFrameReply }
  | { readonly kind: 'areas'; readonly id: number; readonly reply: ChunkMapAreasReply };
