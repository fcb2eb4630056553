import type { AskedTexts } from '../../resolve/askedTexts';
import type { CreatingTables } from '../../resolve/objects/creationMarks';
import type { NamedRead } from '../../resolve/unitReads';
import type { Wrapper } from '../../resolve/wrappers';
import type { IncludeTable } from '../compare/includeTable';
import type { LinkSteps } from '../linkFiles';
import { packedTable, unpackedTable, type PackedTable, type TreeTable } from '../treeTable';
import type { KeptNames } from './keptNames';
import type { NameIndex } from './nameIndex';

/**
 * What a resolved tree followed from, so that after an edit it can be seen what still holds. It is as large as what it
 * is kept with, and read only where something has changed.
 */
export interface Basis {
  /** The files as they were, with what was searched for in them. */
  readonly table: TreeTable;
  readonly wrappers: readonly Wrapper[];
  /** Digest of what linking took from a file (`linkSignature.ts`), of all files that have facts. */
  readonly signatures: ReadonlyMap<string, string>;
  /** Files that the types of a unit were read from, by the file that was asked about. */
  readonly includes: IncludeTable;
  /** Types that the catalogue names, with the units that they were looked for in. */
  readonly named: readonly NamedRead[];
  /** What objects were formed from beside facts. */
  readonly asked: AskedTexts;
  readonly links: KeptLinks;
}

/** What leads to what. */
export interface KeptLinks {
  readonly steps: LinkSteps;
  readonly names: KeptNames;
  /** For names that were not asked for; null where the tree has too many files. */
  readonly index: NameIndex | null;
  readonly tables: CreatingTables;
}

export interface PackedBasis extends Omit<Basis, 'table'> {
  readonly table: PackedTable;
}

export function packedBasis(basis: Basis): PackedBasis {
  return { ...basis, table: packedTable(basis.table) };
}

export function unpackedBasis(basis: PackedBasis): Basis {
  return { ...basis, table: unpackedTable(basis.table) };
}
