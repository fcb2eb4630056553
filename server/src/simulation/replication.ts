import { queueArea, violations } from './conservation';
import { beginWindow, runEngine, startEngine } from './engine';
import type { EngineModel, EngineState } from './engineState';
import type { LatencyHistogram } from './latencyHistogram';
import { quantised } from './simulatedTime';

/** How long a replication runs, in operations of all clients together and in simulated ns. */
export interface RunLength {
  readonly warmUpOperations: number;
  readonly warmUpNs: number;
  readonly operations: number;
  readonly minimumNs: number;
  /** Neither the warm-up nor the window is longer. */
  readonly longestNs: number;
  /** First operations start within this time, at random, or within a longer one that an operation takes when all are at work. */
  readonly spreadNs: number;
}

export interface LockMeasure {
  readonly utilisation: number;
  /** From asking for the lock to having it, lines included, over all acquisitions. */
  readonly meanWaitNs: number;
  readonly acquisitionsPerS: number;
  readonly contendedShare: number;
  readonly meanWaiting: number;
}

/** What one replication measured after its warm-up. */
export interface Measure {
  readonly windowNs: number;
  readonly operations: number;
  readonly events: number;
  readonly steps: number;
  readonly throughputPerS: number;
  readonly latencies: LatencyHistogram;
  readonly locks: readonly LockMeasure[];
  /** Of the clients' CPU time that was not idle. */
  readonly systemShare: number;
  /** Of the same, time spent spinning for locks. */
  readonly spinShare: number;
  readonly sleepShare: number;
  readonly irqsOffMaxNs: number;
  /** Time average of live objects, by object kind. */
  readonly live: readonly number[];
  readonly populatedByWorker: number;
  readonly populatedByTask: number;
}

/** Called between pieces of a run of a few milliseconds. */
export type Pause = () => void;

const EVENTS_PER_PIECE = 50_000;

/** Runs the model once: warm-up, then a window whose length follows from the rate seen. Throws if a conservation law is broken. */
export function replicate(model: EngineModel, length: RunLength, pause: Pause = () => undefined): Measure {
  const { state, rate } = warmedUp(model, length, pause);
  beginWindow(state);
  const wanted = Math.max(length.minimumNs, length.operations / rate);
  const windowNs = quantised(Math.min(wanted, length.longestNs));
  runPieces(state, state.windowStart + windowNs, Infinity, pause);
  const broken = violations(state);
  if (broken.length > 0) throw new Error(`simulation broke a conservation law: ${broken.join('; ')}`);
  return measure(state);
}

interface WarmedUp {
  readonly state: EngineState;
  /** Operations per ns. */
  readonly rate: number;
}

/**
 * An engine past its warm-up. Where an operation with all clients at work takes longer than their starts were spread
 * over (Little's law), they went through the locks as one wave, which lasts for much longer than a warm-up: then it is
 * begun again, spread over that time.
 */
function warmedUp(model: EngineModel, length: RunLength, pause: Pause): WarmedUp {
  const start = (spreadNs: number): WarmedUp => {
    const state = startEngine(model, spreadNs);
    return { state, rate: warmUp(state, length, pause) };
  };
  const first = start(length.spreadNs);
  const loadedNs = Math.min(first.state.clients / first.rate, length.longestNs / 10);
  return loadedNs > length.spreadNs ? start(loadedNs) : first;
}

/** Operations per ns in the second half of the warm-up. */
function warmUp(state: EngineState, length: RunLength, pause: Pause): number {
  const half = Math.ceil(length.warmUpOperations / 2);
  runPieces(state, length.longestNs / 2, half, pause);
  const middle = state.now;
  const before = state.operations;
  runPieces(state, length.longestNs, half, pause);
  if (state.now < length.warmUpNs) runPieces(state, length.warmUpNs, Infinity, pause);
  const elapsed = state.now - middle;
  return Math.max(1, state.operations - before) / Math.max(1, elapsed);
}

function runPieces(state: EngineState, until: number, operations: number, pause: Pause): void {
  const goal = state.operations + operations;
  const last = quantised(until);
  do {
    runEngine(state, last, goal - state.operations, EVENTS_PER_PIECE);
    pause();
  } while (state.operations < goal && state.now < last);
}

function measure(state: EngineState): Measure {
  const windowNs = state.now - state.windowStart;
  const system = state.workNs + state.spinNs + spinning(state) + state.irqNs;
  const busy = system + state.userNs;
  const { created, destroyed, liveAtStart, createdAt, destroyedAt } = state.object;
  return {
    windowNs,
    operations: state.operations,
    events: state.events,
    steps: state.steps,
    throughputPerS: (state.operations / windowNs) * 1e9,
    latencies: state.latencies,
    locks: state.model.locks.map((_, lock) => lockMeasure(state, lock, windowNs)),
    systemShare: system / busy,
    spinShare: (state.spinNs + spinning(state)) / busy,
    sleepShare: state.sleepNs / (windowNs * state.clients),
    irqsOffMaxNs: state.irqsOffMaxNs,
    live: [...created].map((count, object) => {
      const born = count * windowNs - (createdAt[object] ?? 0);
      const died = (destroyed[object] ?? 0) * windowNs - (destroyedAt[object] ?? 0);
      return (liveAtStart[object] ?? 0) + (born - died) / windowNs;
    }),
    populatedByWorker: state.populatedByWorker,
    populatedByTask: state.populatedByTask,
  };
}

/** ns that present spinners have spun in the window. */
function spinning(state: EngineState): number {
  const { mode, spinStart } = state.client;
  let sum = 0;
  mode.forEach((value, client) => {
    if (value === 1 || value === 4) sum += state.now - (spinStart[client] ?? 0);
  });
  return sum;
}

function lockMeasure(state: EngineState, lock: number, windowNs: number): LockMeasure {
  const { heldNs, holder, since, grants, waitNs, handoffNs, contended, arrivals } = state.lock;
  const inProgress = (holder[lock] ?? -1) < 0 ? 0 : state.now - (since[lock] ?? 0);
  const granted = Math.max(1, grants[lock] ?? 0);
  return {
    utilisation: ((heldNs[lock] ?? 0) + inProgress) / windowNs,
    meanWaitNs: ((waitNs[lock] ?? 0) + (handoffNs[lock] ?? 0)) / granted,
    acquisitionsPerS: ((grants[lock] ?? 0) / windowNs) * 1e9,
    contendedShare: (contended[lock] ?? 0) / Math.max(1, arrivals[lock] ?? 0),
    meanWaiting: queueArea(state, lock) / windowNs,
  };
}
