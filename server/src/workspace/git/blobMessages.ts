import type { MessagePort } from 'node:worker_threads';
import type { GitCommand } from './gitProgram';

/** What the thread that reads blobs is started with. */
export interface BlobThreadInput {
  readonly command: GitCommand;
  /** Counts the answers that were put on the port. */
  readonly signal: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** Object ids to read, each of which is answered. */
export type BlobRequest = readonly string[];

export interface BlobAnswer {
  readonly id: string;
  /** Null: the repository lacks it. */
  readonly bytes: Uint8Array | null;
  /** Why nothing can be read any more. */
  readonly problem?: string;
}
