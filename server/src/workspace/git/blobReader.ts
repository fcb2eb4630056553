import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import type { BlobAnswer, BlobThreadInput } from './blobMessages';
import { gitCommand, GitProblem } from './gitProgram';

/**
 * Reads blobs one at a time and at once, as an analysis that follows includes needs them: a thread talks to
 * `git cat-file --batch` while this one waits.
 */
export interface BlobReader {
  /** Bytes of a blob; undefined where the repository lacks it (a partial clone). Throws GitProblem where git fails. */
  read(id: string): Buffer | undefined;
  close(): void;
}

/** The largest blob takes far less, ms. */
const longestRead = 30_000;

/** `entry` is the script of the thread. */
export function openBlobReader(folder: string, entry: string): BlobReader {
  const signal = new SharedArrayBuffer(4);
  const flag = new Int32Array(signal);
  const { port1: port, port2 } = new MessageChannel();
  const input: BlobThreadInput = { command: gitCommand(folder, ['cat-file', '--batch']), signal, port: port2 };
  const thread = new Worker(entry, { workerData: input, transferList: [port2] });
  thread.unref();
  port.unref();
  return {
    read: (id) => {
      Atomics.store(flag, 0, 0);
      port.postMessage(id);
      if (Atomics.wait(flag, 0, 0, longestRead) === 'timed-out') throw new GitProblem(`git cat-file gave no answer for ${id}`);
      const answer = receivedFrom(port, flag) ?? { bytes: null, problem: `git cat-file gave no answer for ${id}` };
      if (answer.problem !== undefined) throw new GitProblem(answer.problem);
      return answer.bytes === null ? undefined : Buffer.from(answer.bytes.buffer, answer.bytes.byteOffset, answer.bytes.byteLength);
    },
    close: () => void thread.terminate(),
  };
}

/** An answer is there when the flag says so, or a moment later: that there is none yet must not be taken for a missing blob. */
function receivedFrom(port: MessagePort, flag: Int32Array): BlobAnswer | undefined {
  const last = Date.now() + longestRead;
  for (;;) {
    const received = receiveMessageOnPort(port);
    if (received !== undefined) return received.message as BlobAnswer;
    if (Date.now() > last) return undefined;
    Atomics.wait(flag, 0, 1, 1);
  }
}
