import { fork, type ChildProcess } from 'node:child_process';
import type { MemoryPart } from '../protocol/requests';
import type { TypeDescription } from '../resolve/describeType';
import type { ResolvedSite } from '../resolve/resolvedSite';
import type { AnalysisConfiguration, AnalysisReply, AnalysisRequest, TreeReply } from './analysisMessages';

/** The tree analysis in a process of its own, so that the server answers while it works. */
export interface AnalysisProcess {
  /** Sites of a file as edited; rejects only when the process is gone. */
  resolve(file: string, text: string | null): Promise<readonly ResolvedSite[]>;
  /** A type as a file has it; rejects only when the process is gone. */
  describe(file: string, type: string): Promise<TypeDescription>;
  /** What it holds, by part; rejects only when the process is gone. */
  measure(): Promise<HeldMemory>;
  /** Leaves the rest of the tree unread. */
  stopScan(): void;
  stop(): void;
}

/** What one process holds. */
export interface HeldMemory {
  readonly pid: number;
  readonly parts: readonly MemoryPart[];
}

export interface AnalysisEvents {
  readonly onReply: (reply: TreeReply) => void;
  /** The process ended without being asked to. */
  readonly onCrash: (reason: string) => void;
}

export function startAnalysisProcess(
  entry: string,
  configuration: AnalysisConfiguration,
  events: AnalysisEvents,
): AnalysisProcess {
  const child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const pending = new Map<number, { answer: (reply: AnalysisReply) => void; reject: (error: Error) => void }>();
  let stopped = false;
  let lastRequest = 0;
  child.on('message', (message: unknown) => {
    const reply = message as AnalysisReply;
    if (reply.kind !== 'resolved' && reply.kind !== 'described' && reply.kind !== 'measured') {
      events.onReply(reply);
      return;
    }
    pending.get(reply.request)?.answer(reply);
    pending.delete(reply.request);
  });
  const ask = (request: (id: number) => AnalysisRequest): Promise<AnalysisReply> =>
    new Promise((answer, reject) => {
      const id = ++lastRequest;
      pending.set(id, { answer, reject });
      if (!send(child, request(id))) reject(new Error('the analysis process ended'));
    });
  child.on('exit', (code, signal) => {
    for (const { reject } of pending.values()) reject(new Error('the analysis process ended'));
    pending.clear();
    if (!stopped) events.onCrash(`the analysis process ended (${signal ?? `exit code ${code ?? 'unknown'}`})`);
  });
  send(child, { kind: 'open', configuration });
  return {
    resolve: async (file, text) => {
      const reply = await ask((request) => ({ kind: 'resolve', request, file, text }));
      return reply.kind === 'resolved' ? reply.sites : [];
    },
    describe: async (file, type) => {
      const reply = await ask((request) => ({ kind: 'describe', request, file, type }));
      return reply.kind === 'described' ? reply.description : { name: type, place: null, layout: null, reason: 'the analysis gave no answer' };
    },
    measure: async () => {
      const reply = await ask((request) => ({ kind: 'measure', request }));
      return { pid: child.pid ?? 0, parts: reply.kind === 'measured' ? reply.parts : [] };
    },
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
