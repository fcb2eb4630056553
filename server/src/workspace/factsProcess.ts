import { fork, type ChildProcess } from 'node:child_process';
import type { Api } from '../kernel/api';
import type { FactsReply, FactsRequest, FactsTask } from './factsMessages';
import type { TreeSource } from './treeSource';

/** A child process that turns files into facts. It can be killed at any time; a native parse cannot be stopped otherwise. */
export interface FactsProcess {
  /** What to do with the files that come next. */
  begin(task: FactsTask): void;
  analyse(files: readonly string[], onReply: (reply: FactsReply) => void): Promise<Outcome>;
  kill(): void;
}

/** `stuck`: the named file took too long or brought the process down; the files after it in the batch are not done. */
export type Outcome =
  | { readonly kind: 'done'; readonly residentBytes: number }
  | { readonly kind: 'stuck'; readonly file: string | null; readonly reason: string };

/** A generous bound: the largest source files of a kernel take well under a second. */
const longestAnalysis = 10_000;

export function startFactsProcess(entry: string, configure: Extract<FactsRequest, { kind: 'configure' }>): FactsProcess {
  const child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  send(child, configure);
  return {
    begin: (task) => {
      send(child, { kind: 'task', task });
    },
    analyse: (files, onReply) => analyse(child, files, onReply),
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

/** Processes that stay for the next task: starting one, and warming it up, takes as long as many files. */
export interface FactsPool {
  take(): FactsProcess;
  /** Gives back one that is done with its batch. */
  give(worker: FactsProcess): void;
  close(): void;
}

export function factsPool(entry: string, source: TreeSource, extraApis: readonly Api[]): FactsPool {
  const idle: FactsProcess[] = [];
  return {
    take: () => idle.pop() ?? startFactsProcess(entry, { kind: 'configure', source, extraApis }),
    give: (worker) => void idle.push(worker),
    close: () => idle.splice(0).forEach((worker) => worker.kill()),
  };
}

function analyse(child: ChildProcess, files: readonly string[], onReply: (reply: FactsReply) => void): Promise<Outcome> {
  return new Promise((resolve) => {
    let current: string | null = null;
    let timer: NodeJS.Timeout | undefined;
    const finish = (outcome: Outcome): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      if (outcome.kind === 'stuck') child.kill('SIGKILL');
      resolve(outcome);
    };
    const onExit = (): void => finish({ kind: 'stuck', file: current, reason: 'the analysis of this file crashed' });
    const watch = (file: string): void => {
      current = file;
      clearTimeout(timer);
      timer = setTimeout(() => {
        finish({ kind: 'stuck', file, reason: `the analysis took longer than ${longestAnalysis / 1000} s` });
      }, longestAnalysis);
    };
    const onMessage = (message: unknown): void => {
      const reply = message as FactsReply;
      if (reply.kind === 'begin') watch(reply.file);
      onReply(reply);
      if (reply.kind === 'done') finish({ kind: 'done', residentBytes: reply.residentBytes });
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
    if (!send(child, { kind: 'files', files })) onExit();
  });
}

function send(child: ChildProcess, request: FactsRequest): boolean {
  if (!child.connected) return false;
  child.send(request, () => undefined);
  return true;
}
