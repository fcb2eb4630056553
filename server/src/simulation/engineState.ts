import { eventQueue, type EventQueue } from './eventQueue';
import { latencyHistogram, type LatencyHistogram } from './latencyHistogram';
import type { LatencyTable, Placement } from './placement';
import type { Program } from './program';
import { randomStreams, type RandomStreams } from './randomStream';

export interface LockModel {
  readonly name: string;
  readonly kind: 'mutex' | 'spinlock';
  /** Cache lines that move from the last holder to the next: the lock's own and those it protects. */
  readonly lines: number;
}

/** The timer interrupt of each CPU; `reschedule` is the chance that it finds another task to run. */
export interface TickModel {
  readonly periodNs: number;
  readonly handlerNs: number;
  readonly reschedule: number;
}

/** Page population of the allocator: sizes in bytes a CPU, times for one page on every possible CPU. */
export interface PopulationModel {
  readonly pageBytes: number;
  readonly pageNs: number;
  /** Which lock the balance worker takes. */
  readonly lock: number;
  /** From scheduling the balance worker to its start. */
  readonly workerDelayNs: number;
}

/** All that a run depends on. */
export interface EngineModel {
  readonly program: Program;
  /** Where each client starts in the program. */
  readonly entries: Int32Array;
  /** The CPU of each client; at most one client a CPU. */
  readonly cpuOf: Int32Array;
  readonly placement: Placement;
  readonly latency: LatencyTable;
  readonly locks: readonly LockModel[];
  /** Shared data whose lines move with its users; one `MOVE` target each. */
  readonly data: number;
  /** ns that an object lives before it is due; 0: the program itself destroys it. One entry an object kind. */
  readonly lifetimes: Float64Array;
  /** Half width of the uniform variation of work, as a share of its mean. */
  readonly jitter: number;
  /** From waking a sleeping waiter to its running. */
  readonly wakeNs: number;
  readonly tick: TickModel | null;
  readonly population: PopulationModel | null;
  /** Start of the balance worker's program; -1 without one. */
  readonly workerEntry: number;
  readonly seed: number;
}

/** Why a client has no event of its own pending, or what has to be done first when it comes. */
export const waitModes = { NONE: 0, SPINNING: 1, ASLEEP: 2, WAKING: 3, FIRST: 4, PARKED: 5, INTERRUPTED: 6 } as const;

export interface LockState {
  readonly kind: Uint8Array;
  readonly lines: Float64Array;
  /** Client that holds it; -1: free. */
  readonly holder: Int32Array;
  readonly lastCpu: Int32Array;
  readonly spinHead: Int32Array;
  readonly spinTail: Int32Array;
  readonly sleepHead: Int32Array;
  readonly sleepTail: Int32Array;
  /** A woken first waiter, to whom the next unlock hands over; -1: none. */
  readonly first: Int32Array;
  readonly waiting: Int32Array;
  // Of the window:
  readonly since: Float64Array;
  readonly heldNs: Float64Array;
  readonly queueArea: Float64Array;
  readonly queueSince: Float64Array;
  readonly waitNs: Float64Array;
  readonly handoffNs: Float64Array;
  readonly arrivals: Float64Array;
  readonly grants: Float64Array;
  readonly releases: Float64Array;
  readonly contended: Float64Array;
  readonly waitingAtStart: Int32Array;
  readonly heldAtStart: Uint8Array;
}

export interface ClientState {
  readonly pc: Int32Array;
  readonly cpu: Int32Array;
  readonly opStart: Float64Array;
  readonly opThink: Float64Array;
  readonly mode: Uint8Array;
  readonly waitsFor: Int32Array;
  readonly waitStart: Float64Array;
  readonly spinStart: Float64Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  readonly irqDepth: Int32Array;
  readonly irqOffSince: Float64Array;
  readonly irqPending: Uint8Array;
  /** Interrupt time to add to the work in progress. */
  readonly penalty: Float64Array;
  /** Until when a waiter is in an interrupt. */
  readonly busyUntil: Float64Array;
}

export interface ObjectState {
  readonly live: Int32Array;
  readonly liveAtStart: Int32Array;
  readonly created: Float64Array;
  readonly destroyed: Float64Array;
  /** Sum of (time of destruction or creation - window start), for the time average. */
  readonly createdAt: Float64Array;
  readonly destroyedAt: Float64Array;
  /** Due times, first in first out, one queue for each client and object kind. */
  readonly due: readonly DueQueue[];
}

export interface DueQueue {
  times: Float64Array;
  head: number;
  size: number;
}

/** Called at every change of what a client does; `lock` -1 where none. */
export type TimelineHook = (client: number, time: number, activity: number, lock: number) => void;
export const activities = { USER: 0, KERNEL: 1, WAITING: 2, HOLDING: 3, SLEEPING: 4, RELEASED: 5 } as const;

