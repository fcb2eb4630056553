import path from 'node:path';
import { fileFacts } from '../facts/analyse';
import type { Api } from '../kernel/api';
import { catalogueFor, type Catalogue } from '../kernel/catalogue';
import { Cancelled, neverCancelled } from '../util/cancellation';
import type { AnalysisConfiguration, AnalysisReply, AnalysisRequest } from '../workspace/analysisMessages';
import { userCacheFolder } from '../workspace/cacheFolder';
import { indexedFacts } from '../workspace/indexedFacts';
import { kernelConfiguration, timesNotModelled } from '../workspace/kernelConfiguration';
import { createTreeIndex, type TreeIndex } from '../workspace/treeIndex';
import { kernelBtf } from '../workspace/kernelBtf';
import { nodeSourceTree } from '../workspace/nodeSourceTree';
import { folderSource } from '../workspace/treeSource';
import { treeTypes, type TreeTypes } from '../workspace/treeTypes';

/** Child process of the server: holds the facts of a whole tree and resolves its sites. */

interface Opened {
  readonly index: TreeIndex;
  readonly types: TreeTypes;
  readonly catalogue: Catalogue;
}

let opened: Opened | null = null;
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
  const { root, headers, arch, extraApis } = configuration;
  const catalogue = catalogueFor(null, extraApis);
  const kconfig = kernelConfiguration(headers ?? root, configuration.kconfig, arch);
  const types = treeTypes({ tree: nodeSourceTree(root, headers), arch, configuration: kconfig, catalogue, btf: kernelBtf(headers ?? root, configuration.btf) });
  const factsEntry = path.join(__dirname, 'factsWorker.cjs');
  const index = createTreeIndex({
    source: folderSource(root),
    extraApis,
    apiOf: (name) => catalogue.byName.get(name),
    sizeOf: types.sizeOf,
    countOf: types.countOf,
    objectSource: types.objectSource,
    batchOf: types.batchOf,
    memberOf: types.memberOf,
    factsEntry,
    cache: configuration.cache ? userCacheFolder(factsEntry) : null,
    processes: configuration.processes,
  });
  opened = { index, types, catalogue };
  send({ kind: 'opened', kconfigOrigin: kconfig.source, timesNotModelled: timesNotModelled(kconfig) });
  if (configuration.wholeTree) void scan(index);
  else send({ kind: 'ready', problems: [], complete: true });
}

async function scan(index: TreeIndex): Promise<void> {
  try {
    const complete = await readTree(index);
    await index.resolveAll(neverCancelled, (file, sites) => send({ kind: 'sites', file, sites }));
    send({ kind: 'ready', problems: index.problems, complete });
  } catch (error) {
    send({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
}

/** False where it was stopped. */
async function readTree(index: TreeIndex): Promise<boolean> {
  try {
    await index.scan(scanning, ({ done, total }) => send({ kind: 'progress', done, total }));
    return true;
  } catch (error) {
    if (error instanceof Cancelled) return false;
    throw error;
  }
}

function answer(request: Extract<AnalysisRequest, { kind: 'resolve' | 'describe' }>, state: Opened): void {
  if (request.kind === 'resolve') resolve(request, state);
  else send({ kind: 'described', request: request.request, description: state.types.describe(request.file, request.type) });
}

function resolve(request: Extract<AnalysisRequest, { kind: 'resolve' }>, { index, types, catalogue }: Opened): void {
  const { file, text } = request;
  if (text !== null) {
    types.overlay(file, text);
    index.update(file, indexedFacts(fileFacts(text, withApis(catalogue, index.wrapperApis()))));
  }
  send({ kind: 'resolved', request: request.request, file, sites: index.resolve(file) });
}

function withApis(catalogue: Catalogue, apis: readonly Api[]): Catalogue {
  if (apis.length === 0) return catalogue;
  return { byName: new Map([...apis.map((api) => [api.name, api] as const), ...catalogue.byName]), identity: `${catalogue.identity} and ${apis.length}` };
}
