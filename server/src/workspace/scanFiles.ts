import { Cancelled, type Cancellation } from '../util/cancellation';
import type { Api } from '../kernel/api';
import type { FactsTask, IndexedFacts } from './factsMessages';
import type { TreeSource } from './treeSource';
import { factsPool, type FactsPool, type FactsProcess } from './factsProcess';

export interface ScanOptions {
  readonly source: TreeSource;
  readonly extraApis: readonly Api[];
  /** Script of the facts process. */
  readonly entry: string;
  readonly processes: number;
  /** Processes to use again; absent: new ones, for this scan alone. */
  readonly pool?: FactsPool;
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
  const pool = options.pool ?? factsPool(options.entry, options.source, options.extraApis);
  try {
    await Promise.all(Array.from({ length: lanes }, () => runLane(queue, pool, options, progress)));
  } finally {
    if (options.pool === undefined) pool.close();
  }
}

function batches(files: readonly string[]): string[][] {
  const result: string[][] = [];
  for (let at = 0; at < files.length; at += batchSize) result.push(files.slice(at, at + batchSize));
  return result;
}

async function runLane(
  queue: string[][],
  pool: FactsPool,
  options: ScanOptions,
  progress: (count: number) => void,
): Promise<void> {
  const start = (): FactsProcess => {
    const worker = pool.take();
    worker.begin(options.task ?? { kind: 'analyse' });
    return worker;
  };
  let worker: FactsProcess | null = null;
  try {
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
      if (options.cancellation.isCancellationRequested) throw new Cancelled();
      worker ??= start();
      const outcome = await analyseBatch(worker, batch, queue, options, progress);
      if (outcome === 'keep') continue;
      worker.kill();
      worker = null;
    }
    if (worker !== null) pool.give(worker);
    worker = null;
  } finally {
    worker?.kill();
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
