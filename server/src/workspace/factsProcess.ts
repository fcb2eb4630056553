import { fork, type ChildProcess } from 'node:child_process';
import type { Api } from '../kernel/api';
import type { FactsReply, FactsRequest, FactsTask } from './factsMessages';
import type { Survey } from './survey';
import type { TreeSource } from './treeSource';

/** A child process that turns files into facts. It can be killed at any time; a native parse cannot be stopped otherwise. */
export interface FactsProcess {
  /** What to do with the files that come next. */
  begin(task: FactsTask): void;
  /** Looks at all files of the folder that it is for; null where it crashed. */
  survey(withStamps: boolean): Promise<Survey | null>;
  /** Batches are done one after the other, and may be given ahead. */
  analyse(files: readonly string[], onReply: (reply: FactsReply) => void): Promise<Outcome>;
  kill(): void;
}

/**
 * `stuck`: the named file took too long or brought the process down; the files after it in the batch are not done.
 * `dropped`: nothing of the batch was begun before that.
 */
export type Outcome =
  | { readonly kind: 'done'; readonly residentBytes: number }
  | { readonly kind: 'stuck'; readonly file: string | null; readonly reason: string }
  | { readonly kind: 'dropped' };

/** A generous bound: the largest source files of a kernel take well under a second. */
const longestAnalysis = 10_000;

interface Pending {
  readonly onReply: (reply: FactsReply) => void;
  readonly finish: (outcome: Outcome) => void;
  current: string | null;
}

/** A file's facts are small and soon sent: there is nothing that a larger young generation would save from being copied. */
const execArgv = ['--max-semi-space-size=4', '--heap-growing-percent=30'];

export function startFactsProcess(entry: string, source: TreeSource, extraApis: readonly Api[]): FactsProcess {
  const child = fork(entry, [], { execArgv, serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const pending: Pending[] = [];
  let timer: NodeJS.Timeout | undefined;
  const end = (reason: string): void => {
    clearTimeout(timer);
    child.kill('SIGKILL');
    const [first, ...others] = pending.splice(0);
    first?.finish({ kind: 'stuck', file: first.current, reason });
    for (const other of others) other.finish({ kind: 'dropped' });
  };
  const watch = (batch: Pending, file: string): void => {
    batch.current = file;
    clearTimeout(timer);
    timer = setTimeout(() => end(`the analysis took longer than ${longestAnalysis / 1000} s`), longestAnalysis);
  };
  child.on('exit', () => end('the analysis of this file crashed'));
  const take = (reply: FactsReply): void => {
    const batch = pending[0];
    if (batch === undefined) return;
    if (reply.kind === 'begin') watch(batch, reply.file);
    batch.onReply(reply);
    if (reply.kind !== 'done') return;
    clearTimeout(timer);
    pending.shift();
    batch.finish(reply);
  };
  child.on('message', (message: unknown) => (message as readonly FactsReply[]).forEach(take));
  // All blobs of a tree take longer to send than some files to read.
  send(child, { kind: 'configure', source: source.kind === 'commit' ? { ...source, blobs: new Map() } : source, extraApis });
  const blobsOf = (files: readonly string[]): readonly string[] | null => (source.kind === 'commit' ? files.map((file) => source.blobs.get(file) ?? '') : null);
  const ask = (request: FactsRequest, onReply: (reply: FactsReply) => void): Promise<Outcome> =>
    new Promise((finish) => {
      pending.push({ onReply, finish, current: null });
      if (!send(child, request)) end('the analysis of this file crashed');
    });
  return {
    begin: (task) => void send(child, { kind: 'task', task }),
    survey: async (withStamps) => {
      const found: Survey[] = [];
      await ask({ kind: 'survey', withStamps }, (reply) => {
        if (reply.kind === 'surveyed') found.push({ ...reply, files: reply.files === '' ? [] : reply.files.split('\0') });
      });
      return found[0] ?? null;
    },
    analyse: (files, onReply) => ask({ kind: 'files', files, blobs: blobsOf(files) }, onReply),
    kill: () => void child.kill('SIGKILL'),
  };
}

/**
 * Above this a process is replaced between batches: a native parser's memory comes back no other way. One that reads a
 * commit holds what git sent too until that is collected.
 */
const largestResidentBytes: Readonly<Record<TreeSource['kind'], number>> = { folder: 160 * 1024 * 1024, commit: 200 * 1024 * 1024 };

/** Processes that stay for the next task: starting one, and warming it up, takes as long as many files. */
export interface FactsPool {
  /** Above this a process is replaced between batches, not given back. */
  readonly largestResidentBytes: number;
  /** Starts processes before there is work for them. */
  prepare(count: number): void;
  take(): FactsProcess;
  /** Gives back one that is done with its batches. */
  give(worker: FactsProcess): void;
  close(): void;
}

export function factsPool(entry: string, source: TreeSource, extraApis: readonly Api[]): FactsPool {
  const idle: FactsProcess[] = [];
  const start = (): FactsProcess => startFactsProcess(entry, source, extraApis);
  return {
    largestResidentBytes: largestResidentBytes[source.kind],
    prepare: (count) => {
      while (idle.length < count) idle.push(start());
    },
    take: () => idle.pop() ?? start(),
    give: (worker) => void idle.push(worker),
    close: () => idle.splice(0).forEach((worker) => worker.kill()),
  };
}

function send(child: ChildProcess, request: FactsRequest): boolean {
  if (!child.connected) return false;
  child.send(request, () => undefined);
  return true;
}
