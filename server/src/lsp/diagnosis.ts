import path from 'node:path';
import type { Connection } from 'vscode-languageserver/node';
import { formatKernelVersion } from '../kernel/version';
import type { Diagnosis, MemoryPart, ProcessMemory, RootDiagnosis } from '../protocol/requests';
import type { HeldMemory } from '../workspace/analysisProcess';
import { heldBytes } from '../util/heldBytes';
import { processMemory } from '../workspace/processMemory';
import { problemLine } from '../workspace/profileFile';
import type { ProfileSource } from '../workspace/profileSource';
import { siteCount, type Snapshot } from '../workspace/snapshot';
import type { ServerState } from './serverState';

interface Told {
  readonly version: string;
  readonly profiles: ProfileSource;
}

/** How the server runs: versions, settings, each tree's index and problems, memory. No source text, no path above a root. */
export function answerDiagnosis(connection: Connection, state: ServerState, { version, profiles }: Told): void {
  connection.onRequest('percpuLens/diagnosis', async (): Promise<Diagnosis> => ({
    version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    settings: state.settings,
    settingsProblems: state.settingsProblems,
    roots: state.sessions.all().map((session) => rootDiagnosis(state.snapshotOf(session), profiles)),
    memory: await memoryOf(state),
  }));
}

/** An analysis that is busy is shown without its parts. */
const patience = 3_000;

async function memoryOf(state: ServerState): Promise<readonly ProcessMemory[]> {
  const sessions = state.sessions.all();
  const held = (await Promise.all(sessions.map((session) => session.measure(patience)))).filter((one) => one !== null);
  const own: HeldMemory = { pid: process.pid, parts: ownParts(sessions.map((session) => state.snapshotOf(session))) };
  return processMemory().map(({ pid, role, bytes }) => ({ role, bytes, parts: [own, ...held].find((one) => one.pid === pid)?.parts ?? [] }));
}

function ownParts(snapshots: readonly Snapshot[]): readonly MemoryPart[] {
  const counted = new Set<unknown>();
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return [
    { part: 'heap', count: null, bytes: process.memoryUsage().heapUsed },
    { part: 'sites', count: sum(snapshots.map(siteCount)), bytes: heldBytes(snapshots.map(({ sites }) => sites), counted) },
    { part: 'documents', count: sum(snapshots.map(({ functions }) => functions.size)), bytes: heldBytes(snapshots.map(({ functions, ruleFacts }) => [functions, ruleFacts]), counted) },
  ];
}

function rootDiagnosis(snapshot: Snapshot, profiles: ProfileSource): RootDiagnosis {
  const { status, machine, profile, root } = snapshot;
  const read = profile.file === null ? null : profiles.read(profile.file);
  return {
    name: path.basename(root ?? ''),
    state: status.phase,
    reason: withoutPath(status.reason, root),
    done: status.done,
    total: status.total,
    sites: siteCount(snapshot),
    openDocuments: snapshot.functions.size,
    kernel: formatKernelVersion(snapshot.kernel),
    kernelOrigin: snapshot.kernelOrigin,
    kconfig: snapshot.kconfigOrigin,
    machine: machine.name,
    possible: machine.topology.possibleCpus,
    online: machine.topology.onlineCpus,
    calibrated: machine.calibrated,
    profileProblems: read === null ? [] : read.problems.map((problem) => problemLine(read, problem)),
    problems: snapshot.problems,
  };
}

function withoutPath(text: string | null, root: string | null): string | null {
  return text === null || root === null ? text : text.replaceAll(root, path.basename(root));
}
