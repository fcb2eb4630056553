import path from 'node:path';
import { formatKernelVersion, kernelVersion, parseKernelVersion, type KernelVersion } from '../kernel/version';
import type { MachineProfile } from '../machine/profile';
import type { Profile } from '../profile/profile';
import { openAnalysedTree } from './analysedTree';
import type { HeldMemory } from './analysisProcess';
import type { AnalysisConfiguration } from './analysisMessages';
import type { TypeDescription } from '../resolve/describeType';
import type { Root } from './kernelRoot';
import { createOpenFiles, type FactsOf } from './openFiles';
import type { IndexStatus, Snapshot } from './snapshot';
import type { BaselineRequest } from './compare/baselineMessages';

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
  /** Files changed on disk: unless all are open, the tree is read again, once for however many events follow each other. */
  sourcesChanged(files: readonly string[]): void;
  /** Resolves when the document's sites are settled, or after `patience` ms. */
  settled(file: string, patience: number): Promise<void>;
  /** A type as a file has it; null where there is no answer after `patience` ms. */
  describe(file: string, type: string, patience: number): Promise<TypeDescription | null>;
  /** What its analysis holds; null where there is no answer after `patience` ms. */
  measure(patience: number): Promise<HeldMemory | null>;
  /** Leaves the rest of the tree unread; the report covers what was read. */
  stopScan(): void;
  stop(): void;
}

export function openRootSession(options: RootSessionOptions): RootSession {
  const { root } = options;
  let { profile } = options;
  let revision = 0;

  const changed = (change: 'status' | 'sites'): void => {
    revision++;
    options.onChange(change);
  };
  const tree = openAnalysedTree({
    entry: options.analysisEntry,
    configuration: () => ({ ...options.configuration, kernel: kernelOf(root, options.kernelVersion, profile).kernel }),
    onChange: changed,
    onReady: () => open.refresh(),
  });
  const open = createOpenFiles({
    factsOf: options.factsOf,
    resolve: (file, text) => tree.resolve(file, text),
    indexed: (file) => tree.sites().get(file) ?? [],
    onChange: () => changed('sites'),
  });

  // Many requests ask between two changes; one snapshot answers them, and what it priced is remembered with it.
  let latest: Snapshot | null = null;
  const assemble = (machine: MachineProfile): Snapshot => ({
    revision,
    root: root.directory,
    ...kernelOf(root, options.kernelVersion, profile),
    ...tree.configured(),
    machine,
    profile,
    status: tree.status(),
    // What was made of the sites is remembered with them, whatever the machine.
    sites: latest?.revision === revision ? latest.sites : new Map([...tree.sites(), ...open.sites()]),
    functions: open.functions(),
    ruleFacts: open.ruleFacts(),
    problems: tree.problems(),
  });

  return {
    directory: root.directory,
    status: () => tree.status(),
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
    sourcesChanged: (files) => {
      const documents = open.sites();
      if (files.some((file) => !documents.has(file))) tree.readAgain();
    },
    edit: (file, text) => open.edit(file, text),
    close: (file) => open.close(file),
    settled: (file, patience) => open.settled(file, patience),
    describe: (file, type, patience) => Promise.race([tree.describe(file, type).catch(() => null), after(patience)]),
    measure: (patience) => Promise.race([tree.measure().catch(() => null), after(patience)]),
    profile: () => profile,
    setProfile: (next) => {
      profile = next;
      changed('sites');
    },
    stopScan: () => tree.stopScan(),
    stop: () => {
      open.stop();
      tree.stop();
    },
  };
}

function after(patience: number): Promise<null> {
  return new Promise((resolve) => void setTimeout(() => resolve(null), patience).unref());
}

function kernelOf(root: Root, setting: string | null, { kernel }: Profile): { readonly kernel: KernelVersion; readonly kernelOrigin: string } {
  const chosen = setting === null ? undefined : parseKernelVersion(setting);
  if (chosen !== undefined) return { kernel: chosen, kernelOrigin: 'chosen in the settings' };
  if (kernel.version !== null) return { kernel: kernel.version, kernelOrigin: 'percpu.toml' };
  if (root.kernel !== null) return { kernel: root.kernel, kernelOrigin: `${path.basename(root.headers ?? root.directory)}/Makefile` };
  return { kernel: assumedKernel, kernelOrigin: `assumed: no kernel Makefile found, ${formatKernelVersion(assumedKernel)} is used` };
}
