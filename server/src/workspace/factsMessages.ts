import type { Api } from '../kernel/api';
import type { FileFacts, FlowFact, MacroFact, SiteFact } from '../facts/fileFacts';
import type { LinkFacts } from '../resolve/callGraph';
import type { TreeSource } from './treeSource';

/** What the tree index keeps of a file: its sites, and what links them to those of other files. */
export interface IndexedFacts extends LinkFacts {
  readonly sites: readonly SiteFact[];
  readonly objectMemory: FileFacts['objectMemory'];
  readonly macros: readonly Pick<MacroFact, 'name' | 'parameters'>[];
  readonly flows: readonly FlowFact[];
  readonly problems: readonly { readonly reason: string }[];
}

/** What is done with a batch of files. */
export type FactsTask =
  /** Facts of those that mention an API of the catalogue, of the user's, or one of these. */
  | { readonly kind: 'analyse'; readonly furtherApis?: readonly Api[] }
  /** Which of the names each file mentions. */
  | { readonly kind: 'mentions'; readonly names: readonly string[] }
  /** Facts of all, without sites: callers of what the index holds. */
  | { readonly kind: 'link' };

/** To a facts process. The first message must be `configure`. */
export type FactsRequest =
  | { readonly kind: 'configure'; readonly source: TreeSource; readonly extraApis: readonly Api[] }
  | { readonly kind: 'task'; readonly task: FactsTask }
  /** What the last `task` says is done with these files. */
  | { readonly kind: 'files'; readonly files: readonly string[] };

/** From a facts process; `begin` comes before each file that is analysed, so that a hang has a name. */
export type FactsReply =
  | { readonly kind: 'begin'; readonly file: string }
  | { readonly kind: 'facts'; readonly file: string; readonly facts: IndexedFacts }
  | { readonly kind: 'mentioned'; readonly file: string; readonly names: readonly string[] }
  | { readonly kind: 'problem'; readonly file: string; readonly reason: string }
  | { readonly kind: 'progress'; readonly files: number }
  | { readonly kind: 'done'; readonly residentBytes: number };
