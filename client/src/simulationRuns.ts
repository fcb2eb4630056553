import * as vscode from 'vscode';
import type { SimulationQuestion, SimulationQuestionReply } from '../../server/src/protocol/simulationRequests';
import type { FurtherAnswers, SimulationHostMessage, SimulationOutcome, SimulationPlan } from '../views/messages';
import { reasonOf } from './errorReason';
import type { Server } from './server';
import type { SimulationSession } from './simulationSession';

type Send = (message: SimulationHostMessage) => void;

/** Starts a run; the result stops it, keeping the points that are there. What the server refuses is not kept. */
export function startRun(server: Server, plan: SimulationPlan, session: SimulationSession, send: Send): () => void {
  const cancellation = new vscode.CancellationTokenSource();
  const { run } = plan.params;
  const points = server.onNotification('percpuLens/simulationPoint', (notice) => {
    if (notice.run !== run || cancellation.token.isCancellationRequested) return;
    session.point(notice);
    send({ type: 'point', ...notice });
  });
  let over = false;
  const end = (outcome: SimulationOutcome): void => {
    if (over) return;
    over = true;
    points.dispose();
    session.end(run, outcome);
    send({ type: 'ended', run, outcome });
  };
  const refuse = (reason: string): void => {
    points.dispose();
    session.forget(run);
    send({ type: 'refused', run, reason });
  };
  server.request('percpuLens/simulate', plan.params, cancellation.token).then(
    (reply) => {
      if (over) return;
      if (reply.state === 'done') end({ state: 'finished', report: reply.report });
      else refuse(reply.reason);
    },
    (error: unknown) => end({ state: 'failed', reason: reasonOf(error) }),
  );
  return () => {
    cancellation.cancel();
    end({ state: 'stopped' });
  };
}

/** Asks a further question about a run; the result stops it. */
export function askQuestion(server: Server, plan: SimulationPlan, question: SimulationQuestion, session: SimulationSession, send: Send): () => void {
  const cancellation = new vscode.CancellationTokenSource();
  const { run } = plan.params;
  send({ type: 'asking', kind: question.kind });
  server.request('percpuLens/simulationQuestion', { params: plan.params, question }, cancellation.token).then(
    (reply) => {
      if (cancellation.token.isCancellationRequested) send({ type: 'notAnswered', reason: 'Stopped.' });
      else {
        session.answer(run, furtherAnswers(question, reply));
        send({ type: 'answered', run, question, reply });
      }
    },
    (error: unknown) => send({ type: 'notAnswered', reason: cancellation.token.isCancellationRequested ? 'Stopped.' : reasonOf(error) }),
  );
  return () => cancellation.cancel();
}

/** What of an answer is kept with the run: a timeline is not, it is large and the same again from its seed. */
function furtherAnswers(question: SimulationQuestion, reply: SimulationQuestionReply): FurtherAnswers {
  if (reply.state !== 'done') return {};
  if (question.kind === 'break-even') return { breakEven: reply.answers.flatMap((answer) => (answer.of === 'break-even' ? [answer.breakEven] : [])) };
  const [answer] = reply.answers;
  if (question.kind === 'sensitivity' && answer?.of === 'sensitivity') return { sensitivity: { cpus: question.cpus, strategy: question.strategy, rows: answer.rows } };
  return {};
}
