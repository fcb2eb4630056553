import type { MessagePort } from 'node:worker_threads';
import type { GitCommand } from './gitProgram';

/** What the thread that reads blobs is started with. */
export interface BlobThreadInput {
  readonly command: GitCommand;
  /** Set to 1 when an answer is on the port. */
  readonly signal: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** Answer to an object id; null: the repository lacks it. */
export interface BlobAnswer {
  readonly bytes: Uint8Array | null;
  /** Why nothing can be read any more. */
  readonly problem?: string;
}