export interface EngineState {
  readonly model: EngineModel;
  // The program's arrays and the entries once more, one step nearer.
  readonly opcode: Uint8Array;
  readonly shape: Uint8Array;
  readonly value: Float64Array;
  readonly target: Int32Array;
  readonly entries: Int32Array;
  // What functions leave for their callers.
  nextTime: number;
  sampled: number;
  delay: number;
  readonly clients: number;
  readonly queue: EventQueue;
  readonly random: RandomStreams;
  readonly client: ClientState;
  readonly lock: LockState;
  /** CPU that last used each shared data; -1: nobody yet. */
  readonly dataCpu: Int32Array;
  readonly object: ObjectState;
  readonly latencies: LatencyHistogram;
  /** Clients that were handed a lock and go on at once, with the delay of the hand-off. */
  readonly ready: Int32Array;
  readonly readyCarry: Float64Array;
  readyCount: number;
  tickClient: number;
  now: number;
  windowStart: number;
  operations: number;
  events: number;
  steps: number;
  userNs: number;
  workNs: number;
  spinNs: number;
  sleepNs: number;
  irqNs: number;
  irqsOffMaxNs: number;
  liveBytes: number;
  populatedBytes: number;
  populatedByWorker: number;
  populatedByTask: number;
  workerWanted: boolean;
  timeline: TimelineHook | null;
}

export function engineState(model: EngineModel): EngineState {
  const clients = model.entries.length;
  return {
    model,
    ...model.program,
    entries: model.entries,
    // Not whole numbers, so that the fields are made for doubles at once.
    nextTime: 0.5,
    sampled: 0.5,
    delay: 0.5,
    clients,
    queue: eventQueue(clients + 2),
    random: randomStreams(clients + 1, model.seed),
    client: clientState(clients + 1, model),
    lock: lockState(model.locks),
    dataCpu: new Int32Array(model.data).fill(-1),
    object: objectState(model.lifetimes, clients),
    latencies: latencyHistogram(),
    ready: new Int32Array(clients + 1),
    readyCarry: new Float64Array(clients + 1),
    readyCount: 0,
    tickClient: 0,
    now: 0,
    windowStart: 0,
    operations: 0,
    events: 0,
    steps: 0,
    userNs: 0,
    workNs: 0,
    spinNs: 0,
    sleepNs: 0,
    irqNs: 0,
    irqsOffMaxNs: 0,
    liveBytes: 0,
    populatedBytes: 0,
    populatedByWorker: 0,
    populatedByTask: 0,
    workerWanted: false,
    timeline: null,
  };
}

function clientState(count: number, model: EngineModel): ClientState {
  const pc = new Int32Array(count);
  pc.set(model.entries);
  pc[count - 1] = model.workerEntry;
  const cpu = new Int32Array(count);
  cpu.set(model.cpuOf);
  return {
    pc,
    cpu,
    opStart: new Float64Array(count),
    opThink: new Float64Array(count),
    mode: new Uint8Array(count),
    waitsFor: new Int32Array(count).fill(-1),
    waitStart: new Float64Array(count),
    spinStart: new Float64Array(count),
    next: new Int32Array(count).fill(-1),
    previous: new Int32Array(count).fill(-1),
    irqDepth: new Int32Array(count),
    irqOffSince: new Float64Array(count),
    irqPending: new Uint8Array(count),
    penalty: new Float64Array(count),
    busyUntil: new Float64Array(count),
  };
}

function lockState(locks: readonly LockModel[]): LockState {
  const count = locks.length;
  const none = (): Int32Array => new Int32Array(count).fill(-1);
  const sums = (): Float64Array => new Float64Array(count);
  return {
    kind: Uint8Array.from(locks, (lock) => (lock.kind === 'mutex' ? 1 : 0)),
    lines: Float64Array.from(locks, (lock) => lock.lines),
    holder: none(),
    lastCpu: none(),
    spinHead: none(),
    spinTail: none(),
    sleepHead: none(),
    sleepTail: none(),
    first: none(),
    waiting: new Int32Array(count),
    since: sums(),
    heldNs: sums(),
    queueArea: sums(),
    queueSince: sums(),
    waitNs: sums(),
    handoffNs: sums(),
    arrivals: sums(),
    grants: sums(),
    releases: sums(),
    contended: sums(),
    waitingAtStart: new Int32Array(count),
    heldAtStart: new Uint8Array(count),
  };
}

function objectState(lifetimes: Float64Array, clients: number): ObjectState {
  const kinds = lifetimes.length;
  const queues = Array.from({ length: kinds * clients }, () => ({ times: new Float64Array(4), head: 0, size: 0 }));
  return {
    live: new Int32Array(kinds),
    liveAtStart: new Int32Array(kinds),
    created: new Float64Array(kinds),
    destroyed: new Float64Array(kinds),
    createdAt: new Float64Array(kinds),
    destroyedAt: new Float64Array(kinds),
    due: queues,
  };
}
