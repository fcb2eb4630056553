import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Api } from '../kernel/api';
import { catalogueFor, type Catalogue } from '../kernel/catalogue';
import { cached } from '../util/cached';
import { yieldToEvents, type Cancellation } from '../util/cancellation';
import { onDemand } from '../util/onDemand';
import type { CacheFolder } from './cacheFolder';
import { openFactsCache, type FactsCache } from './factsCache';
import type { FactsTask, IndexedFacts } from './factsMessages';
import type { FactsPool } from './factsProcess';
import { isSameRow, isSettled, stampWidth } from './fileStamp';
import { searchMentions } from './mentionSearch';
import { scanFiles, supplyOf, type ScanOptions } from './scanFiles';
import type { Survey } from './survey';
import type { TreeSource } from './treeSource';
import { alignedTable, contentAt, forgetFile, newTable, readTable, writeTable, type TreeTable } from './treeTable';

export interface FactsReaderOptions {
  readonly source: TreeSource;
  /** All of the tree. */
  readonly survey: Survey;
  /** What is remembered of it. */
  readonly kept: TreeTable | null;
  /** Where it is read the next time too. */
  readonly isKept: boolean;
  readonly extraApis: readonly Api[];
  /** Where results are kept from one run to the next; null: nowhere. */
  readonly cache: CacheFolder | null;
  readonly pool: FactsPool;
  readonly processes: number;
  readonly cancellation: Cancellation;
}

export interface Answers {
  readonly onFacts: (file: string, facts: IndexedFacts) => void;
  readonly onProblem: (file: string, reason: string) => void;
  /** Files looked at so far. */
  readonly onProgress?: (done: number) => void;
}

/**
 * Facts of the files of one tree: those of files that are as they were are taken from the cache, the others are read
 * in facts processes. What a file's stamp cannot vouch for is known by its content.
 */
export interface FactsReader {
  readonly files: readonly string[];
  /**
   * Looks at all files and reads those that changed; answers for these alone. To be called first. `further`: APIs that their
   * facts will be asked for with too, in which case both are read at once.
   */
  look(answers: Answers, further?: readonly Api[]): Promise<void>;
  /** Facts of those that mention an API and did not change. */
  unchanged(answers: Answers): Promise<void>;
  /** Facts of some files with further APIs known. */
  analyseWith(files: readonly string[], furtherApis: readonly Api[], answers: Answers): Promise<void>;
  /** What is kept for a content: its facts with further APIs, else without, else what it calls. */
  keptFor(content: string, furtherApis?: readonly Api[]): IndexedFacts | undefined;
  /** What some files call. */
  link(files: readonly string[], answers: Answers): Promise<void>;
  /** Which of the names some files mention. */
  mentions(files: readonly string[], names: readonly string[], onMentioned: (file: string, names: readonly string[]) => void): Promise<void>;
  /** Differs when any file of the tree does; null where a file was written to so lately that its stamp does not say. */
  digest(): string | null;
  /** What is known of the files now. */
  table(): TreeTable;
  /** Keeps what was read, for later runs. */
  save(): void;
  close(): void;
}

/** A long first look is kept about this often, so that the next start goes on from there, ms. */
const saveInterval = 5_000;
/** Reading from the cache gives way to other work about this often, ms. */
const longestTurn = 20;

/** Commits of one repository have most of their files alike, so one table serves them. */
function keyOf(source: TreeSource): string {
  return source.kind === 'folder' ? path.resolve(source.root) : `commits of ${source.folder}`;
}

/** What is remembered of a tree; null where nothing is. */
export function rememberedTable({ cache, source, extraApis }: Pick<FactsReaderOptions, 'cache' | 'source' | 'extraApis'>): TreeTable | null {
  return readTable(cache, keyOf(source), catalogueFor(null, extraApis).identity);
}

