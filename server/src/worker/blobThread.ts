import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { workerData } from 'node:worker_threads';
import { batchOutput } from '../workspace/git/batchOutput';
import type { BlobAnswer, BlobRequest, BlobThreadInput } from '../workspace/git/blobMessages';

/** Thread that reads blobs by `git cat-file --batch` for one that waits. */

const { command, signal, port } = workerData as BlobThreadInput;
const count = new Int32Array(signal);
/** How often git is started again after it ended over a blob that it may not fetch; beyond that all is taken for missing. */
const mostStarts = 100;
/** Of what git says of an error the beginning is kept. */
const longestComplaint = 1_000;

let starts = 0;
/** What git was asked and has not answered, in its order. */
let pending: string[] = [];
let isOver = false;
let problem: string | null = null;
let git = started();

function answer(message: BlobAnswer): void {
  port.postMessage(message);
  Atomics.add(count, 0, 1);
  Atomics.notify(count, 0);
}

function answerNext(bytes: Uint8Array | null): void {
  const id = pending.shift();
  if (id !== undefined) answer({ id, bytes });
}

function started(): ChildProcessWithoutNullStreams {
  const child = spawn(command.program, command.args, { env: command.env, cwd: command.cwd, stdio: 'pipe', shell: false, windowsHide: true });
  const output = batchOutput();
  let complaint = '';
  starts += 1;
  child.stdout.on('data', (chunk: Buffer) => {
    for (const object of output.take(chunk)) answerNext(object);
  });
  child.stderr.on('data', (chunk: Buffer) => void (complaint += chunk.toString('utf8').slice(0, longestComplaint - complaint.length)));
  child.stdin.on('error', () => undefined);
  child.on('error', (error) => fail(`git could not be started: ${error.message}`));
  child.on('close', () => ended(complaint));
  return child;
}

/** Before 2.44 git knows no way to leave a blob of a partial clone missing: it ends where it may not fetch one. */
function ended(complaint: string): void {
  if (!complaint.includes('promisor remote')) return fail('git cat-file ended');
  isOver = starts >= mostStarts;
  answerNext(null);
  const left = pending;
  pending = [];
  if (!isOver) git = started();
  ask(left);
}

function fail(reason: string): void {
  problem = reason;
  ask(pending.splice(0));
}

function ask(ids: BlobRequest): void {
  if (problem !== null || isOver) {
    for (const id of ids) answer({ id, bytes: null, ...(problem === null ? {} : { problem }) });
    return;
  }
  pending.push(...ids);
  if (ids.length > 0) git.stdin.write(`${ids.join('\n')}\n`);
}

port.on('message', (ids: BlobRequest) => ask(ids));
