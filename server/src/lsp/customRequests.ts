import path from 'node:path';
import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import { chooseMachine, machineAt, machineList } from '../features/machines';
import { reportInTurns, reportOf } from '../features/report';
import { summaryInTurns } from '../features/summary';
import { shapesOf } from '../features/prices';
import { siteDetails } from '../features/siteDetails';
import type {
  ReportParams, ReportProgress, ReportReply, RequestName, Requests, SetMachineParams, SetMachineReply, SiteDetailsParams, SiteDetailsReply, SummaryReply, TypeDefinitionReply,
} from '../protocol/requests';
import { emptyProfile } from '../profile/profile';
import { modelledKernels } from '../kernel/modelled';
import { inTurns } from '../util/turns';
import { siteById, withMachine, type Snapshot } from '../workspace/snapshot';
import { assumedKernel } from '../workspace/rootSession';
import type { Comparison } from './comparison';
import type { ServerState } from './serverState';
import { statusNotice } from './status';
import { uriOfPath } from './uris';

type Handler<Name extends RequestName> = (
  params: Requests[Name]['params'],
  token: CancellationToken,
) => Requests[Name]['result'] | Promise<Requests[Name]['result']>;

/** The requests of our own client: report, details, machines. Simulation has a file of its own. */
export function answerCustomRequests(connection: Connection, state: ServerState, comparison: Comparison): void {
  const answer = <Name extends RequestName>(name: Name, handler: Handler<Name>): void => {
    connection.onRequest(name, (params: unknown, token: CancellationToken) => handler((params ?? {}) as Requests[Name]['params'], token) as unknown);
  };
  answer('percpuLens/report', (params, token) => reportReply(state, comparison, params, token));
  answer('percpuLens/summary', (_, token) => summaryReply(state, comparison, token));
  answer('percpuLens/siteDetails', (params) => detailsReply(state, params));
  answer('percpuLens/typeDefinition', (params) => typeDefinition(state, params));
  answer('percpuLens/machines', () => machineList(state.machine(), state.profiles()));
  answer('percpuLens/follow', ({ uri }) => {
    state.follow(uri);
    return null;
  });
  answer('percpuLens/setMachine', (params) => setMachine(state, params));
}

async function reportReply(state: ServerState, comparison: Comparison, { cpus }: ReportParams, token: CancellationToken): Promise<ReportReply> {
  const snapshot = state.mainSnapshot();
  const progress = progressOf(state, comparison);
  const kernels = modelledKernels;
  if (snapshot === null) return { ...reportOf(emptySnapshot(state)), ...progress, kernels, root: null, kconfig: 'none', shapes: [] };
  return {
    ...(await inTurns(reportInTurns(withMachine(snapshot, machineAt(state.machine(), cpus))), token)),
    ...progress,
    kernels,
    shapes: shapesOf(snapshot, snapshot.kernel),
    root: snapshot.root === null ? null : uriOfPath(snapshot.root),
    kconfig: snapshot.kconfigOrigin,
  };
}

async function summaryReply(state: ServerState, comparison: Comparison, token: CancellationToken): Promise<SummaryReply> {
  const snapshot = state.mainSnapshot() ?? emptySnapshot(state);
  const progress = progressOf(state, comparison);
  return { ...(await inTurns(summaryInTurns(snapshot), token)), ...progress };
}

function progressOf(state: ServerState, comparison: Comparison): ReportProgress {
  const status = statusNotice(state);
  return {
    state: status.state === 'starting' ? 'indexing' : status.state,
    ...(status.reason === undefined ? {} : { reason: status.reason }),
    ...(status.state === 'indexing' ? { progress: { done: status.done, total: status.total } } : {}),
    revision: state.revision(),
    sites_revision: state.sitesRevision(),
    comparison: comparison.inForce(),
  };
}

function emptySnapshot(state: ServerState): Snapshot {
  return {
    revision: 0,
    root: null,
    kernel: assumedKernel,
    kernelOrigin: 'no folder',
    kconfigOrigin: 'none',
    timesNotModelled: null,
    machine: state.machine(),
    profile: emptyProfile,
    status: { phase: 'empty', done: 0, total: 0, reason: null },
    sites: new Map(),
    functions: new Map(),
    ruleFacts: new Map(),
    problems: [],
  };
}

function detailsReply(state: ServerState, { siteId, cpus }: SiteDetailsParams): SiteDetailsReply {
  for (const session of state.sessionsInOrder()) {
    const own = state.snapshotOf(session);
    const snapshot = withMachine(own, machineAt(own.machine, cpus));
    const site = siteById(snapshot, siteId);
    if (site !== undefined) return { details: siteDetails(snapshot, site) };
  }
  return { details: null, reason: 'This site is no longer in the source: it was edited or its file is gone.' };
}

/** A machine that was remembered is asked for at once, and may be one of a percpu.toml. */
async function setMachine(state: ServerState, params: SetMachineParams): Promise<SetMachineReply> {
  await state.started;
  const chosen = chooseMachine(params, state.profiles());
  if (!chosen.ok) return { accepted: false, reason: chosen.reason };
  state.wishMachine(chosen.wish);
  const { name, topology } = state.machine();
  return { accepted: true, name, cpus: topology.possibleCpus };
}

/** Reading the headers of a file for the first time takes up to this long, ms. */
const describePatience = 10_000;

async function typeDefinition(state: ServerState, { siteId }: SiteDetailsParams): Promise<TypeDefinitionReply> {
  for (const session of state.sessionsInOrder()) {
    const site = siteById(state.snapshotOf(session), siteId)?.site;
    if (site === undefined) continue;
    if (site.type === null) return { place: null, reason: `${site.fact.api} names no type here.` };
    const described = await session.describe(site.file, site.type, describePatience);
    if (described?.place == null) return { place: null, reason: described?.reason ?? `Where ${site.type} is defined was not found.` };
    return { place: { uri: uriOfPath(path.join(session.directory, described.place.file)), line: described.place.line } };
  }
  return { place: null, reason: 'This site is no longer in the source: it was edited or its file is gone.' };
}
