import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { fileFacts } from '../facts/analyse';
import type { Api } from '../kernel/api';
import { catalogueFor, type Catalogue } from '../kernel/catalogue';
import { Cancelled, neverCancelled } from '../util/cancellation';
import type { AnalysisConfiguration, AnalysisReply, AnalysisRequest } from '../workspace/analysisMessages';
import { userCacheFolder } from '../workspace/cacheFolder';
import type { ResolvedSite } from '../resolve/resolvedSite';
import { indexedFacts, ruleFactsOfTree } from '../workspace/indexedFacts';
import { timesNotModelled } from '../workspace/kernelConfiguration';
import { resolvedCacheOf, type ResolvedCache, type ResolvedTree } from '../workspace/resolvedCache';
import { createTreeIndex, type TreeIndex } from '../workspace/treeIndex';
import { startDetailsThread } from '../workspace/detailsThread';
import { folderTypes } from '../workspace/folderTypes';
import { isSilent } from '../workspace/silentText';
import type { MemoryPart } from '../protocol/requests';
import { heldBytes } from '../util/heldBytes';
import type { FolderSourceTree } from '../workspace/nodeSourceTree';
import { folderSource } from '../workspace/treeSource';
import type { TreeTypes } from '../workspace/treeTypes';

/** Child process of the server: holds the facts of a whole tree and resolves its sites. */

// It works in the background, beside an editor: what it leaves to be collected stays a quarter of what it holds.
setFlagsFromString('--heap-growing-percent=25');

interface Opened {
  readonly root: string;
  readonly index: TreeIndex;
  readonly types: TreeTypes;
  readonly tree: FolderSourceTree;
  readonly catalogue: Catalogue;
}

let opened: Opened | null = null;
/** What was resolved last, until the facts are loaded that new answers need. */
let recalled: ResolvedTree | null = null;
/** A document was not as its file is: what is resolved is not for the next start. */
let wasEdited = false;
const scanning = { isCancellationRequested: false };

process.on('message', (message: AnalysisRequest) => {
  try {
    if (message.kind === 'open') open(message.configuration);
    else if (message.kind === 'stop-scan') scanning.isCancellationRequested = true;
    else if (opened !== null) answer(message, opened);
  } catch (error) {
    send({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit(0));

function send(reply: AnalysisReply): void {
  // A parent that is gone needs no answer.
  process.send?.(reply, undefined, undefined, () => undefined);
}

function open(configuration: AnalysisConfiguration): void {
  const { root, extraApis } = configuration;
  // Facts are of all versions; what a call allocates is of the tree's.
  const catalogue = catalogueFor(null, extraApis);
  const typed = { ...configuration, kernel: configuration.kernel ?? null };
  const { tree, types, catalogue: ofVersion, configuration: kconfig } = folderTypes(typed);
  const factsEntry = path.join(__dirname, 'factsWorker.cjs');
  const index = createTreeIndex({
    source: folderSource(root),
    extraApis,
    apiOf: (name) => ofVersion.byName.get(name),
    sizeOf: types.sizeOf,
    countOf: types.countOf,
    objectSource: types.objectSource,
    batchOf: types.batchOf,
    memberOf: types.memberOf,
    details: () => startDetailsThread(path.join(__dirname, 'detailsWorker.cjs'), typed),
    factsEntry,
    cache: configuration.cache ? userCacheFolder(factsEntry) : null,
    resolved: {
      asked: () => tree.asked(),
      types,
      cache: whileAsOnDisk(resolvedCacheOf(configuration.cache ? userCacheFolder(__filename) : null, { ...configuration, configuration: kconfig, catalogue: ofVersion })),
    },
    processes: configuration.processes,
  });
  opened = { root, index, types, tree, catalogue };
  send({ kind: 'opened', kconfigOrigin: kconfig.source, timesNotModelled: timesNotModelled(kconfig) });
  if (configuration.wholeTree) void scan(index);
  else send({ kind: 'ready', problems: [], complete: true });
}

/** What follows from the text of an open document is not kept. */
function whileAsOnDisk(cache: ResolvedCache): ResolvedCache {
  return { ...cache, put: (...kept) => (wasEdited ? undefined : cache.put(...kept)) };
}

async function scan(index: TreeIndex): Promise<void> {
  try {
    const complete = await readTree(index);
    if (recalled === null || !complete) await resolveAll(index, complete);
    recalled = null;
    send({ kind: 'ready', problems: index.problems, complete });
  } catch (error) {
    send({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
}

async function resolveAll(index: TreeIndex, isComplete: boolean): Promise<void> {
  const found = new Map<string, readonly ResolvedSite[]>();
  await index.resolveAll(neverCancelled, (file, sites) => {
    found.set(file, sites);
    send({ kind: 'sites', file, sites });
  });
  if (!isComplete || wasEdited) return;
  index.keep({ sites: found, ruleFacts: ruleFactsOfTree(index.facts, [...found.keys()]), problems: index.problems, files: index.facts.size });
}

/** The report is complete at once; facts are loaded for the edits to come. */
function takeRecalled(tree: ResolvedTree): 'go on' {
  recalled = tree;
  for (const [file, sites] of tree.sites) send({ kind: 'sites', file, sites });
  return 'go on';
}

/** False where it was stopped. */
async function readTree(index: TreeIndex): Promise<boolean> {
  try {
    await index.scan(scanning, ({ done, total }) => send({ kind: 'progress', done, total }), takeRecalled);
    return true;
  } catch (error) {
    if (error instanceof Cancelled) return false;
    throw error;
  }
}

function answer(request: Extract<AnalysisRequest, { kind: 'resolve' | 'describe' | 'measure' }>, state: Opened): void {
  if (request.kind === 'resolve') resolve(request, state);
  else if (request.kind === 'describe') send({ kind: 'described', request: request.request, description: state.types.describe(request.file, request.type) });
  else send({ kind: 'measured', request: request.request, parts: partsOf(state) });
}

function partsOf({ index, types, tree }: Opened): readonly MemoryPart[] {
  const counted = new Set<unknown>();
  return [
    { part: 'heap', count: null, bytes: process.memoryUsage().heapUsed },
    { part: 'facts', count: index.facts.size, bytes: heldBytes(index.facts, counted) },
    { part: 'types', count: tree.asked().size, bytes: heldBytes(types.held(), counted) },
  ];
}

function resolve(request: Extract<AnalysisRequest, { kind: 'resolve' }>, { root, index, types, catalogue }: Opened): void {
  const { file, text } = request;
  const isEdited = text !== null && !isOnDisk(path.join(root, file), text);
  wasEdited ||= isEdited;
  if (recalled !== null && !isEdited) {
    send({ kind: 'resolved', request: request.request, file, sites: recalled.sites.get(file) ?? [] });
    return;
  }
  if (text !== null) {
    types.overlay(file, text);
    const known = withApis(catalogue, index.wrapperApis());
    if (index.facts.has(file) || !isSilent(text, known)) index.update(file, indexedFacts(fileFacts(text, known)));
  }
  send({ kind: 'resolved', request: request.request, file, sites: index.resolve(file) });
}

function isOnDisk(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}

function withApis(catalogue: Catalogue, apis: readonly Api[]): Catalogue {
  if (apis.length === 0) return catalogue;
  return { byName: new Map([...apis.map((api) => [api.name, api] as const), ...catalogue.byName]), identity: `${catalogue.identity} and ${apis.length}` };
}
