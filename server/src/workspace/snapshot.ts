import type { FunctionFact } from '../facts/fileFacts';
import type { KernelVersion } from '../kernel/version';
import type { MachineProfile } from '../machine/profile';
import type { Profile } from '../profile/profile';
import type { ResolvedSite } from '../resolve/resolvedSite';
import type { RuleFacts } from '../resolve/ruleFacts';
import type { FileProblem } from './sourceFiles';

export type IndexPhase = 'starting' | 'indexing' | 'ready' | 'empty' | 'failed';

export interface IndexStatus {
  readonly phase: IndexPhase;
  readonly done: number;
  readonly total: number;
  /** Why there is nothing to show, where there is nothing. */
  readonly reason: string | null;
}

/** A site as features see it: resolved, with the name it keeps across edits. */
export interface SnapshotSite {
  readonly id: string;
  readonly site: ResolvedSite;
  /** False while size and reach are still being found. */
  readonly settled: boolean;
}

/** An immutable view of the workspace; features are synchronous functions of it. */
export interface Snapshot {
  readonly revision: number;
  readonly root: string | null;
  readonly kernel: KernelVersion;
  /** Where the version is from, in words. */
  readonly kernelOrigin: string;
  /** Where the kernel configuration is from, in words. */
  readonly kconfigOrigin: string;
  /** Why times of this configuration are not modelled; null where they are. */
  readonly timesNotModelled: string | null;
  readonly machine: MachineProfile;
  /** What the project's `percpu.toml` says; empty where there is none. */
  readonly profile: Profile;
  readonly status: IndexStatus;
  /** By file, relative to the root, with `/`; open documents as edited. */
  readonly sites: ReadonlyMap<string, readonly SnapshotSite[]>;
  /** Of open documents: where a lens over a function goes. */
  readonly functions: ReadonlyMap<string, readonly FunctionFact[]>;
  /** What rules need beside sites: of open documents in the editor, of every file with sites on the command line. */
  readonly ruleFacts: ReadonlyMap<string, RuleFacts>;
  readonly problems: readonly FileProblem[];
}

export function allSites(snapshot: Snapshot): SnapshotSite[] {
  return [...snapshot.sites.values()].flat();
}

export function siteById(snapshot: Snapshot, id: string): SnapshotSite | undefined {
  const file = id.slice(0, id.indexOf('#'));
  return snapshot.sites.get(file)?.find((site) => site.id === id);
}

/** The same workspace on another machine: no fact, size or class depends on it. */
export function withMachine(snapshot: Snapshot, machine: MachineProfile): Snapshot {
  return { ...snapshot, machine };
}

export function siteCount(snapshot: Snapshot): number {
  let count = 0;
  for (const sites of snapshot.sites.values()) count += sites.length;
  return count;
}
