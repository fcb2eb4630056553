import path from 'node:path';
import type { Connection } from 'vscode-languageserver/node';
import { formatKernelVersion } from '../kernel/version';
import type { Diagnosis, RootDiagnosis } from '../protocol/requests';
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
  connection.onRequest('percpuLens/diagnosis', (): Diagnosis => ({
    version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    settings: state.settings,
    settingsProblems: state.settingsProblems,
    roots: state.sessions.all().map((session) => rootDiagnosis(state.snapshotOf(session), profiles)),
    memory: processMemory(),
  }));
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
