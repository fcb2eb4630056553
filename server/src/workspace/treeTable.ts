import { createHash } from 'node:crypto';
import path from 'node:path';
import type { CacheFolder } from './cacheFolder';
import { readChecked, writeChecked } from './checkedFile';
import { stampWidth, unknownStamp } from './fileStamp';

/** What is remembered of the files of one tree, by their place in `files`. */
export interface TreeTable {
  /** Relative to the root, sorted. */
  readonly files: readonly string[];
  /** Rows of `fileStamp.ts`; NaN where nothing is remembered. */
  readonly stamps: Float64Array;
  /** Content (git blob id) of a file that mentions an API; '' of others. */
  readonly contents: string[];
  /** Content of a file that was read for its calls alone; '' of others. */
  readonly links: string[];
  readonly searches: Search[];
}

/** Names that were looked for, and where they are mentioned. */
export interface Search {
  readonly names: readonly string[];
  /** By file: 1 where it was looked into. */
  readonly covered: Uint8Array;
  /** Indexes of names by file, of files with any. */
  readonly found: Map<number, readonly number[]>;
}

export function newTable(files: readonly string[]): TreeTable {
  return {
    files,
    stamps: new Float64Array(files.length * stampWidth).fill(NaN),
    contents: files.map(() => ''),
    links: files.map(() => ''),
    searches: [],
  };
}

/** One that can be written to beside it. */
export function copiedTable({ files, stamps, contents, links, searches }: TreeTable): TreeTable {
  const copied = searches.map(({ names, covered, found }) => ({ names, covered: covered.slice(), found: new Map(found) }));
  return { files, stamps: stamps.slice(), contents: [...contents], links: [...links], searches: copied };
}

/** The table as it is for these files: those that are new have nothing, those that are gone are left out. Both lists are sorted. */
export function alignedTable(before: TreeTable, files: readonly string[]): TreeTable {
  if (before.files.length === files.length && before.files.every((file, at) => file === files[at])) return before;
  const table = newTable(files);
  const places = placesOf(before.files, files);
  before.files.forEach((_, old) => {
    const at = places[old] ?? -1;
    if (at === -1) return;
    table.stamps.set(before.stamps.subarray(old * stampWidth, (old + 1) * stampWidth), at * stampWidth);
    table.contents[at] = before.contents[old] ?? '';
    table.links[at] = before.links[old] ?? '';
  });
  for (const search of before.searches) table.searches.push(alignedSearch(search, places, files.length));
  return table;
}

/**
 * The table after an edit: of changed files what is remembered now, of others what was; `now` may have forgotten those that yet
 * another state of the tree has otherwise.
 */
export function tableAfter(before: TreeTable, now: TreeTable, changed: ReadonlySet<string>): TreeTable {
  const { files } = now;
  const was = alignedTable(before, files);
  const isKept = files.map((file) => !changed.has(file));
  const stamps = Float64Array.from(now.stamps, (value, at) => (Number.isNaN(value) && isKept[Math.floor(at / stampWidth)] === true ? (was.stamps[at] ?? NaN) : value));
  const kept = (then: readonly string[], own: readonly string[]): string[] => own.map((value, at) => (isKept[at] === true && value === '' ? (then[at] ?? '') : value));
  const nameOf = ({ names }: Search): string => names.join('\0');
  const searches = new Map(now.searches.map((search) => [nameOf(search), search]));
  for (const then of was.searches) searches.set(nameOf(then), searchAfter(then, searches.get(nameOf(then)), isKept));
  return { files, stamps, contents: kept(was.contents, now.contents), links: kept(was.links, now.links), searches: [...searches.values()] };
}

