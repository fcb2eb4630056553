import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Api } from '../kernel/api';
import { catalogueFor } from '../kernel/catalogue';
import { yieldToEvents, type Cancellation } from '../util/cancellation';
import type { CacheFolder } from './cacheFolder';
import { openFactsCache, type FactsCache } from './factsCache';
import type { FactsTask, IndexedFacts } from './factsMessages';
import type { FactsPool } from './factsProcess';
import { contentStamp, isSettled, stampWidth } from './fileStamp';
import { searchMentions } from './mentionSearch';
import { scanFiles, type ScanOptions } from './scanFiles';
import type { CommitSource, TreeSource } from './treeSource';
import { alignedTable, forgetFile, newTable, readTable, writeTable, type TreeTable } from './treeTable';

export interface FactsReaderOptions {
  readonly source: TreeSource;
  /** All of the tree, relative to the root, sorted. */
  readonly files: readonly string[];
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
  /** Looks at all files and reads those that changed; answers for these alone. To be called first. */
  look(answers: Answers): Promise<void>;
  /** Facts of those that mention an API and did not change. */
  unchanged(answers: Answers): Promise<void>;
  /** Facts of some files with further APIs known. */
  analyseWith(files: readonly string[], furtherApis: readonly Api[], answers: Answers): Promise<void>;
  /** What some files call. */
  link(files: readonly string[], answers: Answers): Promise<void>;
  /** Which of the names some files mention. */
  mentions(files: readonly string[], names: readonly string[], onMentioned: (file: string, names: readonly string[]) => void): Promise<void>;
  /** Differs when any file of the tree does; null where a file was written to so lately that its stamp does not say. */
  digest(): string | null;
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

export function createFactsReader(options: FactsReaderOptions): FactsReader {
  const { source, files, cache, extraApis } = options;
  const { identity } = catalogueFor(null, extraApis);
  const kept = readTable(cache, keyOf(source), identity);
  const state: Reading = {
    options,
    table: kept === null ? newTable(files) : alignedTable(kept, files),
    places: new Map(files.map((file, at) => [file, at])),
    startedAt: Date.now(),
    analysed: openFactsCache(cache, 'analyse', { identity }),
    linked: openFactsCache(cache, 'link', { identity }),
    further: [],
    unchanged: [],
    looked: 0,
    isNews: kept === null,
  };
  const save = (): void => {
    for (const each of [state.analysed, state.linked, ...state.further]) each.save();
    if (state.isNews) writeTable(cache, keyOf(source), identity, state.table);
    state.isNews = false;
  };
  return {
    files,
    look: (answers) => look(state, answers, save),
    unchanged: (answers) => giveUnchanged(state, answers),
    analyseWith: (some, furtherApis, answers) => analyseWith(state, some, furtherApis, answers),
    link: (some, answers) => link(state, some, answers),
    mentions: async (some, names, onMentioned) => {
      const { table } = state;
      const didRead = await searchMentions(some, names, { ...options, table, placeOf: (file) => placeOf(state, file), onMentioned });
      state.isNews ||= didRead;
    },
    digest: () => {
      const { stamps } = state.table;
      if (state.looked < files.length || stamps.some((value) => Number.isNaN(value))) return null;
      return createHash('sha1').update(files.join('\0')).update(stamps).digest('hex');
    },
    save,
    close: () => {
      for (const each of [state.analysed, state.linked, ...state.further]) each.close();
    },
  };
}

interface Reading {
  readonly options: FactsReaderOptions;
  readonly table: TreeTable;
  readonly places: ReadonlyMap<string, number>;
  readonly startedAt: number;
  readonly analysed: FactsCache;
  readonly linked: FactsCache;
  /** With further APIs. */
  readonly further: FactsCache[];
  /** Places of files that are as they were. */
  readonly unchanged: number[];
  /** Files that were looked at: where a process ended early, not all were. */
  looked: number;
  /** There is something that the kept table does not say. */
  isNews: boolean;
}

function placeOf({ places }: Reading, file: string): number {
  return places.get(file) ?? -1;
}

function rowOf({ table }: Reading, at: number): Float64Array {
  return table.stamps.subarray(at * stampWidth, (at + 1) * stampWidth);
}

/** '' where it is not known. */
function contentAt({ table }: Reading, at: number): string {
  return (table.contents[at] ?? '') || (table.links[at] ?? '');
}

async function look(state: Reading, answers: Answers, save: () => void): Promise<void> {
  const { table, analysed, options } = state;
  table.contents.forEach((content, at) => {
    if (content !== '' && !analysed.has(content)) forgetFile(table, at);
  });
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
      answers.onProgress?.(done);
      if (Date.now() - savedAt < saveInterval) return;
      save();
      savedAt = Date.now();
    },
  };
  const toRead = options.source.kind === 'folder' ? options.files : changedInCommit(state, options.source);
  await read(state, toRead, (knownContents) => ({ kind: 'analyse', furtherApis: [], knownContents }), analysed, noting, {
    onContent: (file, content) => void fresh.set(file, content),
    scan: options.source.kind === 'commit' ? {} : {
      stampOf: (file) => rowOf(state, placeOf(state, file)),
      onStamp: (file, stamp) => {
        // What could not be read today may be tomorrow, whatever its stamp says.
        const isVouched = !failed.has(file) && isSettled(stamp, state.startedAt);
        takeStamp(state, placeOf(state, file), stamp, isVouched, fresh.get(file) ?? '');
      },
    },
  });
  if (options.source.kind === 'commit') {
    for (const file of toRead) takeStamp(state, placeOf(state, file), contentStamp(options.source.blobs.get(file) ?? ''), !failed.has(file), fresh.get(file) ?? '');
  }
  // Where a process ended early, the files before have facts without a stamp.
  for (const [file, content] of fresh) table.contents[placeOf(state, file)] = content;
}

