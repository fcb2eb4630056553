import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import { withPublished } from '../features/publishedPoints';
import { prepareSimulation, scenarioList, siteToSimulate, strategiesToChoose, type PreparedSimulation, type SimulationSetting } from '../features/simulation';
import { resultDocument } from '../features/simulationDocument/document';
import { emptyProfile } from '../profile/profile';
import type { SimulatedPoint, SimulationAnswer } from '../protocol/simulation';
import type {
  ScenarioList, SimulateParams, SimulationDocument, SimulationDocumentParams, SimulationPointNotice, SimulationQuestion, SimulationQuestionParams,
  SimulationQuestionReply, SimulationReply, SiteToSimulate, SiteToSimulateParams, StrategyChoicesParams,
} from '../protocol/simulationRequests';
import { type SimulationTask, startSimulation } from '../simulation/simulationThread';
import { Refused, type SimulationInput } from '../simulation/simulationInput';
import { assumedKernel } from '../workspace/rootSession';
import { siteById } from '../workspace/snapshot';
import type { ServerState } from './serverState';

/** Scenarios to pick from, and runs in a thread of their own; cancelling a run ends its thread. */
export function answerSimulationRequests(connection: Connection, state: ServerState, workerScript: string): void {
  connection.onRequest('percpuLens/scenarios', (): ScenarioList => {
    const snapshot = state.mainSnapshot();
    return scenarioList(snapshot?.kernel ?? assumedKernel, state.machine(), snapshot?.profile ?? emptyProfile);
  });
  connection.onRequest('percpuLens/simulate', (params: SimulateParams, token: CancellationToken) =>
    run(prepared(state, params), workerScript, token, (point, done, total) => {
      const notice: SimulationPointNotice = { run: params.run, point, done, total };
      void connection.sendNotification('percpuLens/simulationPoint', notice);
    }),
  );
  connection.onRequest('percpuLens/strategyChoices', (params: StrategyChoicesParams): unknown => strategiesToChoose(params, settingOf(state, params.siteId)));
  connection.onRequest('percpuLens/siteToSimulate', (params: SiteToSimulateParams) => siteReply(state, params));
  connection.onRequest('percpuLens/simulationQuestion', ({ params, question }: SimulationQuestionParams, token: CancellationToken) =>
    answerQuestion(prepared(state, params), question, workerScript, token),
  );
  connection.onRequest('percpuLens/simulationDocument', ({ report, format }: SimulationDocumentParams): SimulationDocument => ({ text: resultDocument(report, format) }));
}

/** Sites of a file just opened are waited for so long, ms. */
const patience = 5000;

async function siteReply(state: ServerState, params: SiteToSimulateParams): Promise<SiteToSimulate> {
  if ('siteId' in params) {
    const snapshot = snapshotWith(state, params.siteId);
    const site = snapshot === null ? undefined : siteById(snapshot, params.siteId);
    return snapshot === null || site === undefined ? { siteId: null, reason: 'The site is no longer in the source.' } : siteToSimulate(snapshot, site, snapshot.profile);
  }
  const located = state.sessions.locate(params.uri);
  if (located === null) return { siteId: null, reason: 'The file belongs to no open folder.' };
  await located.session.settled(located.file, patience);
  const snapshot = state.snapshotOf(located.session);
  const site = (snapshot.sites.get(located.file) ?? []).find(({ site: { fact } }) => fact.line === params.line);
  if (site === undefined) return { siteId: null, reason: `There is no percpu call on line ${String(params.line)}: put the cursor on one.` };
  return siteToSimulate(snapshot, site, snapshot.profile);
}

function prepared(state: ServerState, params: SimulateParams): PreparedSimulation {
  return prepareSimulation(params, settingOf(state, params.siteId));
}

function settingOf(state: ServerState, siteId: string | undefined): SimulationSetting {
  const snapshot = snapshotWith(state, siteId);
  return { snapshot, kernel: snapshot?.kernel ?? assumedKernel, machine: snapshot?.machine ?? state.machine(), own: snapshot?.profile ?? emptyProfile };
}

async function run(
  preparation: PreparedSimulation,
  workerScript: string,
  token: CancellationToken,
  onPoint: (point: SimulatedPoint, done: number, total: number) => void,
): Promise<SimulationReply> {
  if (!preparation.ok) return { state: 'refused', reason: preparation.reason };
  const outcome = await answered(workerScript, { kind: 'sweep', input: preparation.input }, token, onPoint);
  if (outcome.state === 'refused') return outcome;
  if (outcome.answer.of !== 'sweep') throw new Error(`the simulation answered a question of another kind: ${outcome.answer.of}`);
  return { state: 'done', report: withPublished(outcome.answer.result) };
}

/** One thread after the other: a cancelled question ends with the thread that is at work. */
async function answerQuestion(preparation: PreparedSimulation, question: SimulationQuestion, workerScript: string, token: CancellationToken): Promise<SimulationQuestionReply> {
  if (!preparation.ok) return { state: 'refused', reason: preparation.reason };
  const answers: SimulationAnswer[] = [];
  for (const task of tasksOf(preparation.input, question)) {
    const outcome = await answered(workerScript, task, token);
    if (outcome.state === 'refused') return outcome;
    answers.push(outcome.answer);
  }
  return { state: 'done', answers };
}

function tasksOf(input: SimulationInput, question: SimulationQuestion): readonly SimulationTask[] {
  switch (question.kind) {
    case 'sensitivity':
      return [{ kind: 'sensitivity', input, cpus: question.cpus, strategy: question.strategy }];
    case 'break-even':
      return question.strategies.map((strategy) => ({ kind: 'break-even', input, strategy, upTo: question.upTo }));
    case 'timeline':
      return [{ kind: 'timeline', input, cpus: question.cpus, strategy: question.strategy, spanNs: question.spanNs }];
  }
}

type Answered =
  | { readonly state: 'done'; readonly answer: SimulationAnswer }
  | { readonly state: 'refused'; readonly reason: string };

async function answered(workerScript: string, task: SimulationTask, token: CancellationToken, onPoint?: (point: SimulatedPoint, done: number, total: number) => void): Promise<Answered> {
  const running = startSimulation(workerScript, task, onPoint);
  const cancelled = token.onCancellationRequested(() => void running.stop());
  try {
    return { state: 'done', answer: await running.answer };
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
  const snapshots = state.sessionsInOrder().map((session) => state.snapshotOf(session));
  return snapshots.find((snapshot) => snapshot.sites.has(file)) ?? null;
}
