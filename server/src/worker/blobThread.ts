import { spawn } from 'node:child_process';
import { workerData } from 'node:worker_threads';
import { batchOutput } from '../workspace/git/batchOutput';
import type { BlobAnswer, BlobThreadInput } from '../workspace/git/blobMessages';

/** Thread that reads blobs by `git cat-file --batch` for one that waits. */

const { command, signal, port } = workerData as BlobThreadInput;
const flag = new Int32Array(signal);
const git = spawn(command.program, command.args, { env: command.env, cwd: command.cwd, stdio: ['pipe', 'pipe', 'ignore'], shell: false, windowsHide: true });
const output = batchOutput();
let problem: string | null = null;

function answer(message: BlobAnswer): void {
  port.postMessage(message);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}

function fail(reason: string): void {
  problem = reason;
  answer({ bytes: null, problem: reason });
}

port.on('message', (id: string) => {
  if (problem !== null) answer({ bytes: null, problem });
  else git.stdin.write(`${id}\n`);
});
git.stdout.on('data', (chunk: Buffer) => {
  for (const object of output.take(chunk)) answer({ bytes: object });
});
git.stdin.on('error', () => undefined);
git.on('error', (error) => fail(`git could not be started: ${error.message}`));
git.on('exit', () => fail('git cat-file ended'));
