import { fork, type ChildProcess } from 'node:child_process';
import type { ResolvedSite } from '../resolve/resolvedSite';
import type { AnalysisConfiguration, AnalysisReply, AnalysisRequest } from './analysisMessages';

/** The tree analysis in a process of its own, so that the server answers while it works. */
export interface AnalysisProcess {
  /** Sites of a file as edited; rejects only when the process is gone. */
  resolve(file: string, text: string | null): Promise<readonly ResolvedSite[]>;
  /** Leaves the rest of the tree unread. */
  stopScan(): void;
  stop(): void;
}

export interface AnalysisEvents {
  readonly onReply: (reply: Exclude<AnalysisReply, { kind: 'resolved' }>) => void;
  /** The process ended without being asked to. */
  readonly onCrash: (reason: string) => void;
}

export function startAnalysisProcess(
  entry: string,
  configuration: AnalysisConfiguration,
  events: AnalysisEvents,
): AnalysisProcess {
  const child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const pending = new Map<number, { resolve: (sites: readonly ResolvedSite[]) => void; reject: (error: Error) => void }>();
  let stopped = false;
  let lastRequest = 0;
  child.on('message', (message: unknown) => {
    const reply = message as AnalysisReply;
    if (reply.kind !== 'resolved') {
      events.onReply(reply);
      return;
    }
    pending.get(reply.request)?.resolve(reply.sites);
    pending.delete(reply.request);
  });
  child.on('exit', (code, signal) => {
    for (const { reject } of pending.values()) reject(new Error('the analysis process ended'));
    pending.clear();
    if (!stopped) events.onCrash(`the analysis process ended (${signal ?? `exit code ${code ?? 'unknown'}`})`);
  });
  send(child, { kind: 'open', configuration });
  return {
    resolve: (file, text) =>
      new Promise((resolve, reject) => {
        const request = ++lastRequest;
        pending.set(request, { resolve, reject });
        if (!send(child, { kind: 'resolve', request, file, text })) reject(new Error('the analysis process ended'));
      }),
    stopScan: () => void send(child, { kind: 'stop-scan' }),
    stop: () => {
      stopped = true;
      child.kill('SIGTERM');
    },
  };
}

function send(child: ChildProcess, request: AnalysisRequest): boolean {
  if (!child.connected) return false;
  child.send(request, () => undefined);
  return true;
}
