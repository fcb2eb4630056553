import { Cancelled, type Cancellation } from '../util/cancellation';
import type { SourceLister } from './sourceFiles';
import type { FactsReply, FactsTask } from './factsMessages';
import type { FactsPool, FactsProcess, Outcome } from './factsProcess';

export interface ScanOptions {
  readonly pool: FactsPool;
  readonly processes: number;
  readonly task: FactsTask;
  readonly cancellation: Cancellation;
  /** All that there was to say of these files was said. */
  readonly onDone?: (files: readonly string[]) => void;
  readonly onSites?: (reply: Extract<FactsReply, { kind: 'sites' }>) => void;
  readonly onFacts?: (file: string, content: string, facts: string | null) => void;
  readonly onFactsTwice?: (reply: Extract<FactsReply, { kind: 'facts twice' }>) => void;
  readonly onMentioned?: (file: string, names: readonly string[]) => void;
  readonly onProblem: (file: string, reason: string) => unknown;
  /** Files looked at so far. */
  readonly onProgress?: (done: number) => void;
}

/** Small enough that the processes end together, large enough that messages do not count. */
const batchSize = 256;
/** A process has its next batch before it is done with one. */
const batchesAhead = 2;

/** Files to be done, given out in batches. */
export type FileSupply = Pick<SourceLister, 'take'>;

export function supplyOf(files: readonly string[]): FileSupply {
  let taken = 0;
  return {
    take: (count) => {
      taken += count;
      return files.slice(taken - count, taken);
    },
  };
}

/** Does the task with the given files in child processes; a file that hangs or crashes one is named and left out. */
export async function scanFiles(files: FileSupply, options: ScanOptions): Promise<void> {
  const returned: (readonly string[])[] = [];
  let done = 0;
  const work: Work = {
    options,
    next: () => returned.pop() ?? files.take(batchSize),
    giveBack: (some) => void returned.push(some),
    progress: (count) => {
      done += count;
      options.onProgress?.(done);
    },
  };
  await Promise.all(Array.from({ length: Math.max(1, options.processes) }, () => runLane(work)));
}

interface Work {
  readonly options: ScanOptions;
  /** Empty where all are given out. */
  readonly next: () => readonly string[];
  readonly giveBack: (files: readonly string[]) => void;
  readonly progress: (count: number) => void;
}

interface Running {
  readonly files: readonly string[];
  readonly outcome: Promise<Outcome>;
  /** Files that progress was told of. */
  told: number;
}

async function runLane(work: Work): Promise<void> {
  const { options } = work;
  let worker: FactsProcess | null = null;
  let worn = false;
  const running: Running[] = [];
  try {
    for (;;) {
      while (!worn && running.length < batchesAhead) {
        const files = work.next();
        if (files.length === 0) break;
        worker ??= begin(options);
        running.push(giveBatch(worker, files, work));
      }
      const first = running.shift();
      if (first === undefined) break;
      const outcome = await first.outcome;
      if (options.cancellation.isCancellationRequested) throw new Cancelled();
      if (outcome.kind === 'done') worn ||= outcome.residentBytes > options.pool.largestResidentBytes;
      else takeBack(outcome, first, work);
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

function giveBatch(worker: FactsProcess, files: readonly string[], { options, progress }: Work): Running {
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
  if (reply.kind === 'sites') options.onSites?.(reply);
  if (reply.kind === 'facts') options.onFacts?.(reply.file, reply.content, reply.facts);
  if (reply.kind === 'facts twice') options.onFactsTwice?.(reply);
  if (reply.kind === 'mentioned') options.onMentioned?.(reply.file, reply.names);
  if (reply.kind === 'problem') options.onProblem(reply.file, reply.reason);
  if (reply.kind === 'done') options.onDone?.(files);
}

/** What a process left undone goes to another, but for the file that ended it. */
function takeBack(outcome: Exclude<Outcome, { kind: 'done' }>, { files, told }: Running, { options, giveBack, progress }: Work): void {
  if (outcome.kind === 'dropped') {
    giveBack(files);
    return;
  }
  const at = outcome.file === null ? files.length : files.indexOf(outcome.file) + 1;
  options.onProblem(outcome.file ?? files[0] ?? '', outcome.reason);
  progress(at - told);
  const rest = files.slice(at);
  if (rest.length > 0) giveBack(rest);
}
