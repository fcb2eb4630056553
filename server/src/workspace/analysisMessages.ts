import type { Api } from '../kernel/api';
import type { KernelVersion } from '../kernel/version';
import type { MemoryPart } from '../protocol/requests';
import type { TypeDescription } from '../resolve/describeType';
import type { ResolvedSite } from '../resolve/resolvedSite';
import type { FileProblem } from './sourceFiles';

/** What the tree analysis is started with; nothing in it depends on the machine. */
export interface AnalysisConfiguration {
  readonly root: string;
  /** Kernel tree whose headers and configuration a module outside it is built with; null where the root is one itself. */
  readonly headers: string | null;
  readonly arch: 'x86_64' | 'arm64';
  /** What calls allocate differs by version; absent: as the newest kernel has it. */
  readonly kernel?: KernelVersion;
  /** Kernel configuration file; null: ROOT/.config, else the documented default. */
  readonly kconfig: string | null;
  /** BTF file, `auto` to look beside the tree, or null for sizes from source alone. */
  readonly btf: string | null;
  readonly extraApis: readonly Api[];
  readonly processes: number;
  /** False: only the files that are asked for. */
  readonly wholeTree: boolean;
  /** False: nothing kept on disk is used, and nothing is kept. */
  readonly cache: boolean;
}

/** Server → analysis process. */
export type AnalysisRequest =
  | { readonly kind: 'open'; readonly configuration: AnalysisConfiguration }
  /** Leaves the rest of the tree unread; what was read is resolved. */
  | { readonly kind: 'stop-scan' }
  /** `text` null: the file as it is on disk. */
  | { readonly kind: 'resolve'; readonly request: number; readonly file: string; readonly text: string | null }
  /** A type by its name, as the file has it. */
  | { readonly kind: 'describe'; readonly request: number; readonly file: string; readonly type: string }
  /** What the process holds, by part. */
  | { readonly kind: 'measure'; readonly request: number };

/** Analysis process → server. */
export type AnalysisReply =
  | { readonly kind: 'opened'; readonly kconfigOrigin: string; readonly timesNotModelled: string | null }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'sites'; readonly file: string; readonly sites: readonly ResolvedSite[] }
  | { readonly kind: 'resolved'; readonly request: number; readonly file: string; readonly sites: readonly ResolvedSite[] }
  | { readonly kind: 'described'; readonly request: number; readonly description: TypeDescription }
  | { readonly kind: 'measured'; readonly request: number; readonly parts: readonly MemoryPart[] }
  /** `complete` false: the scan was stopped before its end. */
  | { readonly kind: 'ready'; readonly problems: readonly FileProblem[]; readonly complete: boolean }
  | { readonly kind: 'failed'; readonly reason: string };

/** What comes unasked, about the whole tree. */
export type TreeReply = Exclude<AnalysisReply, { readonly kind: 'resolved' | 'described' | 'measured' }>;
