import { MessageChannel, Worker } from 'node:worker_threads';
import type { SiteDetails } from '../resolve/siteDetails';
import type { DetailReads } from './edited/detailReads';
import type { AskedFile, ConstantsQuestion, DetailsInput, DetailsReply, DetailsRequest, WrapperTable } from './detailsMessages';
import type { TypesConfiguration } from './folderTypes';

/**
 * Works out sizes beside the thread that links: of the time that a whole tree takes to resolve, types are the larger
 * part, and they need nothing of what leads to a site.
 */
export interface DetailsThread {
  /** Asks for the details of some files. */
  ask(files: Iterable<AskedFile>): void;
  /** The wrappers that files asked for from now on may call. */
  begin(table: WrapperTable): void;
  /** What was asked for last of a file, in the order of its sites; null where it was not, and where the thread failed. */
  of(file: string): Promise<readonly SiteDetails[] | null>;
  /** What expressions come to in a file, before the files that are waiting; null where the thread failed. */
  constants(file: string, expressions: readonly string[]): Promise<readonly (number | null)[] | null>;
  /** To be called when nothing more is asked. When all is done: what was read for it; null where the thread failed. */
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
export function startDetailsThread(entry: string, types: TypesConfiguration): DetailsThread {
  const { port1: questions, port2 } = new MessageChannel();
  const input: DetailsInput = { types, questions: port2 };
  const thread = new Worker(entry, { workerData: input, transferList: [port2] });
  const details = new Map<string, Promise<readonly SiteDetails[] | null>>();
  const files = waitingLine<readonly SiteDetails[]>();
  const constants = waitingLine<readonly (number | null)[]>();
  const ends = waitingLine<ThreadReads>();
  const end = ends.wait();
  const fail = (): void => {
    for (const line of [files, constants, ends]) line.close();
    questions.close();
  };
  thread.on('message', (reply: DetailsReply) => {
    if (reply.kind === 'ended') ends.answer(reply);
    else if (reply.kind === 'constants') constants.answer(reply.values);
    else files.answer(reply.details);
  });
  // What it cannot answer is worked out by whoever asked.
  thread.on('error', fail);
  thread.on('exit', fail);
  const send = (request: DetailsRequest): void => thread.postMessage(request);
  return {
    begin: (table) => send({ kind: 'begin', table }),
    ask: (asked) => {
      // It works on the first ones while the others are got ready for it.
      for (const some of batches(asked)) {
        for (const { file } of some) details.set(file, files.wait());
        send({ kind: 'files', files: some });
      }
    },
    of: (file) => {
      const answer = details.get(file) ?? Promise.resolve(null);
      details.delete(file);
      return answer;
    },
    constants: (file, expressions) => {
      questions.postMessage({ file, expressions } satisfies ConstantsQuestion);
      return constants.wait();
    },
    ended: () => {
      send({ kind: 'end' });
      return end;
    },
    close: () => void thread.terminate(),
  };
}

/** Questions of one kind are answered in their order; null is the answer to all once there is nobody to answer. */
interface WaitingLine<T> {
  readonly wait: () => Promise<T | null>;
  readonly answer: (value: T) => void;
  readonly close: () => void;
}

function waitingLine<T>(): WaitingLine<T> {
  const waiting: ((value: T | null) => void)[] = [];
  let isClosed = false;
  return {
    wait: () => (isClosed ? Promise.resolve(null) : new Promise((resolve) => void waiting.push(resolve))),
    answer: (value) => waiting.shift()?.(value),
    close: () => {
      isClosed = true;
      for (const resolve of waiting.splice(0)) resolve(null);
    },
  };
}

function* batches(files: Iterable<AskedFile>): Generator<readonly AskedFile[]> {
  let some: AskedFile[] = [];
  for (const file of files) {
    some.push(file);
    if (some.length < batch) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