export function createFactsReader(options: FactsReaderOptions): FactsReader {
  const { source, survey: { files }, kept, cache, extraApis } = options;
  const { identity } = catalogueFor(null, extraApis);
  const state: Reading = {
    options,
    files,
    table: kept === null ? newTable(files) : alignedTable(kept, files),
    places: onDemand(() => new Map(files.map((file, at) => [file, at]))),
    startedAt: Date.now(),
    analysed: openFactsCache(cache, 'analyse', { identity }),
    linked: openFactsCache(cache, 'link', { identity }),
    further: new Map(),
    catalogueWith: cached((further: readonly Api[]) => catalogueFor(null, [...further, ...extraApis])),
    unchanged: [],
    isNews: kept === null || !options.isKept,
  };
  const save = (): void => {
    for (const each of [state.analysed, state.linked, ...state.further.values()]) each.save();
    if (state.isNews) writeTable(cache, keyOf(source), identity, state.table);
    state.isNews = false;
  };
  return {
    files,
    look: (answers, further = []) => look(state, answers, further, save),
    unchanged: (answers) => giveUnchanged(state, answers),
    analyseWith: (some, furtherApis, answers) => analyseWith(state, some, furtherApis, answers),
    keptFor: (content, furtherApis = []) => (furtherApis.length === 0 ? null : furtherFacts(state, furtherApis).get(content)) ?? state.analysed.get(content) ?? state.linked.get(content) ?? undefined,
    link: (some, answers) => link(state, some, answers),
    mentions: async (some, names, onMentioned) => {
      const { table } = state;
      const didRead = await searchMentions(some, names, { ...options, table, placeOf: (file) => placeOf(state, file), onMentioned });
      state.isNews ||= didRead;
    },
    digest: () => {
      if (source.kind === 'commit') return source.tree;
      const { stamps } = state.table;
      if (stamps.some((value) => Number.isNaN(value))) return null;
      return createHash('sha1').update(files.join('\0')).update(stamps).digest('hex');
    },
    table: () => state.table,
    save,
    close: () => {
      for (const each of [state.analysed, state.linked, ...state.further.values()]) each.close();
    },
  };
}

interface Reading {
  readonly options: FactsReaderOptions;
  readonly files: readonly string[];
  readonly table: TreeTable;
  readonly places: () => ReadonlyMap<string, number>;
  readonly startedAt: number;
  readonly analysed: FactsCache;
  readonly linked: FactsCache;
  /** With further APIs, by the identity of all. */
  readonly further: Map<string, FactsCache>;
  /** The same for the same list. */
  readonly catalogueWith: (furtherApis: readonly Api[]) => Catalogue;
  /** Places of files that are as they were. */
  readonly unchanged: number[];
  /** There is something that the kept table does not say. */
  isNews: boolean;
}

function placeOf({ places }: Reading, file: string): number {
  return places().get(file) ?? -1;
}

async function look(state: Reading, answers: Answers, further: readonly Api[], save: () => void): Promise<void> {
  const { table, analysed, files, unchanged } = state;
  table.contents.forEach((content, at) => {
    if (content !== '' && !analysed.has(content)) forgetFile(table, at);
  });
  const toRead = changedFiles(state);
  if (toRead.length === 0) return;
  state.isNews = true;
  const fresh = new Map<string, string>();
  const failed = new Set<string>();
  let savedAt = Date.now();
  const noting: Answers = {
    ...answers,
    onProblem: (file, reason) => {
      failed.add(file);
      answers.onProblem(file, reason);
    },
    onProgress: (done) => {
      answers.onProgress?.(unchanged.length + done);
      if (Date.now() - savedAt < saveInterval) return;
      save();
      savedAt = Date.now();
    },
  };
  const task = (knownContents: readonly string[]): FactsTask => (further.length === 0 ? { kind: 'analyse', furtherApis: [], knownContents } : { kind: 'analyse twice', furtherApis: further });
  await read(state, toRead, task, analysed, noting, {
    onContent: (file, content) => void fresh.set(file, content),
    ...(further.length === 0 ? {} : { beside: furtherFacts(state, further) }),
    // What could not be read today may be tomorrow, whatever its stamp says.
    scan: { onDone: (done) => done.filter((file) => !failed.has(file)).forEach((file) => takeStamp(state, placeOf(state, file), fresh.get(file) ?? '')) },
  });
  // Where a process ended early, the files before have facts without a stamp.
  for (const [file, content] of fresh) table.contents[placeOf(state, file)] = content;
  answers.onProgress?.(files.length);
}

/** Those that are not as they were; nothing is remembered of them any more. */
function changedFiles({ options: { survey: { stamps } }, table, files, unchanged }: Reading): readonly string[] {
  return files.filter((_, at) => {
    if (stamps !== null && isSameRow(stamps, at, table.stamps, at)) {
      unchanged.push(at);
      return false;
    }
    forgetFile(table, at);
    return true;
  });
}

/** The stamp was taken before the file was read: what is written to it meanwhile changes it again. */
function takeStamp({ options: { survey: { stamps }, source }, table, startedAt }: Reading, at: number, content: string): void {
  table.contents[at] = content;
  const stamp = stamps?.subarray(at * stampWidth, (at + 1) * stampWidth);
  if (stamp !== undefined && (source.kind === 'commit' || isSettled(stamp, startedAt))) table.stamps.set(stamp, at * stampWidth);
}

