import type { TypeDescription } from '../resolve/describeType';
import type { ResolvedSite } from '../resolve/resolvedSite';
import { settling } from '../util/settling';
import type { AnalysisConfiguration, TreeReply } from './analysisMessages';
import { startAnalysisProcess, type AnalysisProcess, type HeldMemory } from './analysisProcess';
import { settledSites } from './openDocument';
import type { IndexStatus, Snapshot, SnapshotSite } from './snapshot';
import type { FileProblem } from './sourceFiles';

export interface AnalysedTreeOptions {
  readonly entry: string;
  /** As it is when a process is started. */
  readonly configuration: () => AnalysisConfiguration;
  readonly onChange: (change: 'status' | 'sites') => void;
  /** All is loaded: open documents can be resolved over the whole tree. */
  readonly onReady: () => void;
}

/** What the analysis process has found in a tree, and the process itself. */
export interface AnalysedTree {
  sites(): ReadonlyMap<string, readonly SnapshotSite[]>;
  status(): IndexStatus;
  problems(): readonly FileProblem[];
  configured(): Pick<Snapshot, 'kconfigOrigin' | 'timesNotModelled'>;
  /** Rejects while the tree is read again: the new process would know less than is shown; all is resolved when it has loaded. */
  resolve(file: string, text: string): Promise<readonly ResolvedSite[]>;
  describe(file: string, type: string): Promise<TypeDescription | null>;
  /** Files changed on disk: reads the tree again in a new process, once for however many calls follow each other. */
  readAgain(): void;
  /** What the process holds; rejects when it is gone. */
  measure(): Promise<HeldMemory>;
  stopScan(): void;
  stop(): void;
}

/** A checkout changes thousands of files within seconds: quiet for this long means that it is over, ms. */
const fileEventPause = 1_000;

export function openAnalysedTree(options: AnalysedTreeOptions): AnalysedTree {
  let indexed = new Map<string, readonly SnapshotSite[]>();
  // While the tree is read again, what was known of it stays; then all that is new takes its place at once.
  let fresh: Map<string, readonly SnapshotSite[]> | null = null;
  let status: IndexStatus = { phase: 'starting', done: 0, total: 0, reason: null };
  let problems: readonly FileProblem[] = [];
  let configured: ReturnType<AnalysedTree['configured']> = { kconfigOrigin: 'not read yet', timesNotModelled: null };
  const onReply = (reply: TreeReply): void => {
    const isShown = reply.kind === 'ready' || (reply.kind === 'sites' && fresh === null);
    if (reply.kind === 'sites') (fresh ?? indexed).set(reply.file, settledSites(reply.file, reply.sites));
    if (reply.kind === 'opened') configured = { kconfigOrigin: reply.kconfigOrigin, timesNotModelled: reply.timesNotModelled };
    if (reply.kind === 'ready') {
      indexed = fresh ?? indexed;
      fresh = null;
      problems = reply.problems;
      options.onReady();
    }
    status = nextStatus(status, reply, indexed.size, options.configuration().wholeTree);
    options.onChange(isShown ? 'sites' : 'status');
  };
  const start = (): AnalysisProcess => {
    const started: AnalysisProcess = startAnalysisProcess(options.entry, options.configuration(), {
      // One that was stopped may have answers on the way.
      onReply: (reply) => {
        if (started === process) onReply(reply);
      },
      onCrash: (reason) => {
        status = { ...status, phase: 'failed', reason: `${reason}; close and open the folder to start again` };
        options.onChange('status');
      },
    });
    return started;
  };
  let process = start();
  const again = settling(fileEventPause, () => {
    process.stop();
    fresh = new Map();
    process = start();
  });
  return {
    sites: () => indexed,
    status: () => status,
    problems: () => problems,
    configured: () => configured,
    resolve: (file, text) => (fresh === null ? process.resolve(file, text) : Promise.reject(new Error('the tree is being read again'))),
    describe: (file, type) => process.describe(file, type),
    readAgain: () => again.call(),
    measure: () => process.measure(),
    stopScan: () => process.stopScan(),
    stop: () => {
      again.cancel();
      process.stop();
    },
  };
}

function nextStatus(status: IndexStatus, reply: TreeReply, files: number, wholeTree: boolean): IndexStatus {
  switch (reply.kind) {
    case 'progress':
      return { phase: 'indexing', done: reply.done, total: reply.total, reason: null };
    case 'ready':
      return readyStatus(status, reply.complete, files, wholeTree);
    case 'failed':
      return { ...status, phase: 'failed', reason: reply.reason };
    case 'opened':
    case 'sites':
      return status;
  }
}

function readyStatus(status: IndexStatus, complete: boolean, files: number, wholeTree: boolean): IndexStatus {
  if (!complete) {
    const read = `${status.done} of ${status.total} files`;
    return { ...status, phase: 'ready', reason: `Indexing was stopped: the report covers ${read}. Reload the window to index all.` };
  }
  if (files > 0 || !wholeTree) return { ...status, phase: 'ready', reason: null };
  return { ...status, phase: 'empty', reason: emptyReason(status.total) };
}

function emptyReason(files: number): string {
  return files === 0
    ? 'There are no .c or .h files in this folder. Open a kernel tree, or a folder of kernel code.'
    : `None of the ${files} .c and .h files in this folder uses percpu memory.`;
}
