import type { SiteFact } from '../facts/fileFacts';
import type { Api } from '../kernel/api';
import type { EarlierAnswers } from '../resolve/askedTexts';
import { linkTree, type LinkedTree } from '../resolve/linkTree';
import { noSource, type ObjectSource } from '../resolve/objects/objectSource';
import { resolveSite, type KnownDetails, type Resolution } from '../resolve/resolveSites';
import type { SiteDetails, SizeOf } from '../resolve/siteDetails';
import type { ResolvedSite } from '../resolve/resolvedSite';
import type { Wrapper } from '../resolve/wrappers';
import { onDemand } from '../util/onDemand';
import { throwIfCancelled, type Cancellation } from '../util/cancellation';
import type { CacheFolder } from './cacheFolder';
import { detailsAhead, filesWithSites } from './detailsAhead';
import type { DetailsThread, ThreadReads } from './detailsThread';
import { noReads } from './edited/detailReads';
import { keepTree, recallTree, type Keeping } from './recalledTree';
import type { IndexedFacts } from './factsMessages';
import { createFactsReader, rememberedTable, type Answers, type FactsReader } from './factsReader';
import { interning, linksAlike, type Interning } from './linkedFacts';
import { factsPool, type FactsPool } from './factsProcess';
import { distinctApis, linkFiles, withoutStrangers, type LinkSteps } from './linkFiles';
import type { ResolvedTree } from './resolvedCache';
import { resolveFiles, type Known } from './resolveFiles';
import type { FileProblem } from './sourceFiles';
import { survey } from './survey';
import type { TreeTable } from './treeTable';
import type { TreeSource } from './treeSource';

export interface TreeOptions {
  readonly source: TreeSource;
  readonly apiOf: (name: string) => Api | undefined;
  readonly extraApis: readonly Api[];
  readonly sizeOf: SizeOf;
  readonly countOf: (file: string, site: SiteFact) => number | null;
  readonly batchOf: (file: string, site: SiteFact) => number | null;
  readonly memberOf: Resolution['memberOf'];
  readonly known?: KnownDetails;
  /** Works out the details of many files beside this thread; absent: they are worked out here. */
  readonly details?: () => DetailsThread;
  /** Texts and configuration, for what objects create. */
  readonly objectSource?: ObjectSource;
  /** What was answered for another state of the tree. */
  readonly earlier?: () => EarlierAnswers | undefined;
  /** Is told when nothing that was resolved before holds as a whole. */
  readonly onAnew?: () => void;
  readonly factsEntry: string;
  /** What was resolved last, and the files that were read for it. */
  readonly resolved?: Keeping;
  /** Where facts are kept from one run to the next; null: nowhere. */
  readonly cache: CacheFolder | null;
  readonly processes: number;
  /** Facts processes that are started already; who started them closes them. */
  readonly pool?: FactsPool | undefined;
  /** What is remembered of the files, in place of what is kept of them. */
  readonly remembered?: TreeTable | undefined;
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
  /**
   * Reads what changed since it was read last. Where nothing did, and what was resolved last is kept, `onRecalled` gets
   * that; if it says that this is enough, no facts are loaded.
   */
  scan(cancellation: Cancellation, onProgress: (progress: ScanProgress) => void, onRecalled?: OnRecalled): Promise<void>;
  /** Keeps what `resolveAll` gave after a whole scan, for the next start; the texts must be those on disk. */
  keep(tree: ResolvedTree): void;
  /** Replaces the facts of one file, as edited; null: the file is gone. */
  update(file: string, facts: IndexedFacts | null): void;
  /** The sites of one file, resolved over all facts that are known so far. */
  resolve(file: string): readonly ResolvedSite[];
  /** Resolves file by file, giving way to other work between them. */
  resolveAll(cancellation: Cancellation, onFile: (file: string, sites: readonly ResolvedSite[]) => void): Promise<void>;
}

/** Details that were worked out for a file's sites, in their order: those that were asked about, not those of an edited text. */
function inOrder(details: readonly SiteDetails[] | null, otherwise: KnownDetails | undefined): KnownDetails | undefined {
  let at = 0;
  return details === null ? otherwise : () => details[at++];
}

type OnRecalled = (tree: ResolvedTree) => 'enough' | 'go on';

