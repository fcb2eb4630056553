import type { Callables } from '../facts/callables';
import type { FileFacts, FlowFact, MacroFact, SiteFact } from '../facts/fileFacts';
import type { Api, ApiFamily } from '../kernel/api';
import type { LinkFacts } from '../resolve/callGraph';
import type { FileProblem } from './sourceFiles';
import type { TreeSource } from './treeSource';

/** What the tree index keeps of a file: its sites, and what links them to those of other files. */
export interface IndexedFacts extends LinkFacts {
  readonly sites: readonly SiteFact[];
  readonly objectMemory: FileFacts['objectMemory'];
  readonly macros: readonly Pick<MacroFact, 'name' | 'parameters'>[];
  readonly flows: readonly FlowFact[];
  readonly problems: readonly { readonly reason: string }[];
  readonly said: FileFacts['said'];
}

/** The functions and macros of a file, with the sites of any family round those that were asked for. */
export interface PassingFacts extends Callables {
  readonly sites: readonly SiteFact[];
}

/** What is done with a batch of files. */
export type FactsTask =
  /** The sites alone of those that mention an API of the families; null: of any. */
  | { readonly kind: 'sites'; readonly families: readonly ApiFamily[] | null }
  /** Facts of those that mention an API of the catalogue, of the user's, or one of these. */
  | { readonly kind: 'analyse'; readonly furtherApis: readonly Api[]; readonly knownContents: readonly string[] }
  /** The same with the user's APIs, and with these too, at once: most of a file says the same with both. */
  | { readonly kind: 'analyse twice'; readonly furtherApis: readonly Api[] }
  /** Which of the names each file mentions. */
  | { readonly kind: 'mentions'; readonly names: readonly string[] }
  /** Facts of all, without sites: callers of what the index holds. */
  | { readonly kind: 'link'; readonly knownContents: readonly string[] };

/** To a facts process. The first message must be `configure`; of a commit it is told no blobs, but those of each batch. */
export type FactsRequest =
  | { readonly kind: 'configure'; readonly source: TreeSource; readonly extraApis: readonly Api[] }
  /** Answered by `surveyed`. */
  | { readonly kind: 'survey'; readonly withStamps: boolean }
  | { readonly kind: 'task'; readonly task: FactsTask }
  /** What the last `task` says is done with these files; of a commit with the ids of their blobs, '' where it has none. */
  | { readonly kind: 'files'; readonly files: readonly string[]; readonly blobs: readonly string[] | null };

/** From a facts process; `begin` comes before each file that is analysed, so that a hang has a name. */
export type FactsReply =
  | { readonly kind: 'begin'; readonly file: string }
  | {
    readonly kind: 'sites'; readonly file: string; readonly sites: readonly SiteFact[]; readonly problems: readonly string[];
    /** What wrappers are found from; null where none can be in the file. */
    readonly passing: PassingFacts | null;
  }
  /** `facts` are `IndexedFacts` as JSON; null where the content (a git blob id) is among those known. */
  | { readonly kind: 'facts'; readonly file: string; readonly content: string; readonly facts: string | null }
  /** Of a file that is analysed twice, as JSON; `facts` null where it mentions further APIs alone. */
  | { readonly kind: 'facts twice'; readonly file: string; readonly content: string; readonly facts: string | null; readonly further: string }
  | { readonly kind: 'mentioned'; readonly file: string; readonly names: readonly string[] }
  | { readonly kind: 'problem'; readonly file: string; readonly reason: string }
  | { readonly kind: 'progress'; readonly files: number }
  /** The files with NUL between them: one long string is sent faster than many. */
  | { readonly kind: 'surveyed'; readonly files: string; readonly problems: readonly FileProblem[]; readonly stamps: Float64Array | null }
  /** The batch, or the survey, is. */
  | { readonly kind: 'done'; readonly residentBytes: number };
