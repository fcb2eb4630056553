import type { SiteFact } from '../facts/fileFacts';
import { Cancelled, type Cancellation } from '../util/cancellation';
import type { FactsReply, FactsTask } from './factsMessages';
import type { FactsPool, FactsProcess, Outcome } from './factsProcess';

export interface ScanOptions {
  readonly pool: FactsPool;
  readonly processes: number;
  readonly task: FactsTask;
  readonly cancellation: Cancellation;
  /** All that there was to say of these files was said. */
  readonly onDone?: (files: readonly string[]) => void;
  readonly onSites?: (file: string, sites: readonly SiteFact[], problems: readonly string[]) => void;
  readonly onFacts?: (file: string, content: string, facts: string | null) => void;
  readonly onMentioned?: (file: string, names: readonly string[]) => void;
  readonly onProblem: (file: string, reason: string) => unknown;
  /** Files looked at so far. */
  readonly onProgress?: (done: number) => void;
}

/** Small enough that the processes end together, large enough that messages do not count. */
const batchSize = 256;
/** A process has its next batch before it is done with one. */
const batchesAhead = 2;
/** Above this a process is replaced between batches: a native parser's memory comes back no other way. */
const largestResidentBytes = 160 * 1024 * 1024;

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

interface Running {
  readonly files: readonly string[];
  readonly outcome: Promise<Outcome>;
  /** Files that progress was told of. */
  told: number;
}

async function runLane(queue: string[][], options: ScanOptions, progress: (count: number) => void): Promise<void> {
  let worker: FactsProcess | null = null;
  let worn = false;
  const running: Running[] = [];
  try {
    for (;;) {
      while (!worn && running.length < batchesAhead && queue.length > 0) {
        worker ??= begin(options);
        running.push(giveBatch(worker, queue.shift() ?? [], options, progress));
      }
      const first = running.shift();
      if (first === undefined) break;
      const outcome = await first.outcome;
      if (options.cancellation.isCancellationRequested) throw new Cancelled();
      if (outcome.kind === 'done') worn ||= outcome.residentBytes > largestResidentBytes;
      else takeBack(outcome, first, queue, options, progress);
      if (running.length > 0 || !(worn || outcome.kind !== 'done')) continue;
      worker?.kill();
      worker = null;
      worn = false;
    }
    if (worker !== null) options.pool.give(worker);
    worker = null;
  } finally {
    worker?.kill();
  }
}

function begin({ pool, task }: ScanOptions): FactsProcess {
  const worker = pool.take();
  worker.begin(task);
  return worker;
}

function giveBatch(worker: FactsProcess, files: readonly string[], options: ScanOptions, progress: (count: number) => void): Running {
  const running = { files, told: 0 };
  const outcome = worker.analyse(files, (reply) => {
    if (options.cancellation.isCancellationRequested) worker.kill();
    if (reply.kind === 'progress') {
      running.told += reply.files;
      progress(reply.files);
    }
    takeReply(reply, files, options);
  });
  return Object.assign(running, { outcome });
}

function takeReply(reply: FactsReply, files: readonly string[], options: ScanOptions): void {
  if (reply.kind === 'sites') options.onSites?.(reply.file, reply.sites, reply.problems);
  if (reply.kind === 'facts') options.onFacts?.(reply.file, reply.content, reply.facts);
  if (reply.kind === 'mentioned') options.onMentioned?.(reply.file, reply.names);
  if (reply.kind === 'problem') options.onProblem(reply.file, reply.reason);
  if (reply.kind === 'done') options.onDone?.(files);
}

/** What a process left undone goes to another, but for the file that ended it. */
function takeBack(
  outcome: Exclude<Outcome, { kind: 'done' }>, { files, told }: Running, queue: string[][], options: ScanOptions, progress: (count: number) => void,
): void {
  if (outcome.kind === 'dropped') {
    queue.unshift([...files]);
    return;
  }
  const at = outcome.file === null ? files.length : files.indexOf(outcome.file) + 1;
  options.onProblem(outcome.file ?? files[0] ?? '', outcome.reason);
  progress(at - told);
  const rest = files.slice(at);
  if (rest.length > 0) queue.unshift(rest);
}