function searchAfter(then: Search, now: Search | undefined, isKept: readonly boolean[]): Search {
  const isThen = (at: number): boolean => isKept[at] === true && now?.covered[at] !== 1;
  const own = [...(now?.found ?? [])].filter(([at]) => !isThen(at));
  return {
    names: then.names,
    covered: Uint8Array.from(then.covered, (covered, at) => (isThen(at) ? covered : (now?.covered[at] ?? 0))),
    found: new Map([...own, ...[...then.found].filter(([at]) => isThen(at))]),
  };
}

/** The place of a file in the table; -1 where it is none of its files. */
export function placeIn({ files }: Pick<TreeTable, 'files'>, file: string): number {
  let low = 0;
  let high = files.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((files[middle] ?? '') < file) low = middle + 1;
    else high = middle;
  }
  return files[low] === file ? low : -1;
}

/** The content of a file that was read for its names or its calls; '' of others. */
export function contentAt({ contents, links }: TreeTable, at: number): string {
  return (contents[at] ?? '') || (links[at] ?? '');
}

export function contentIn(table: TreeTable, file: string): string {
  return contentAt(table, placeIn(table, file));
}

/** Nothing is remembered of the file any more. */
export function forgetFile(table: TreeTable, at: number): void {
  table.stamps.set(unknownStamp, at * stampWidth);
  table.contents[at] = '';
  table.links[at] = '';
  for (const search of table.searches) {
    search.covered[at] = 0;
    search.found.delete(at);
  }
}

/** By old place: the new one, -1 where the file is gone. */
function placesOf(before: readonly string[], after: readonly string[]): Int32Array {
  const places = new Int32Array(before.length).fill(-1);
  let at = 0;
  before.forEach((file, old) => {
    while (at < after.length && (after[at] ?? '') < file) at++;
    if (after[at] === file) places[old] = at;
  });
  return places;
}

function alignedSearch({ names, covered, found }: Search, places: Int32Array, count: number): Search {
  const aligned: Search = { names, covered: new Uint8Array(count), found: new Map() };
  covered.forEach((isCovered, old) => {
    const at = places[old] ?? -1;
    if (at !== -1) aligned.covered[at] = isCovered;
  });
  for (const [old, indexes] of found) {
    const at = places[old] ?? -1;
    if (at !== -1) aligned.found.set(at, indexes);
  }
  return aligned;
}

/** The table of a tree as it was kept last; null where there is none, or a damaged one. */
export function readTable(folder: CacheFolder | null, tree: string, identity: string): TreeTable | null {
  if (folder === null) return null;
  const file = tableFile(folder, tree, identity);
  const kept = readChecked(file);
  return kept === null ? null : unpackedTable(kept as PackedTable);
}

/** Keeps the table; where that fails the next start reads more. */
export function writeTable(folder: CacheFolder | null, tree: string, identity: string, table: TreeTable): void {
  if (folder === null) return;
  writeChecked(tableFile(folder, tree, identity), packedTable(table));
}

/** Long lists of short strings as one: made and read several times faster. */
export interface PackedTable {
  readonly files: string;
  readonly stamps: Float64Array;
  readonly contents: string;
  readonly links: string;
  readonly searches: readonly { readonly names: string; readonly covered: Uint8Array; readonly found: Map<number, readonly number[]> }[];
}

export function packedTable({ files, stamps, contents, links, searches }: TreeTable): PackedTable {
  return {
    files: files.join('\0'),
    stamps,
    contents: contents.join('\0'),
    links: links.join('\0'),
    searches: searches.map(({ names, covered, found }) => ({ names: names.join('\0'), covered, found })),
  };
}

export function unpackedTable({ files, stamps, contents, links, searches }: PackedTable): TreeTable {
  return {
    files: files.split('\0'),
    stamps,
    contents: contents.split('\0'),
    links: links.split('\0'),
    searches: searches.map(({ names, covered, found }) => ({ names: names.split('\0'), covered, found })),
  };
}

function tableFile(folder: CacheFolder, tree: string, identity: string): string {
  return path.join(folder.directory, 'trees', createHash('sha1').update(`${tree}\0${identity}`).digest('hex'));
}
