import { Worker } from 'node:worker_threads';
import type { ChunkMapAreasReply, ChunkMapFrameReply, ChunkMapReply, ChunkMapSource, FromChunkMapWorker, ToChunkMapWorker } from '../protocol/chunkMap';

/** A chunk map in a thread of its own, seen from the thread that asked. */
export interface ChunkMapThread {
  readonly opened: Promise<ChunkMapReply>;
  frame(frame: number): Promise<ChunkMapFrameReply>;
  areas(frame: number, chunk: string): Promise<ChunkMapAreasReply>;
  /** Ends the thread; what was asked is refused. */
  stop(): Promise<void>;
}

type Answer = ChunkMapFrameReply | ChunkMapAreasReply;

/** `script` is the bundled worker. Nothing rejects: a thread that ends refuses what is open, saying why. */
export function startChunkMap(script: string | URL, source: ChunkMapSource, onProgress: (done: number, total: number) => void): ChunkMapThread {
  const worker = new Worker(script);
  const asked = new Map<number, (reply: Answer) => void>();
  let ids = 0;
  let ended: string | null = null;
  const opened = new Promise<ChunkMapReply>((resolve) => {
    const end = (reason: string): void => {
      ended ??= reason;
      resolve({ state: 'refused', reason: ended });
      for (const answer of asked.values()) answer({ state: 'refused', reason: ended });
      asked.clear();
    };
    worker.on('message', (message: FromChunkMapWorker) => {
      if (message.kind === 'progress') onProgress(message.done, message.total);
      else if (message.kind === 'opened') resolve(message.reply);
      else {
        asked.get(message.id)?.(message.reply);
        asked.delete(message.id);
      }
    });
    worker.on('error', (error: Error) => end(error.message));
    worker.on('exit', () => end('the map was closed'));
  });
  const ask = <Reply extends Answer>(message: (id: number) => ToChunkMapWorker): Promise<Reply> =>
    new Promise((resolve) => {
      if (ended !== null) {
        resolve({ state: 'refused', reason: ended } as Reply);
        return;
      }
      ids += 1;
      asked.set(ids, resolve as (reply: Answer) => void);
      worker.postMessage(message(ids));
    });
  worker.postMessage({ kind: 'open', source } satisfies ToChunkMapWorker);
  return {
    opened,
    frame: (frame) => ask<ChunkMapFrameReply>((id) => ({ kind: 'frame', id, frame })),
    areas: (frame, chunk) => ask<ChunkMapAreasReply>((id) => ({ kind: 'areas', id, frame, chunk })),
    stop: async () => {
      await worker.terminate();
    },
  };
}
