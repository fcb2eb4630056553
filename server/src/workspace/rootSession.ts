import path from 'node:path';
import { formatKernelVersion, kernelVersion, parseKernelVersion, type KernelVersion } from '../kernel/version';
import type { MachineProfile } from '../machine/profile';
import type { Profile } from '../profile/profile';
import type { AnalysisConfiguration, TreeReply } from './analysisMessages';
import type { TypeDescription } from '../resolve/describeType';
import { startAnalysisProcess } from './analysisProcess';
import type { Root } from './kernelRoot';
import { settledSites } from './openDocument';
import { createOpenFiles, type FactsOf } from './openFiles';
import type { IndexStatus, Snapshot, SnapshotSite } from './snapshot';
import type { BaselineRequest } from './compare/baselineMessages';
import type { FileProblem } from './sourceFiles';

/** Assumed where a folder is no kernel tree and no setting names a version: the newest that is modelled in full. */
export const assumedKernel = kernelVersion(6, 12);

export interface RootSessionOptions {
  readonly root: Root;
  readonly configuration: AnalysisConfiguration;
  /** What the project's `percpu.toml` says. */
  readonly profile: Profile;
  /** From the settings; null: the profile's, else the tree's own. */
  readonly kernelVersion: string | null;
  readonly analysisEntry: string;
  /** Sites and functions of a document's text, at once. */
  readonly factsOf: FactsOf;
  readonly onChange: (change: 'status' | 'sites') => void;
}

/** One tree under analysis with the documents that are open in it. */
export interface RootSession {
  readonly directory: string;
  /** Grows with every change of what a snapshot holds. */
  revision(): number;
  status(): IndexStatus;
  snapshot(machine: MachineProfile): Snapshot;
  profile(): Profile;
  /** Takes another profile whose kernel and APIs are the same: only what is priced and shown changes. */
  setProfile(profile: Profile): void;
  /** What another state of the tree is resolved with, to be compared with this one. */
  baselineOptions(): Pick<BaselineRequest, 'arch' | 'kconfig' | 'kernel' | 'apis' | 'processes'>;
  /** Takes a document's text; its sites are in the next snapshot, resolved a little later. */
  edit(file: string, text: string): void;
  close(file: string): void;
  /** Resolves when the document's sites are settled, or after `patience` ms. */
  settled(file: string, patience: number): Promise<void>;
  /** A type as a file has it; null where there is no answer after `patience` ms. */
  describe(file: string, type: string, patience: number): Promise<TypeDescription | null>;
  /** Leaves the rest of the tree unread; the report covers what was read. */
  stopScan(): void;
  stop(): void;
}

export function openRootSession(options: RootSessionOptions): RootSession {
  const { root } = options;
  const indexed = new Map<string, readonly SnapshotSite[]>();
  let { profile } = options;
  let revision = 0;
  let status: IndexStatus = { phase: 'starting', done: 0, total: 0, reason: null };
  let problems: readonly FileProblem[] = [];
  let kconfigOrigin = 'not read yet';
  let timesNotModelled: string | null = null;

  const changed = (change: 'status' | 'sites'): void => {
    revision++;
    options.onChange(change);
  };
  const onReply = (reply: TreeReply): void => {
    if (reply.kind === 'sites') indexed.set(reply.file, settledSites(reply.file, reply.sites));
    if (reply.kind === 'opened') ({ kconfigOrigin, timesNotModelled } = reply);
    if (reply.kind === 'ready') {
      problems = reply.problems;
      open.refresh();
    }
    status = nextStatus(status, reply, indexed.size, options.configuration.wholeTree);
    changed(reply.kind === 'sites' || reply.kind === 'ready' ? 'sites' : 'status');
  };
  const process = startAnalysisProcess(options.analysisEntry, { ...options.configuration, kernel: kernelOf(root, options.kernelVersion, profile).kernel }, {
    onReply,
    onCrash: (reason) => {
      status = { ...status, phase: 'failed', reason: `${reason}; close and open the folder to start again` };
      changed('status');
    },
  });
  const open = createOpenFiles({
    factsOf: options.factsOf,
    resolve: (file, text) => process.resolve(file, text),
    indexed: (file) => indexed.get(file) ?? [],
    onChange: () => changed('sites'),
  });

  // Many requests ask between two changes; one snapshot answers them, and what it priced is remembered with it.
  let latest: Snapshot | null = null;
  const assemble = (machine: MachineProfile): Snapshot => ({
    revision,
    root: root.directory,
    ...kernelOf(root, options.kernelVersion, profile),
    kconfigOrigin,
    timesNotModelled,
    machine,
    profile,
    status,
    sites: new Map([...indexed, ...open.sites()]),
    functions: open.functions(),
    ruleFacts: open.ruleFacts(),
    problems,
  });

  return {
    directory: root.directory,
    status: () => status,
    revision: () => revision,
    snapshot: (machine) => {
      if (latest?.revision !== revision || latest.machine !== machine) latest = assemble(machine);
      return latest;
    },
    baselineOptions: () => {
      const { arch, kconfig, extraApis, processes } = options.configuration;
      const kernel = options.kernelVersion === null ? undefined : parseKernelVersion(options.kernelVersion);
      return { arch, kconfig, kernel: kernel ?? null, apis: extraApis, processes };
    },
    edit: (file, text) => open.edit(file, text),
    close: (file) => open.close(file),
    settled: (file, patience) => open.settled(file, patience),
    describe: (file, type, patience) => Promise.race([process.describe(file, type).catch(() => null), after(patience)]),
    profile: () => profile,
    setProfile: (next) => {
      profile = next;
      changed('sites');
    },
    stopScan: () => process.stopScan(),
    stop: () => {
      open.stop();
      process.stop();
    },
  };
}

function after(patience: number): Promise<null> {
  return new Promise((resolve) => void setTimeout(() => resolve(null), patience).unref());
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

function kernelOf(root: Root, setting: string | null, { kernel }: Profile): { readonly kernel: KernelVersion; readonly kernelOrigin: string } {
  const chosen = setting === null ? undefined : parseKernelVersion(setting);
  if (chosen !== undefined) return { kernel: chosen, kernelOrigin: 'chosen in the settings' };
  if (kernel.version !== null) return { kernel: kernel.version, kernelOrigin: 'percpu.toml' };
  if (root.kernel !== null) return { kernel: root.kernel, kernelOrigin: `${path.basename(root.headers ?? root.directory)}/Makefile` };
  return { kernel: assumedKernel, kernelOrigin: `assumed: no kernel Makefile found, ${formatKernelVersion(assumedKernel)} is used` };
}
