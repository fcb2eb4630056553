/** Entry of the thread that makes one chunk map and then answers for its frames. */
import { parentPort } from 'node:worker_threads';
import { areasIn, frameOf, makeChunkMap, type ChunkMap } from '../features/chunkMap';
import type { FromChunkMapWorker, ToChunkMapWorker } from '../protocol/chunkMap';
import { never } from '../util/never';

let map: ChunkMap | null = null;
const noMap = { state: 'refused', reason: 'no map is open' } as const;

function send(message: FromChunkMapWorker): void {
  parentPort?.postMessage(message);
}

async function open(source: Extract<ToChunkMapWorker, { kind: 'open' }>['source']): Promise<void> {
  try {
    const made = await makeChunkMap(source, ({ done, total }) => send({ kind: 'progress', done, total }));
    map = made.ok ? made.map : null;
    send({ kind: 'opened', reply: made.ok ? { state: 'done', head: made.map.head } : { state: 'refused', reason: made.error } });
  } catch (error) {
    send({ kind: 'opened', reply: { state: 'refused', reason: error instanceof Error ? error.message : String(error) } });
  }
}

parentPort?.on('message', (message: ToChunkMapWorker) => {
  switch (message.kind) {
    case 'open':
      void open(message.source);
      return;
    case 'frame':
      send({ kind: 'frame', id: message.id, reply: map === null ? noMap : frameOf(map, message.frame) });
      return;
    case 'areas':
      send({ kind: 'areas', id: message.id, reply: map === null ? noMap : areasIn(map, message.frame, message.chunk) });
      return;
    default:
      never(message);
  }
});
