import type { Cancellation } from '../util/cancellation';
import type { FactsPool } from './factsProcess';
import { scanFiles, supplyOf } from './scanFiles';
import type { Search, TreeTable } from './treeTable';

export interface SearchOptions {
  readonly pool: FactsPool;
  readonly processes: number;
  readonly cancellation: Cancellation;
  /** Searches of earlier runs; those of this one are added, and those of no use left out. */
  readonly table: TreeTable;
  readonly placeOf: (file: string) => number;
  readonly onMentioned: (file: string, names: readonly string[]) => void;
}

/**
 * Tells which of the names each file mentions. What an earlier search found in a file that did not change since is
 * not looked for again: only the names that it did not look for. True where files were read.
 */
export async function searchMentions(files: readonly string[], names: readonly string[], options: SearchOptions): Promise<boolean> {
  const { table, placeOf, onMentioned } = options;
  const wanted = new Set(names);
  const earlier = table.searches.filter((search) => search.names.some((name) => wanted.has(name)));
  const found = new Map<string, Set<string>>();
  const toSearch = groupsOf(files, earlier, placeOf);
  for (const { searches, files: group } of toSearch) {
    for (const file of group) recallMentions(file, placeOf(file), searches, wanted, found);
  }
  let didRead = false;
  for (const { searches, files: group } of toSearch) {
    const known = new Set(searches.flatMap((search) => search.names));
    const unknown = names.filter((name) => !known.has(name));
    if (unknown.length === 0 || group.length === 0) continue;
    didRead = true;
    table.searches.push(await searchFiles(group, unknown, found, options));
  }
  for (const [file, mentioned] of found) onMentioned(file, [...mentioned]);
  return didRead;
}

interface Group {
  readonly searches: readonly Search[];
  readonly files: string[];
}

/** Files by the searches that have looked into them. */
function groupsOf(files: readonly string[], searches: readonly Search[], placeOf: (file: string) => number): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const file of files) {
    const at = placeOf(file);
    const key = searches.map(({ covered }) => covered[at] ?? 0).join('');
    const group = groups.get(key) ?? { searches: searches.filter(({ covered }) => covered[at] === 1), files: [] };
    group.files.push(file);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function recallMentions(file: string, at: number, searches: readonly Search[], wanted: ReadonlySet<string>, found: Map<string, Set<string>>): void {
  for (const search of searches) {
    for (const index of search.found.get(at) ?? []) {
      const name = search.names[index] ?? '';
      if (wanted.has(name)) note(found, file, name);
    }
  }
}

async function searchFiles(files: readonly string[], names: readonly string[], found: Map<string, Set<string>>, options: SearchOptions): Promise<Search> {
  const { table, placeOf, pool, processes, cancellation } = options;
  const search: Search = { names, covered: new Uint8Array(table.files.length), found: new Map() };
  const indexes = new Map(names.map((name, index) => [name, index]));
  await scanFiles(supplyOf(files), {
    pool,
    processes,
    cancellation,
    task: { kind: 'mentions', names },
    onProblem: () => undefined,
    onMentioned: (file, mentioned) => {
      search.found.set(placeOf(file), mentioned.map((name) => indexes.get(name) ?? -1));
      for (const name of mentioned) note(found, file, name);
    },
  });
  for (const file of files) search.covered[placeOf(file)] = 1;
  return search;
}

function note(found: Map<string, Set<string>>, file: string, name: string): void {
  const names = found.get(file);
  if (names === undefined) found.set(file, new Set([name]));
  else names.add(name);
}