async function giveUnchanged(state: Reading, answers: Answers): Promise<void> {
  const { table, unchanged, analysed, files } = state;
  const some = unchanged.filter((at) => table.contents[at] !== '').map((at) => files[at] ?? '');
  const missing = await recall(state, some, (at) => contentAt(state.table, at), analysed, answers);
  await read(state, missing, () => ({ kind: 'analyse', furtherApis: [], knownContents: [] }), analysed, answers, {
    onContent: (file, content) => {
      table.contents[placeOf(state, file)] = content;
    },
  });
}

/** Facts with further APIs are kept apart. */
function furtherFacts({ options: { cache }, further, catalogueWith }: Reading, furtherApis: readonly Api[]): FactsCache {
  const catalogue = catalogueWith(furtherApis);
  const facts = further.get(catalogue.identity) ?? openFactsCache(cache, 'analyse', catalogue);
  further.set(catalogue.identity, facts);
  return facts;
}

async function analyseWith(state: Reading, some: readonly string[], furtherApis: readonly Api[], answers: Answers): Promise<void> {
  const from = furtherApis.length === 0 ? state.analysed : furtherFacts(state, furtherApis);
  const missing = await recall(state, some, (at) => contentAt(state.table, at), from, answers);
  await read(state, missing, (knownContents) => ({ kind: 'analyse', furtherApis, knownContents }), from, answers, { onContent: () => undefined });
}

async function link(state: Reading, some: readonly string[], answers: Answers): Promise<void> {
  const { table, linked } = state;
  const missing = await recall(state, some, (at) => table.links[at] ?? '', linked, answers);
  await read(state, missing, (knownContents) => ({ kind: 'link', knownContents }), linked, answers, {
    onContent: (file, content) => {
      table.links[placeOf(state, file)] = content;
    },
  });
}

/** Gives what is kept for the files' contents; the other files are the result. */
async function recall(state: Reading, some: readonly string[], contentOf: (at: number) => string, from: FactsCache, answers: Answers): Promise<string[]> {
  const missing: string[] = [];
  let turn = Date.now();
  for (const file of some) {
    const content = contentOf(placeOf(state, file));
    const facts = content === '' ? undefined : from.get(content);
    if (facts == null) missing.push(file);
    else answers.onFacts(file, facts);
    if (Date.now() - turn < longestTurn) continue;
    await yieldToEvents(state.options.cancellation);
    turn = Date.now();
  }
  return missing;
}

interface ReadMore {
  readonly onContent: (file: string, content: string) => void;
  readonly scan?: Partial<ScanOptions>;
  /** Where facts with further APIs go that are read at the same time. */
  readonly beside?: FactsCache;
}

/** Gives facts that the task makes, or that are kept for the content that a file turns out to have. */
async function read(
  state: Reading, some: readonly string[], task: (knownContents: readonly string[]) => FactsTask, from: FactsCache, answers: Answers, more: ReadMore,
): Promise<void> {
  const damaged: string[] = [];
  const take = (file: string, content: string, text: string | null): void => {
    state.isNews = true;
    if (text !== null) from.putText(content, text);
    const facts = text === null ? from.get(content) : (JSON.parse(text) as IndexedFacts);
    more.onContent(file, content);
    if (facts == null) damaged.push(file);
    else answers.onFacts(file, facts);
  };
  const scan = async (which: readonly string[], knownContents: readonly string[], also: Partial<ScanOptions>): Promise<void> => {
    if (which.length === 0) return;
    await scanFiles(supplyOf(which), {
      ...state.options,
      ...also,
      task: task(knownContents),
      onProblem: answers.onProblem,
      ...(answers.onProgress === undefined ? {} : { onProgress: answers.onProgress }),
      onFacts: take,
      onFactsTwice: ({ file, content, facts, further }) => {
        more.beside?.putText(content, further);
        if (facts !== null) take(file, content, facts);
      },
    });
  };
  const rest = await givenByBlob(state, some, from, answers, more);
  // A process that reads files says itself what it need not understand again.
  await scan(rest, state.options.source.kind === 'commit' ? [] : [...from.contents()], more.scan ?? {});
  await scan(damaged.splice(0), [], {});
}

/** A commit says what its files hold without their being read: gives what is kept for that; the other files are the result. */
async function givenByBlob(state: Reading, some: readonly string[], from: FactsCache, answers: Answers, { onContent, scan }: ReadMore): Promise<readonly string[]> {
  const { source } = state.options;
  if (source.kind !== 'commit') return some;
  const blobOf = (file: string): string => source.blobs.get(file) ?? '';
  const given: string[] = [];
  const onFacts: Answers['onFacts'] = (file, facts) => {
    onContent(file, blobOf(file));
    given.push(file);
    answers.onFacts(file, facts);
  };
  const rest = await recall(state, some, (at) => blobOf(state.files[at] ?? ''), from, { ...answers, onFacts });
  scan?.onDone?.(given);
  return rest;
}
