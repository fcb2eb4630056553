import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { BlobAnswer, BlobRequest, BlobThreadInput } from './blobMessages';
import { gitCommand, GitProblem } from './gitProgram';

/**
 * Reads blobs at once, as an analysis that follows includes needs them: a thread talks to `git cat-file --batch` while
 * this one waits.
 */
export interface BlobReader {
  /** Bytes of a blob; undefined where the repository lacks it (a partial clone). Throws GitProblem where git fails. */
  read(id: string): Buffer | undefined;
  /** Begins to read blobs that will be asked for, so that nothing waits for each of them. */
  readAhead(ids: readonly string[]): void;
  close(): void;
}

/** The largest blob takes far less, ms. */
const longestRead = 30_000;

/** `entry` is the script of the thread. */
export function openBlobReader(folder: string, entry: string): BlobReader {
  const signal = new SharedArrayBuffer(4);
  const count = new Int32Array(signal);
  const { port1: port, port2 } = new MessageChannel();
  const input: BlobThreadInput = { command: gitCommand(folder, ['cat-file', '--batch']), signal, port: port2 };
  const thread = new Worker(entry, { workerData: input, transferList: [port2] });
  const asked = new Set<string>();
  const answers = new Map<string, BlobAnswer>();
  thread.unref();
  port.unref();
  const ask = (ids: BlobRequest): void => {
    for (const id of ids) asked.add(id);
    if (ids.length > 0) port.postMessage(ids);
  };
  const receive = (): void => {
    for (let received = receiveMessageOnPort(port); received !== undefined; received = receiveMessageOnPort(port)) {
      const answer = received.message as BlobAnswer;
      answers.set(answer.id, answer);
    }
  };
  const answerTo = (id: string): BlobAnswer | undefined => {
    const last = Date.now() + longestRead;
    for (;;) {
      const before = Atomics.load(count, 0);
      receive();
      const answer = answers.get(id);
      if (answer !== undefined || Date.now() > last) return answer;
      // An answer is there when it is counted, or a moment later: that there is none yet must not be taken for a missing blob.
      Atomics.wait(count, 0, before, longestWait);
    }
  };
  return {
    read: (id) => {
      if (!asked.has(id)) ask([id]);
      const answer = answerTo(id);
      asked.delete(id);
      answers.delete(id);
      if (answer === undefined) throw new GitProblem(`git cat-file gave no answer for ${id}`);
      if (answer.problem !== undefined) throw new GitProblem(answer.problem);
      return answer.bytes === null ? undefined : Buffer.from(answer.bytes.buffer, answer.bytes.byteOffset, answer.bytes.byteLength);
    },
    readAhead: (ids) => ask([...new Set(ids)].filter((id) => !asked.has(id))),
    close: () => void thread.terminate(),
  };
}

/** Between two looks for an answer that was counted but did not come through yet, ms. */
const longestWait = 5;
