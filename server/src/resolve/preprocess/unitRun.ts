import type { Block, BlockStore, Tables } from './blocks';
import type { Headers, SourceFile } from './headers';
import type { Packs } from './interpret';
import type { Macro } from './macros';

export interface UnitInput {
  /** The C file, or what stands for one. */
  readonly file: SourceFile;
  /** Headers that the build includes before it (`-include`). */
  readonly before: readonly string[];
  /** Folders of `-I` beside the usual ones. */
  readonly extraFolders: readonly string[];
  /** Macros that the build defines for this file alone. */
  readonly commandLine: ReadonlyMap<string, Macro>;
}

/** What was passed so far on the way through one C file and its headers. */
export interface Run {
  readonly headers: Headers;
  readonly store: BlockStore;
  readonly input: UnitInput;
  readonly blocks: Block[];
  /** By block id: one more than when it was passed last; 0 if never. */
  lastOrder: Int32Array;
  /** All passes of the blocks that were passed several times: headers that are read again. */
  readonly passes: Map<Block, number[]>;
  /** Tables of the blocks of this unit alone: those of its C files. */
  readonly own: Tables;
  readonly files: Set<SourceFile>;
  readonly missing: Set<string>;
  packs: Packs;
  depth: number;
  tooDeep: boolean;
}

/** More than a block has entries. */
export const blockSpan = 1 << 20;
