import { statSync } from 'node:fs';
import { UsageError } from './io';

/** What is compared: two folders, or a commit of a repository with another or with the work tree. */
export type DiffOperands =
  | { readonly kind: 'folders'; readonly before: string; readonly after: string }
  | {
      readonly kind: 'refs';
      readonly before: string;
      /** Null: the work tree. */
      readonly after: string | null;
      /** `A...B`: from where the two parted. */
      readonly fromMergeBase: boolean;
      /** The folder asked for; null: the top of the repository that the current folder is in. */
      readonly root: string | null;
    };

export const operandForms = 'A..B [ROOT], A.. [ROOT] (the work tree), or FOLDER_A FOLDER_B';

/**
 * Reads `A..B`, `A...B`, `A..` and `A` (the work tree), `..B` (from HEAD), each with a root, and two folders, also
 * written `FOLDER_A..FOLDER_B`.
 */
export function readOperands(positionals: readonly string[], root: string | null): DiffOperands {
  const [first, second, third] = positionals;
  if (first === undefined || first.trim() === '') throw new UsageError(`what is to be compared? write ${operandForms}`);
  if (third !== undefined) throw new UsageError(`${third}: one thing too many; write ${operandForms}`);
  if (second !== undefined && isFolder(first) && isFolder(second)) return { kind: 'folders', before: first, after: second };
  const folders = second === undefined ? foldersIn(first) : null;
  if (folders !== null) return folders;
  return refs(first, folderNamed(second ?? root));
}

function refs(range: string, root: string | null): DiffOperands {
  const dots = /^(.*?)(\.\.\.?)(.*)$/s.exec(range);
  if (dots === null) return { kind: 'refs', before: range, after: null, fromMergeBase: false, root };
  const [, before = '', separator = '', after = ''] = dots;
  const fromMergeBase = separator === '...';
  return { kind: 'refs', before: before || 'HEAD', after: after || (fromMergeBase ? 'HEAD' : null), fromMergeBase, root };
}

/** `../old..../new` has several pairs of dots: the one between two folders counts. */
function foldersIn(text: string): DiffOperands | null {
  for (let at = text.indexOf('..'); at !== -1; at = text.indexOf('..', at + 1)) {
    const [before, after] = [text.slice(0, at), text.slice(at + 2)];
    if (isFolder(before) && isFolder(after)) return { kind: 'folders', before, after };
  }
  return null;
}

function folderNamed(folder: string | null): string | null {
  if (folder !== null && !isFolder(folder)) throw new UsageError(`${folder}: no such folder`);
  return folder;
}

function isFolder(name: string): boolean {
  return name !== '' && statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
}
