import type { Abi } from '../../kernel/abi';
import type { Build } from '../kbuild/builtFiles';
import { includeCandidates } from '../preprocess/headers';
import { folderOf, type SourceTree } from '../sourceTree';
import { callArgumentsIn, includesIn, pastedNamesIn, stemOf, tagsIn, type NamePattern, typedefsIn } from './scanText';

/** Which part of the tree is searched: what the kernel links, what its modules add, and the rest. */
export const ranges = ['kernel', 'module', 'tree'] as const;
export type Range = (typeof ranges)[number];

/** Files that a set of C files includes, under whatever condition, and where names may be defined in them. */
export interface FileSet {
  readonly range: Range;
  /** Files by name that may define it as written. */
  readonly places: ReadonlyMap<string, readonly string[]>;
  /** Files in which a macro may define a name, the likely ones first. */
  readonly made: (name: string) => readonly string[];
  /** Files that include a file, those first that define a macro for it just before. */
  readonly includers: (path: string) => readonly string[];
  readonly has: (path: string) => boolean;
  readonly patterns: ReadonlyMap<string, NamePattern>;
}

export interface SearchInput {
  readonly tree: SourceTree;
  readonly abi: Abi;
  readonly build: Build;
}

interface Scan {
  readonly input: SearchInput;
  readonly tags: ReadonlySet<string>;
  readonly typedefs: ReadonlySet<string>;
  readonly places: Map<string, string[]>;
  /** Files in which a macro that may make the name is called at file scope, and elsewhere. */
  readonly made: Map<string, string[]>;
  readonly perhaps: Map<string, string[]>;
  readonly patterns: Map<string, NamePattern>;
  readonly includers: Map<string, Map<string, boolean>>;
  readonly resolved: Map<string, string | undefined>;
  readonly seen: Set<string>;
  /** Every file of the tree was to be scanned from the start: what is not among them is not there. */
  readonly complete: boolean;
  /** Texts read to see whether a file is there, until they are scanned. */
  readonly texts: Map<string, string>;
}

/** Folders whose C is not the kernel's own. */
const foreign = /^(?:tools|samples|scripts|Documentation|usr|rust|LICENSES)\/|^arch\/(?!ARCH\/)/;

function startFiles({ tree, abi, build }: SearchInput, range: Range): readonly string[] {
  if (range === 'tree') {
    const own = `arch/${abi.sourceFolder}/`;
    return tree.list('', ['.c', '.h']).filter((path) => path.startsWith(own) || !foreign.test(path));
  }
  return [...build.files.values()].filter(({ linkage }) => linkage === range).map(({ path }) => path);
}

/** Scans the files of a range and all they include, once, for all names wanted; what `known` has is not scanned again. */
export function searchRange(input: SearchInput, range: Range, names: WantedNames, known: readonly FileSet[]): FileSet {
  const scan: Scan = {
    input,
    tags: names.tags,
    typedefs: names.typedefs,
    places: new Map(),
    made: new Map(),
    perhaps: new Map(),
    patterns: new Map(known.flatMap((set) => [...set.patterns])),
    includers: new Map(),
    resolved: new Map(),
    seen: new Set(),
    complete: range === 'tree',
    texts: new Map(),
  };
  const start = startFiles(input, range).filter((path) => !known.some((set) => set.has(path)));
  const order = scanFrom(scan, start, known);
  if (!scan.complete) findGenerated(scan, order);
  return {
    range,
    places: scan.places,
    made: (name) => [...(scan.made.get(name) ?? []), ...(scan.perhaps.get(name) ?? [])],
    includers: (path) => [...(scan.includers.get(path) ?? [])].sort(([, a], [, b]) => Number(b) - Number(a)).map(([includer]) => includer),
    has: (path) => scan.seen.has(path),
    patterns: scan.patterns,
  };
}

export interface WantedNames {
  readonly tags: ReadonlySet<string>;
  readonly typedefs: ReadonlySet<string>;
}

