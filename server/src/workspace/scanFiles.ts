import { Cancelled, type Cancellation } from '../util/cancellation';
import type { Api } from '../kernel/api';
import type { FactsTask, IndexedFacts } from './factsMessages';
import { startFactsProcess, type FactsProcess } from './factsProcess';

export interface ScanOptions {
  readonly root: string;
  readonly extraApis: readonly Api[];
  /** Script of the facts process. */
  readonly entry: string;
  readonly processes: number;
  /** Absent: `analyse`. */
  readonly task?: FactsTask;
  readonly cancellation: Cancellation;
  readonly onFacts: (file: string, facts: IndexedFacts) => void;
  readonly onMentioned?: (file: string, names: readonly string[]) => void;
  readonly onProblem: (file: string, reason: string) => unknown;
  /** Files looked at so far. */
  readonly onProgress?: (done: number) => void;
}

/** Small enough that the processes end together, large enough that messages do not count. */
const batchSize = 400;
/** Above this a process is replaced between batches: a native parser's memory comes back no other way. */
const largestResidentBytes = 400 * 1024 * 1024;

/** Does the task with the given files in child processes; a file that hangs or crashes one is named and left out. */
export async function scanFiles(files: readonly string[], options: ScanOptions): Promise<void> {
  const queue = batches(files);
  let done = 0;
  const progress = (count: number): void => {
    done += count;
    options.onProgress?.(done);
  };
  const lanes = Math.max(1, Math.min(options.processes, queue.length));
  await Promise.all(Array.from({ length: lanes }, () => runLane(queue, options, progress)));
}

function batches(files: readonly string[]): string[][] {
  const result: string[][] = [];
  for (let at = 0; at < files.length; at += batchSize) result.push(files.slice(at, at + batchSize));
  return result;
}

async function runLane(queue: string[][], options: ScanOptions, progress: (count: number) => void): Promise<void> {
  const start = (): FactsProcess =>
    startFactsProcess(options.entry, { kind: 'configure', root: options.root, extraApis: options.extraApis }, options.task ?? { kind: 'analyse' });
  let worker = start();
  try {
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
      if (options.cancellation.isCancellationRequested) throw new Cancelled();
      const outcome = await analyseBatch(worker, batch, queue, options, progress);
      if (outcome === 'replace') {
        worker.kill();
        worker = start();
      }
    }
  } finally {
    worker.kill();
  }
}

async function analyseBatch(
  worker: FactsProcess,
  batch: readonly string[],
  queue: string[][],
  options: ScanOptions,
  progress: (count: number) => void,
): Promise<'keep' | 'replace'> {
  let reported = 0;
  const outcome = await worker.analyse(batch, (reply) => {
    if (options.cancellation.isCancellationRequested) worker.kill();
    if (reply.kind === 'facts') options.onFacts(reply.file, reply.facts);
    if (reply.kind === 'mentioned') options.onMentioned?.(reply.file, reply.names);
    if (reply.kind === 'problem') options.onProblem(reply.file, reply.reason);
    if (reply.kind === 'progress') {
      reported += reply.files;
      progress(reply.files);
    }
  });
  if (options.cancellation.isCancellationRequested) throw new Cancelled();
  if (outcome.kind === 'done') return outcome.residentBytes > largestResidentBytes ? 'replace' : 'keep';
  const at = outcome.file === null ? batch.length : batch.indexOf(outcome.file) + 1;
  options.onProblem(outcome.file ?? batch[0] ?? '', outcome.reason);
  progress(at - reported);
  const rest = batch.slice(at);
  if (rest.length > 0) queue.unshift(rest);
  return 'replace';
}
