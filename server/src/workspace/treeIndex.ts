import type { SiteFact } from '../facts/fileFacts';
import type { Api } from '../kernel/api';
import { linkTree, type LinkedTree } from '../resolve/linkTree';
import type { ObjectSource } from '../resolve/objects/objectSource';
import { resolveSite, type Resolution, type SizeOf } from '../resolve/resolveSites';
import type { ResolvedSite } from '../resolve/resolvedSite';
import type { Wrapper } from '../resolve/wrappers';
import { yieldToEvents, type Cancellation } from '../util/cancellation';
import type { CacheFolder } from './cacheFolder';
import type { IndexedFacts } from './factsMessages';
import { createFactsReader, type Answers, type FactsReader } from './factsReader';
import { interning, linksAlike } from './linkedFacts';
import { factsPool } from './factsProcess';
import { distinctApis, linkFiles, withoutStrangers } from './linkFiles';
import type { FileProblem } from './sourceFiles';
import { listSources, type TreeSource } from './treeSource';

export interface TreeOptions {
  readonly source: TreeSource;
  readonly apiOf: (name: string) => Api | undefined;
  readonly extraApis: readonly Api[];
  readonly sizeOf: SizeOf;
  readonly countOf: (file: string, site: SiteFact) => number | null;
  readonly batchOf: (file: string, site: SiteFact) => number | null;
  readonly memberOf: Resolution['memberOf'];
  /** Texts and configuration, for what objects create. */
  readonly objectSource?: ObjectSource;
  readonly factsEntry: string;
  /** Where facts are kept from one run to the next; null: nowhere. */
  readonly cache: CacheFolder | null;
  readonly processes: number;
}

export interface ScanProgress {
  readonly done: number;
  readonly total: number;
}

/** The facts of a whole tree, and the sites resolved over them. */
export interface TreeIndex {
  readonly facts: ReadonlyMap<string, IndexedFacts>;
  readonly problems: readonly FileProblem[];
  /** Wrappers that the tree defines: with them as further APIs a file's facts are those that `update` takes. */
  wrapperApis(): readonly Api[];
  scan(cancellation: Cancellation, onProgress: (progress: ScanProgress) => void): Promise<void>;
  /** Replaces the facts of one file, as edited; null: the file is gone. */
  update(file: string, facts: IndexedFacts | null): void;
  /** The sites of one file, resolved over all facts that are known so far. */
  resolve(file: string): readonly ResolvedSite[];
  /** Resolves file by file, giving way to other work between them. */
  resolveAll(cancellation: Cancellation, onFile: (file: string, sites: readonly ResolvedSite[]) => void): Promise<void>;
}

/** Resolving gives way to other work about this often, ms. */
const longestTurn = 20;

export function createTreeIndex(options: TreeOptions): TreeIndex {
  const facts = new Map<string, IndexedFacts>();
  const problems: FileProblem[] = [];
  const hubs = new Set<string>();
  let wrappers: readonly Wrapper[] = [];
  let linked: LinkedTree | null = null;
  // Linking is over all files, so it is done once for many questions, anew after facts have changed.
  const current = (): LinkedTree => (linked ??= linkTree(facts, { ...options, wrappers, hubs }));
  const readTree = async (reader: FactsReader, onProgress: (done: number) => void): Promise<void> => {
    const intern = interning();
    const onProblem = (file: string, reason: string): void => void problems.push({ file, reason });
    const answers: Answers = {
      onProblem,
      onProgress,
      onFacts: (file, found) => {
        facts.set(file, intern(found));
        problems.push(...found.problems.map(({ reason }) => ({ file, reason })));
        linked = null;
      },
    };
    await reader.look(answers);
    await reader.unchanged(answers);
    wrappers = await linkFiles(reader.files, { ...options, reader, intern, facts, hubs, onProblem });
  };
  const index: TreeIndex = {
    facts,
    problems,
    wrapperApis: () => distinctApis(wrappers),
    async scan(cancellation, onProgress) {
      const pool = factsPool(options.factsEntry, options.source, options.extraApis);
      pool.prepare(options.processes);
      try {
        const listing = await listSources(options.source, cancellation);
        problems.push(...listing.problems);
        const total = listing.files.length;
        onProgress({ done: 0, total });
        const reader = createFactsReader({ ...options, files: listing.files, pool, cancellation });
        try {
          await readTree(reader, (done) => onProgress({ done, total }));
        } finally {
          reader.save();
          reader.close();
        }
      } finally {
        pool.close();
      }
      problems.sort((a, b) => (a.file < b.file ? -1 : 1));
      linked = null;
    },
    update(file, found) {
      const before = facts.get(file);
      const after = found === null ? null : withoutStrangers(file, found, wrappers, options);
      if (after === null) facts.delete(file);
      else facts.set(file, after);
      if (before === undefined || after === null || !linksAlike(before, after)) linked = null;
    },
    resolve(file) {
      const sites = facts.get(file)?.sites ?? [];
      if (sites.length === 0) return [];
      const resolution: Resolution = { ...options, ...current() };
      return sites.map((site) => resolveSite(file, site, resolution));
    },
    async resolveAll(cancellation, onFile) {
      let turn = Date.now();
      for (const file of [...facts.keys()].sort()) {
        const sites = index.resolve(file);
        if (sites.length > 0) onFile(file, sites);
        if (Date.now() - turn > longestTurn) {
          await yieldToEvents(cancellation);
          turn = Date.now();
        }
      }
    },
  };
  return index;
}