/** Scans files and all they include; gives the files read. */
function scanFrom(scan: Scan, start: readonly string[], known: readonly FileSet[]): readonly string[] {
  const order: string[] = [];
  const queue = [...start];
  const stems = scan.complete ? stemsOf(scan) : undefined;
  for (const path of queue) scan.seen.add(path);
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const text = scan.texts.get(path) ?? scan.input.tree.read(path);
    scan.texts.delete(path);
    if (text === undefined) continue;
    order.push(path);
    scanNames(scan, path, text);
    if (stems !== undefined) scanCalls(scan, path, text, stems);
    for (const included of includedFiles(scan, path, text, known)) {
      if (scan.seen.has(included) || known.some((set) => set.has(included))) continue;
      scan.seen.add(included);
      queue.push(included);
    }
  }
  return order;
}

function note(into: Map<string, string[]>, name: string, path: string): void {
  const places = into.get(name);
  if (places === undefined) into.set(name, [path]);
  else if (places[places.length - 1] !== path) places.push(path);
}

function scanNames(scan: Scan, path: string, text: string): void {
  tagsIn(text, scan.tags, (tag) => note(scan.places, tag, path));
  if (scan.typedefs.size > 0) {
    typedefsIn(text, (name) => {
      if (scan.typedefs.has(name)) note(scan.places, name, path);
    });
  }
  if (!text.includes('##')) return;
  for (const pattern of pastedNamesIn(text)) scan.patterns.set(JSON.stringify(pattern), pattern);
}

function includedFiles(scan: Scan, path: string, text: string, known: readonly FileSet[]): readonly string[] {
  const { tree, abi, build } = scan.input;
  const folder = folderOf(path);
  const extra = path.endsWith('.c') ? build.flagsOf(path).includes : [];
  return includesIn(text).flatMap(({ target, quoted, configured }) => {
    const key = quoted || extra.length > 0 ? `${folder} ${target}` : target;
    let found = scan.resolved.get(key);
    if (!scan.resolved.has(key)) {
      found = includeCandidates(abi, target, quoted, folder, extra).find((candidate) => exists(scan, tree, candidate, known));
      scan.resolved.set(key, found);
    }
    if (found === undefined) return [];
    const from = scan.includers.get(found) ?? new Map<string, boolean>();
    from.set(path, configured || from.get(path) === true);
    scan.includers.set(found, from);
    return [found];
  });
}

function exists(scan: Scan, tree: SourceTree, path: string, known: readonly FileSet[]): boolean {
  if (scan.complete) return scan.seen.has(path);
  if (scan.seen.has(path) || scan.texts.has(path) || known.some((set) => set.has(path))) return true;
  const text = tree.read(path);
  if (text !== undefined) scan.texts.set(path, text);
  return text !== undefined;
}

/** What a macro would have to be called with to make each name wanted, by the patterns known so far. */
function stemsOf(scan: Scan): ReadonlyMap<string, readonly string[]> {
  const patterns = [...scan.patterns.values()];
  const stems = new Map<string, string[]>();
  for (const name of [...scan.tags, ...scan.typedefs]) {
    if (scan.places.has(name)) continue;
    for (const stem of [name, ...patterns.flatMap((pattern) => stemOf(name, pattern) ?? [])]) {
      stems.set(stem, [...(stems.get(stem) ?? []), name]);
    }
  }
  return stems;
}

function scanCalls(scan: Scan, path: string, text: string, stems: ReadonlyMap<string, readonly string[]>): void {
  callArgumentsIn(text, (word) => stems.has(word), (word, likely) => {
    for (const name of stems.get(word) ?? []) note(likely ? scan.made : scan.perhaps, name, path);
  });
}

/** Names that no text defines may be made by a macro: a second pass, once the macros of all files are known. */
function findGenerated(scan: Scan, files: readonly string[]): void {
  const stems = stemsOf(scan);
  if (stems.size === 0) return;
  for (const path of files) scanCalls(scan, path, scan.input.tree.read(path) ?? '', stems);
}
