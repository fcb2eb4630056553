import { isSameRow } from '../fileStamp';
import type { TreeTable } from '../treeTable';

/** Source files that differ between two states of a tree, each list in order. */
export interface Changes {
  readonly edited: readonly string[];
  readonly came: readonly string[];
  readonly went: readonly string[];
  /** Text of a file before; absent: only how it is now is known. */
  readonly textBefore?: (file: string) => string | undefined;
}

type Stamped = Pick<TreeTable, 'files' | 'stamps'>;

/** What may differ: a file whose stamp says nothing counts as edited. Both tables list their files in order. */
export function changesBetween(before: Stamped, after: Stamped): Changes {
  const edited: string[] = [];
  const came: string[] = [];
  const went: string[] = [];
  let old = 0;
  after.files.forEach((file, at) => {
    for (; old < before.files.length && (before.files[old] ?? '') < file; old++) went.push(before.files[old] ?? '');
    if (before.files[old] !== file) came.push(file);
    else if (!isSameRow(before.stamps, old++, after.stamps, at)) edited.push(file);
  });
  went.push(...before.files.slice(old));
  return { edited, came, went };
}
