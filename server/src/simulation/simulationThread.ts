/**
 * Simulations in a worker thread, seen from the thread that asked. Cancelling ends the thread: no result comes after.
 */
import { Worker } from 'node:worker_threads';
import type { FromSimulationWorker, SimulatedPoint, SimulationAnswer, ToSimulationWorker } from '../protocol/simulation';
import { Refused, type SimulationInput } from './simulationInput';

export interface RunningSimulation {
  /** Rejects with `Refused` where the request cannot be run, with an error where the worker fails or was stopped. */
  readonly answer: Promise<SimulationAnswer>;
  /** Ends the thread at once; points already given stay. Resolves when it is gone. */
  readonly stop: () => Promise<void>;
}

type WithoutRun<T> = T extends unknown ? Omit<T, 'run'> : never;
export type SimulationTask = WithoutRun<ToSimulationWorker<SimulationInput>>;

/** Starts `task` in a thread of its own; `script` is the bundled simulation worker. */
export function startSimulation(
  script: string | URL,
  task: SimulationTask,
  onPoint: (point: SimulatedPoint, done: number, total: number) => void = () => undefined,
): RunningSimulation {
  const worker = new Worker(script);
  const answer = new Promise<SimulationAnswer>((resolve, reject) => {
    worker.on('message', (message: FromSimulationWorker) => {
      if (message.kind === 'point') onPoint(message.point, message.done, message.total);
      else if (message.kind === 'done') resolve(message.answer);
      else reject(message.kind === 'refused' ? new Refused(message.reason) : new Error(message.message));
      if (message.kind !== 'point') void worker.terminate();
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('the simulation was stopped')));
  });
  // Whoever only stops it need not catch.
  answer.catch(() => undefined);
  worker.postMessage({ ...task, run: '1' });
  const stop = async (): Promise<void> => {
    await worker.terminate();
  };
  return { answer, stop };
}
