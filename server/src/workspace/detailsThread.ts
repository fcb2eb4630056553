import { Worker } from 'node:worker_threads';
import type { SiteDetails } from '../resolve/siteDetails';
import type { Asked } from './askedFiles';
import type { DetailReads } from './edited/detailReads';
import type { AskedFile, DetailsInput, DetailsReply, DetailsRequest } from './detailsMessages';

/**
 * Works out sizes beside the thread that links: of the time that a whole tree takes to resolve, types are the larger
 * part, and they need nothing of what leads to a site.
 */
export interface DetailsThread {
  /** The details of a file that was asked for, in the order of its sites; null where the thread failed. */
  of(file: string): Promise<readonly SiteDetails[] | null>;
  /** When all files are done: what was read for them; null where the thread failed. */
  ended(): Promise<ThreadReads | null>;
  close(): void;
}

export interface ThreadReads {
  /** Files that were asked for. */
  readonly read: readonly string[];
  readonly types: DetailReads;
}

/** Files in one message. */
const batch = 32;

/** `entry` is the script of the thread. */
export function startDetailsThread(entry: string, input: DetailsInput, asked: Asked): DetailsThread {
  const thread = new Worker(entry, { workerData: input });
  const waiting = new Map<string, (details: readonly SiteDetails[] | null) => void>();
  const answers = new Map(asked.files.map((file) => [file, new Promise<readonly SiteDetails[] | null>((resolve) => waiting.set(file, resolve))]));
  let end: (reads: ThreadReads | null) => void = () => undefined;
  const ended = new Promise<ThreadReads | null>((resolve) => {
    end = resolve;
  });
  const fail = (): void => {
    for (const answer of waiting.values()) answer(null);
    waiting.clear();
    end(null);
  };
  thread.on('message', (reply: DetailsReply) => {
    if (reply.kind === 'ended') end(reply);
    else {
      waiting.get(reply.file)?.(reply.details);
      waiting.delete(reply.file);
    }
  });
  // What it cannot answer is worked out by whoever asked.
  thread.on('error', fail);
  thread.on('exit', fail);
  const send = (request: DetailsRequest): void => thread.postMessage(request);
  // It makes ready while the first sites are got ready for it, and works on those while the others are.
  send({ kind: 'begin', table: asked.table() });
  let files: AskedFile[] = [];
  for (const file of asked.sites()) {
    files.push(file);
    if (files.length < batch) continue;
    send({ kind: 'files', files });
    files = [];
  }
  send({ kind: 'files', files });
  send({ kind: 'end' });
  return {
    of: (file) => {
      const answer = answers.get(file) ?? Promise.resolve(null);
      answers.delete(file);
      return answer;
    },
    ended: () => ended,
    close: () => void thread.terminate(),
  };
}
