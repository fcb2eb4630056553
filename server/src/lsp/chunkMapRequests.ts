import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import { startChunkMap, type ChunkMapThread } from '../features/chunkMapThread';
import type { ChunkMapAreasParams, ChunkMapAreasReply, ChunkMapFrameParams, ChunkMapFrameReply, ChunkMapParams, ChunkMapProgress, ChunkMapReply } from '../protocol/chunkMap';

const closed = { state: 'refused', reason: 'The map is closed.' } as const;

/** Chunk maps, each in a thread of its own for as long as the client looks at it. */
export function answerChunkMapRequests(connection: Connection, workerScript: string): void {
  const maps = new Map<string, ChunkMapThread>();
  const close = async (map: string): Promise<void> => {
    const known = maps.get(map);
    maps.delete(map);
    await known?.stop();
  };
  connection.onRequest('percpuLens/openChunkMap', async (params: ChunkMapParams, token: CancellationToken): Promise<unknown> => {
    await close(params.map);
    const thread = startChunkMap(workerScript, params.source, (done, total) => {
      const notice: ChunkMapProgress = { map: params.map, done, total };
      void connection.sendNotification('percpuLens/chunkMapProgress', notice);
    });
    maps.set(params.map, thread);
    token.onCancellationRequested(() => void close(params.map));
    const reply: ChunkMapReply = await thread.opened;
    return reply;
  });
  connection.onRequest('percpuLens/chunkMapFrame', ({ map, frame }: ChunkMapFrameParams): Promise<unknown> => answer<ChunkMapFrameReply>(maps.get(map)?.frame(frame)));
  connection.onRequest('percpuLens/chunkMapAreas', ({ map, frame, chunk }: ChunkMapAreasParams): Promise<unknown> => answer<ChunkMapAreasReply>(maps.get(map)?.areas(frame, chunk)));
  connection.onRequest('percpuLens/closeChunkMap', async ({ map }: { readonly map: string }): Promise<null> => {
    await close(map);
    return null;
  });
}

function answer<Reply>(asked: Promise<Reply> | undefined): Promise<Reply | typeof closed> {
  return asked ?? Promise.resolve(closed);
}
