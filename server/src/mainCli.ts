import os from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runCommandLine } from './cli/main';

/** `percpu-lens`: the command line's process. */

declare const PERCPU_LENS_VERSION: string;

// A whole tree is some hundred megabytes: what waits to be collected stays in proportion to it. That costs a few percent of the time.
setFlagsFromString('--heap-growing-percent=50');

const io = {
  out: (text: string): void => void process.stdout.write(text),
  err: (text: string): void => void process.stderr.write(text),
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
};

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) is no fault; an answer that could not be written is none.
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`percpu-lens: the answer could not be written: ${error.message}\n`);
  process.exit(3);
});

void runCommandLine(process.argv.slice(2), io, {
  factsEntry: path.join(__dirname, 'factsWorker.cjs'),
  blobEntry: path.join(__dirname, 'blobThread.cjs'),
  serverEntry: path.join(__dirname, 'server.cjs'),
  processes: os.availableParallelism(),
  version: PERCPU_LENS_VERSION,
}).then((code) => {
  process.exitCode = code;
});
