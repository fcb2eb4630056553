/** Objects that outlive the operation that made them: each client destroys its own, in order, once they are due. */
import type { DueQueue, EngineState } from './engineState';

export function addDue(state: EngineState, client: number, object: number, time: number): void {
  const lifetime = state.model.lifetimes[object] ?? 0;
  const queue = dueQueue(state, client, object);
  if (lifetime <= 0 || queue === undefined) return;
  if (queue.size === queue.times.length) enlarge(queue);
  queue.times[(queue.head + queue.size) % queue.times.length] = time + lifetime;
  queue.size += 1;
}

/** Takes the oldest object out if its lifetime is over. */
export function takeDue(state: EngineState, client: number, object: number, time: number): boolean {
  const queue = dueQueue(state, client, object);
  if (queue === undefined || queue.size === 0 || (queue.times[queue.head] ?? 0) > time) return false;
  queue.head = (queue.head + 1) % queue.times.length;
  queue.size -= 1;
  return true;
}

function dueQueue(state: EngineState, client: number, object: number): DueQueue | undefined {
  return state.object.due[object * state.clients + client];
}

function enlarge(queue: DueQueue): void {
  const times = new Float64Array(queue.times.length * 2);
  for (let index = 0; index < queue.size; index += 1) {
    times[index] = queue.times[(queue.head + index) % queue.times.length] ?? 0;
  }
  queue.times = times;
  queue.head = 0;
}
