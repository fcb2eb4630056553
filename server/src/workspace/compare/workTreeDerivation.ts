import path from 'node:path';
import { changesBetween } from '../edited/changes';
import { contentStamp, isSameRow, stampsBelow, stampWidth, unknownStamp } from '../fileStamp';
import type { ResolvedCache } from '../resolvedCache';
import { isSource, listSourceFiles } from '../sourceFiles';
import { sourceTreeOf } from '../sourceTreeOf';
import { commitFiles, folderSource, type CommitSource } from '../treeSource';
import { contentAt, copiedTable, type TreeTable } from '../treeTable';
import { changedInWorkTree } from './changedInWorkTree';
import { isDerivable, type Derivation } from './derivation';
import type { IncludeTable } from './includeTable';

/** What was resolved of the work tree, as a state that a commit is derived from. */
export interface WorkTreeDerivation {
  readonly derivation: Derivation;
  /** What that remembers of the commit's files. */
  readonly remembered: TreeTable;
}

/**
 * A commit as the work tree that has it checked out, or another near it, but for the files that differ. Null where that was not
 * resolved yet, or cannot be compared with the commit without reading all files.
 */
export async function workTreeDerivation(source: CommitSource, resolved: ResolvedCache, readAfter: (file: string) => string | undefined): Promise<WorkTreeDerivation | null> {
  const kept = resolved.last();
  const basis = kept === null ? null : resolved.basis(kept.digest);
  if (kept === null || basis === null) return null;
  const root = path.resolve(source.folder);
  const differing = await changedInWorkTree(source, root);
  if (differing === null || !isDerivable(differing)) return null;
  const { changed, textBefore } = changedFiles(basis.table, root, source, differing);
  if (!isDerivable(changed)) return null;
  const table = withContentStamps(basis.table, source, changed);
  const from = { ...kept.tree, includes: ofFiles(basis.includes), basis: () => ({ ...basis, table }), others: kept.others };
  return { derivation: { from, changed, readBefore: textBefore, readAfter }, remembered: copiedTable(table) };
}

interface ChangedFiles {
  readonly changed: ReadonlySet<string>;
  /** As the work tree was when it was resolved; '' where that is not known any more, which is no file's text. */
  readonly textBefore: (file: string) => string | undefined;
}

/** What may differ between the work tree as it was resolved and the commit; `differing`: as it is now. */
function changedFiles(table: TreeTable, root: string, source: CommitSource, differing: ReadonlySet<string>): ChangedFiles {
  const { files } = listSourceFiles(root);
  const since = changesBetween(table, { files, stamps: stampsBelow(root, files) });
  const written = new Set([...since.edited, ...since.went]);
  const places = new Map(table.files.map((file, at) => [file, at]));
  // Git says nothing of files that it was told to skip, nor of those that came back since.
  const changed = new Set([...commitFiles(source).filter((file) => !places.has(file)), ...[...differing].filter((file) => !isSource(file) || places.has(file))]);
  table.files.forEach((file, at) => {
    const isCommitted = contentAt(table, at) === source.blobs.get(file);
    // Git may check files out otherwise than it keeps them.
    const mayDiffer = !source.blobs.has(file) || written.has(file) || (contentAt(table, at) !== '' && !changed.has(file));
    if (mayDiffer && isCommitted) changed.delete(file);
    else if (mayDiffer) changed.add(file);
  });
  const workTree = sourceTreeOf(folderSource(root));
  const textBefore = (file: string): string | undefined => {
    const at = places.get(file);
    if (at === undefined) return isSource(file) ? undefined : workTree.read(file);
    const text = workTree.read(file);
    // Looked at after it was read: it may be written to at any time.
    return isSameRow(table.stamps, at, stampsBelow(root, [file]), 0) ? text : '';
  };
  return { changed, textBefore };
}

/** The table with the stamps of the commit's files, where these are the same. */
function withContentStamps(table: TreeTable, { blobs }: CommitSource, changed: ReadonlySet<string>): TreeTable {
  const stamps = new Float64Array(table.stamps.length);
  table.files.forEach((file, at) => {
    const id = changed.has(file) ? undefined : blobs.get(file);
    stamps.set(id === undefined ? unknownStamp : contentStamp(id), at * stampWidth);
  });
  return { ...table, stamps };
}

/** Without what is read for no file alone. */
function ofFiles({ names, rows }: IncludeTable): IncludeTable {
  return { names, rows: Object.fromEntries(Object.entries(rows).filter(([unit]) => !unit.startsWith('#'))) };
}
