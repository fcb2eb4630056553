import path from 'node:path';
import { neverCancelled } from '../util/cancellation';
import { userCacheFolder, type CacheFolder } from '../workspace/cacheFolder';
import type { BaselineReply, BaselineRequest } from '../workspace/compare/baselineMessages';
import { commitSource } from '../workspace/compare/sides';
import { treeState } from '../workspace/compare/treeState';
import { openRepository } from '../workspace/git/gitRepository';
import { dotConfigOf } from '../workspace/kernelConfiguration';

/** Child process of the server: resolves the sites of one commit, and ends. */

process.on('message', (request: BaselineRequest) => {
  resolve(request).catch((error: unknown) => send({ kind: 'refused', reason: error instanceof Error ? error.message : String(error) }));
});
process.on('disconnect', () => process.exit(0));

function send(reply: BaselineReply): void {
  // A parent that is gone needs no answer.
  process.send?.(reply, undefined, undefined, () => undefined);
}

async function resolve({ root, ref, cache, ...options }: BaselineRequest): Promise<void> {
  const factsEntry = path.join(__dirname, 'factsWorker.cjs');
  const kept = (entry: string): CacheFolder | null => (cache ? userCacheFolder(entry) : null);
  const source = await commitSource(await openRepository(root), ref, path.join(__dirname, 'blobThread.cjs'));
  const { kernel, kconfigOrigin, timesNotModelled, sites, problems, files, includes, others } = await treeState(
    source,
    { ...options, factsEntry, cache: kept(factsEntry), resolved: kept(path.join(__dirname, 'analysisWorker.cjs')), states: kept(__filename), dotConfig: dotConfigOf(root) },
    { cancellation: neverCancelled, onProgress: ({ done, total }) => send({ kind: 'progress', done, total }) },
  );
  send({ kind: 'state', state: { kernel, kconfigOrigin, timesNotModelled, sites, problems, files, includes, others } });
}