/** A commit's own list says which contents are as they were: nothing is read to see that. */
function changedInCommit(state: Reading, { blobs }: CommitSource): readonly string[] {
  return state.options.files.filter((file, at) => {
    const before = rowOf(state, at);
    const isSame = contentStamp(blobs.get(file) ?? '').every((value, index) => value === before[index]);
    if (isSame) {
      state.unchanged.push(at);
      state.looked++;
    }
    return !isSame;
  });
}

function takeStamp(state: Reading, at: number, stamp: Float64Array, isVouched: boolean, content: string): void {
  const before = rowOf(state, at);
  state.looked++;
  if (stamp.every((value, index) => value === before[index])) {
    state.unchanged.push(at);
    return;
  }
  state.isNews = true;
  forgetFile(state.table, at);
  state.table.contents[at] = content;
  if (isVouched) before.set(stamp);
}

async function giveUnchanged(state: Reading, answers: Answers): Promise<void> {
  const { table, unchanged, analysed, options } = state;
  const some = unchanged.filter((at) => table.contents[at] !== '').map((at) => options.files[at] ?? '');
  const missing = await recall(state, some, (at) => contentAt(state, at), analysed, answers);
  await read(state, missing, () => ({ kind: 'analyse', furtherApis: [], knownContents: [] }), analysed, answers, {
    onContent: (file, content) => {
      table.contents[placeOf(state, file)] = content;
    },
  });
}

async function analyseWith(state: Reading, some: readonly string[], furtherApis: readonly Api[], answers: Answers): Promise<void> {
  const { cache, extraApis } = state.options;
  const from = openFactsCache(cache, 'analyse', catalogueFor(null, [...furtherApis, ...extraApis]));
  state.further.push(from);
  const missing = await recall(state, some, (at) => contentAt(state, at), from, answers);
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
}

/** Gives facts that the task makes, or that are kept for the content that a file turns out to have. */
async function read(
  state: Reading, some: readonly string[], task: (knownContents: readonly string[]) => FactsTask, from: FactsCache, answers: Answers, more: ReadMore,
): Promise<void> {
  const damaged: string[] = [];
  const scan = async (which: readonly string[], knownContents: readonly string[], also: Partial<ScanOptions>): Promise<void> => {
    if (which.length === 0) return;
    await scanFiles(which, {
      ...state.options,
      ...also,
      task: task(knownContents),
      onProblem: answers.onProblem,
      ...(answers.onProgress === undefined ? {} : { onProgress: answers.onProgress }),
      onFacts: (file, content, text) => {
        state.isNews = true;
        if (text !== null) from.putText(content, text);
        const facts = text === null ? from.get(content) : (JSON.parse(text) as IndexedFacts);
        more.onContent(file, content);
        if (facts == null) damaged.push(file);
        else answers.onFacts(file, facts);
      },
    });
  };
  await scan(some, [...from.contents()], more.scan ?? {});
  await scan(damaged.splice(0), [], {});
}
