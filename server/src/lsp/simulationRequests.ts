import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import { prepareSimulation, scenarioList } from '../features/simulation';
import type { ScenarioList, SimulateParams, SimulationPointNotice, SimulationReply } from '../protocol/simulationRequests';
import { startSimulation } from '../simulation/simulationThread';
import { Refused } from '../simulation/simulationInput';
import { assumedKernel } from '../workspace/rootSession';
import type { ServerState } from './serverState';

/** Scenarios to pick from, and runs in a thread of their own; cancelling a run ends its thread. */
export function answerSimulationRequests(connection: Connection, state: ServerState, workerScript: string): void {
  connection.onRequest('percpuLens/scenarios', (): ScenarioList => scenarioList(state.mainSnapshot()?.kernel ?? assumedKernel, state.machine()));
  connection.onRequest('percpuLens/simulate', (params: SimulateParams, token: CancellationToken) => run(connection, state, workerScript, params, token));
}

async function run(
  connection: Connection,
  state: ServerState,
  workerScript: string,
  params: SimulateParams,
  token: CancellationToken,
): Promise<SimulationReply> {
  const snapshot = snapshotWith(state, params.siteId);
  const prepared = prepareSimulation(snapshot, params, snapshot?.kernel ?? assumedKernel, state.machine());
  if (!prepared.ok) return { state: 'refused', reason: prepared.reason };
  const running = startSimulation(workerScript, { kind: 'sweep', input: prepared.input }, (point, done, total) => {
    const notice: SimulationPointNotice = { run: params.run, point, done, total };
    void connection.sendNotification('percpuLens/simulationPoint', notice);
  });
  const cancelled = token.onCancellationRequested(() => void running.stop());
  try {
    const answer = await running.answer;
    if (answer.of !== 'sweep') throw new Error(`the simulation answered a question of another kind: ${answer.of}`);
    return { state: 'done', result: answer.result };
  } catch (error) {
    if (error instanceof Refused) return { state: 'refused', reason: error.message };
    if (token.isCancellationRequested) return { state: 'refused', reason: 'The simulation was stopped.' };
    throw error;
  } finally {
    cancelled.dispose();
  }
}

function snapshotWith(state: ServerState, siteId: string | undefined): ReturnType<ServerState['mainSnapshot']> {
  if (siteId === undefined) return state.mainSnapshot();
  const file = siteId.slice(0, siteId.indexOf('#'));
  const snapshots = state.sessions.all().map((session) => state.snapshotOf(session));
  return snapshots.find((snapshot) => snapshot.sites.has(file)) ?? null;
}
