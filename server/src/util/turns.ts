import { yieldToEvents, type Cancellation } from './cancellation';

/** Others are answered in between about this often, ms. */
const longestTurn = 10;

/** Does work that yields between its pieces, giving way to other events before a turn gets long. */
export async function inTurns<T>(work: Generator<void, T>, cancellation: Cancellation): Promise<T> {
  let turn = Date.now();
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return step.value;
    if (Date.now() - turn < longestTurn) continue;
    await yieldToEvents(cancellation);
    turn = Date.now();
  }
}

/** Does the same work without giving way. */
export function atOnce<T>(work: Generator<void, T>): T {
  for (let step = work.next(); ; step = work.next()) if (step.done === true) return step.value;
}
