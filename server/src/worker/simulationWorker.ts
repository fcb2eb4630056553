/** Entry of the simulation thread: one task at a time, points as they come, then the answer. */
import { parentPort } from 'node:worker_threads';
import type { FromSimulationWorker, SimulationAnswer, ToSimulationWorker } from '../protocol/simulation';
import { breakEven } from '../simulation/breakEven';
import { sensitivity } from '../simulation/sensitivity';
import { Refused, type SimulationInput } from '../simulation/simulationInput';
import { simulate } from '../simulation/sweep';
import { recordTimeline } from '../simulation/timeline';
import { never } from '../util/never';

type Task = ToSimulationWorker<SimulationInput>;

function send(message: FromSimulationWorker): void {
  parentPort?.postMessage(message);
}

async function answerTo(task: Task): Promise<SimulationAnswer> {
  const { run, input } = task;
  switch (task.kind) {
    case 'sweep':
      return { of: 'sweep', result: await simulate(input, (point, done, total) => send({ kind: 'point', run, point, done, total })) };
    case 'sensitivity':
      return { of: 'sensitivity', rows: await sensitivity(input, task.cpus, task.strategy) };
    case 'break-even':
      return { of: 'break-even', breakEven: await breakEven(input, task.strategy, task.upTo) };
    case 'timeline':
      return { of: 'timeline', timeline: recordTimeline(input, task.cpus, task.strategy, task.spanNs) };
    default:
      return never(task);
  }
}

async function run(task: Task): Promise<void> {
  try {
    send({ kind: 'done', run: task.run, answer: await answerTo(task) });
  } catch (error) {
    if (error instanceof Refused) send({ kind: 'refused', run: task.run, reason: error.message });
    else send({ kind: 'failed', run: task.run, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

parentPort?.on('message', (task: Task) => void run(task));
