import type { Api } from '../kernel/api';
import type { FileFacts } from '../facts/fileFacts';

/** What the tree index keeps of a file: everything but type definitions, which are looked up on demand. */
export type IndexedFacts = Pick<FileFacts, 'functions' | 'sites' | 'calls' | 'tables' | 'registrations' | 'problems'> & {
  readonly macros: readonly { readonly name: string }[];
};

/** To a facts process. The first message must be `configure`. */
export type FactsRequest =
  | { readonly kind: 'configure'; readonly root: string; readonly extraApis: readonly Api[] }
  | { readonly kind: 'analyse'; readonly files: readonly string[] };

/** From a facts process; `begin` comes before each file that is analysed, so that a hang has a name. */
export type FactsReply =
  | { readonly kind: 'begin'; readonly file: string }
  | { readonly kind: 'facts'; readonly file: string; readonly facts: IndexedFacts }
  | { readonly kind: 'problem'; readonly file: string; readonly reason: string }
  | { readonly kind: 'progress'; readonly files: number }
  | { readonly kind: 'done'; readonly residentBytes: number };