export function createTreeIndex(options: TreeOptions): TreeIndex {
  const facts = new Map<string, IndexedFacts>();
  const problems: FileProblem[] = [];
  const hubs = new Set<string>();
  const askedWhileLinking = { names: new Set<string>(), called: new Set<string>() };
  let wrappers: readonly Wrapper[] = [];
  let steps: LinkSteps = { levels: [], hubs: [], late: [] };
  let linked: LinkedTree | null = null;
  const { objectSource: own = noSource } = options;
  let constantIn = own.constantIn;
  const objectSource: ObjectSource = { ...own, constantIn: (file, expression) => constantIn(file, expression) };
  // Linking is over all files, so it is done once for many questions, anew after facts have changed.
  const current = (): LinkedTree => (linked ??= linkTree(facts, { ...options, wrappers, hubs, objectSource, earlier: options.earlier?.() }));
  const resolved = (file: string, given?: Known): readonly ResolvedSite[] => {
    const sites = facts.get(file)?.sites ?? [];
    // What was asked of a text does not hold once it is edited.
    const holding = given?.sites === sites ? given : undefined;
    ({ constantIn } = holding ?? own);
    const known = inOrder(holding?.details ?? null, options.known);
    const resolution = onDemand((): Resolution => ({ ...options, ...current(), known }));
    return sites.map((site) => resolveSite(file, site, resolution()));
  };
  /** Null where that is not known. */
  let elsewhere: ThreadReads | null = { read: [], types: noReads };
  let table: TreeTable | null = null;
  let listed: readonly string[] = [];
  let digest: string | null = null;
  const ahead = detailsAhead(options.details);
  const readTree = async (reader: FactsReader, onProgress: (done: number) => void, onRecalled: OnRecalled): Promise<void> => {
    // One state of two is not held for long.
    const intern: Interning = options.resolved?.changes === undefined ? interning() : (found) => found;
    const onProblem = (file: string, reason: string): void => void problems.push({ file, reason });
    const onFacts = takingFacts(facts, problems, intern, () => (linked = null));
    const answers: Answers = { onProblem, onProgress, onFacts };
    const looked = reader.look(answers, wrappersBefore(options.resolved)).then(() => (digest = options.resolved === undefined ? null : reader.digest()));
    const recalled = await recallTree(reader, looked, options);
    await looked;
    if (recalled !== null && onRecalled(recalled) === 'enough') return;
    if (recalled === null) options.onAnew?.();
    await reader.unchanged(answers);
    // Where what was resolved last still holds, no site is resolved.
    if (recalled === null) ahead.begin(facts);
    ({ wrappers, ...steps } = await linkFiles(reader.files, { ...options, reader, intern, facts, hubs, asked: askedWhileLinking, onProblem }));
    table = reader.table();
  };
  const index: TreeIndex = {
    facts,
    problems,
    wrapperApis: () => distinctApis(wrappers),
    async scan(cancellation, onProgress, onRecalled = () => 'go on') {
      try {
        listed = await withReader(options, cancellation, problems, onProgress, (reader, onFiles) => readTree(reader, onFiles, onRecalled));
      } catch (error) {
        ahead.end();
        throw error;
      } finally {
        linked = null;
      }
      problems.sort((a, b) => (a.file < b.file ? -1 : 1));
    },
    keep(tree) {
      if (digest !== null && table !== null && elsewhere !== null) keepTree(tree, { digest, table, elsewhere, facts, wrappers, listed, linked: current(), askedWhileLinking, steps }, options.resolved);
    },
    update(file, found) {
      const before = facts.get(file);
      const after = found === null ? null : withoutStrangers(file, found, wrappers, options);
      if (after === null || before === undefined || !linksAlike(before, after)) linked = null;
      if (after === null) facts.delete(file);
      else facts.set(file, after);
    },
    resolve: (file) => resolved(file),
    async resolveAll(cancellation, onFile) {
      const files = filesWithSites(facts);
      try {
        const thread = ahead.rest(files, wrappers, current);
        const reads = await resolveFiles(files, { thread, resolve: resolved, constantIn: own.constantIn, cancellation }, onFile);
        elsewhere = thread === null ? elsewhere : reads;
      } finally {
        ahead.end();
      }
    },
  };
  return index;
}

/** APIs of the wrappers that the tree had, where it is known what differs: the facts of that will be asked for with them. */
function wrappersBefore(resolved: Keeping | undefined): readonly Api[] {
  return resolved?.changes === undefined ? [] : distinctApis(resolved.cache.basis('')?.wrappers ?? []);
}

/** Keeps the facts of files as they come, and what could not be understood in them. */
function takingFacts(facts: Map<string, IndexedFacts>, problems: FileProblem[], intern: Interning, onChange: () => void): Answers['onFacts'] {
  return (file, found) => {
    facts.set(file, intern(found));
    onChange();
    problems.push(...found.problems.map(({ reason }) => ({ file, reason })));
  };
}

/** Looks at the tree's files and does something with a reader of them; what was read is kept in any case. */
async function withReader(
  options: TreeOptions, cancellation: Cancellation, problems: FileProblem[], onProgress: (progress: ScanProgress) => void,
  use: (reader: FactsReader, onFiles: (done: number) => void) => Promise<void>,
): Promise<readonly string[]> {
  const { source, cache, processes } = options;
  const pool = options.pool ?? factsPool(options.factsEntry, source, options.extraApis);
  try {
    pool.prepare(1);
    const surveying = survey(source, cache !== null, pool);
    // Of an unchanged tree nothing is read: one process is enough to see that.
    const kept = options.remembered ?? rememberedTable(options);
    if (kept === null) pool.prepare(processes - 1);
    const isKnown = { isCancellationRequested: false };
    const likely = kept === null ? null : (options.resolved?.cache.likely() ?? null);
    if (likely !== null) options.resolved?.ahead?.(likely, isKnown);
    const found = await surveying;
    isKnown.isCancellationRequested = true;
    throwIfCancelled(cancellation);
    const { files } = found;
    problems.push(...found.problems);
    onProgress({ done: 0, total: files.length });
    const reader = createFactsReader({ ...options, survey: found, kept, isKept: options.remembered === undefined, pool, cancellation });
    try {
      await use(reader, (done) => onProgress({ done, total: files.length }));
    } finally {
      reader.save();
      reader.close();
    }
    return files;
  } finally {
    if (options.pool === undefined) pool.close();
  }
}
