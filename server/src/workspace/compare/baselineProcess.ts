import { fork } from 'node:child_process';
import type { BaselineReply, BaselineRequest, SentState } from './baselineMessages';

export interface Baseline {
  /** Rejects with the reason where the commit cannot be read, or when it is stopped. */
  readonly state: Promise<SentState>;
  stop(): void;
}

/** Resolves a commit in a process of its own, so that the editor is answered while it works. */
export function readBaseline(entry: string, request: BaselineRequest, onProgress: (done: number, total: number) => void): Baseline {
  const child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const state = new Promise<SentState>((resolve, reject) => {
    child.on('message', (message: unknown) => {
      const reply = message as BaselineReply;
      if (reply.kind === 'progress') onProgress(reply.done, reply.total);
      if (reply.kind === 'state') resolve(reply.state);
      if (reply.kind === 'refused') reject(new Error(reply.reason));
      if (reply.kind !== 'progress') child.kill('SIGTERM');
    });
    child.on('error', (error) => reject(error));
    child.on('exit', () => reject(new Error('reading the commit was stopped')));
    child.send(request, () => undefined);
  });
  return { state, stop: () => void child.kill('SIGTERM') };
}
