/**
 * What happens at a lock. A spinlock is a queue in order of arrival (qspinlock). A mutex is taken by who
 * finds it free; else its waiters spin in order of arrival (osq) while the holder runs, one goes to sleep
 * only when its CPU has other work, an unlock wakes the first sleeper, and a sleeper that wakes to find it
 * taken has the next unlock hand over to it (kernel/locking/mutex.c __mutex_lock_common, 6.12).
 */
import { activities, type EngineState, waitModes } from './engineState';
import { pushEvent } from './eventQueue';
import { distance } from './placement';
import { quantised } from './simulatedTime';

/** Takes the lock (its lines are here after `state.delay` ns) or queues for it. Answers whether it was taken. */
export function acquire(state: EngineState, client: number, lock: number, now: number): boolean {
  const locks = state.lock;
  locks.arrivals[lock] = (locks.arrivals[lock] ?? 0) + 1;
  if ((locks.holder[lock] ?? -1) < 0) {
    take(state, client, lock, now);
    return true;
  }
  locks.contended[lock] = (locks.contended[lock] ?? 0) + 1;
  const { mode, waitsFor, waitStart, spinStart, next, previous } = state.client;
  mode[client] = waitModes.SPINNING;
  waitsFor[client] = lock;
  waitStart[client] = now;
  spinStart[client] = now;
  countWaiting(state, lock, 1, now);
  const tail = locks.spinTail[lock] ?? -1;
  previous[client] = tail;
  next[client] = -1;
  if (tail < 0) locks.spinHead[lock] = client;
  else next[tail] = client;
  locks.spinTail[lock] = client;
  return false;
}

/** Gives the lock up; who gets it next is put on the state's ready list. */
export function release(state: EngineState, lock: number, now: number): void {
  const locks = state.lock;
  locks.heldNs[lock] = (locks.heldNs[lock] ?? 0) + now - (locks.since[lock] ?? 0);
  locks.releases[lock] = (locks.releases[lock] ?? 0) + 1;
  locks.holder[lock] = -1;
  const first = locks.first[lock] ?? -1;
  if (first >= 0) {
    locks.first[lock] = -1;
    handOver(state, first, lock, now);
    return;
  }
  const spinner = locks.spinHead[lock] ?? -1;
  if (spinner >= 0) {
    leaveSpinQueue(state, spinner, lock);
    handOver(state, spinner, lock, now);
  }
  if ((locks.sleepHead[lock] ?? -1) >= 0) wakeFirst(state, lock, now);
}

/** A woken waiter runs again: it takes the lock if it is free, else it is next. */
export function awake(state: EngineState, client: number, now: number): void {
  const { waitsFor, spinStart, mode, next } = state.client;
  const locks = state.lock;
  const lock = waitsFor[client] ?? 0;
  state.sleepNs += now - (spinStart[client] ?? 0);
  spinStart[client] = now;
  const second = next[client] ?? -1;
  locks.sleepHead[lock] = second;
  if (second < 0) locks.sleepTail[lock] = -1;
  if ((locks.holder[lock] ?? -1) < 0) {
    handOver(state, client, lock, now);
    return;
  }
  mode[client] = waitModes.FIRST;
  locks.first[lock] = client;
}

/** A spinning waiter of a mutex whose CPU has other work: it leaves the queue of spinners and sleeps. */
export function goToSleep(state: EngineState, client: number, now: number): void {
  const { waitsFor, spinStart, mode, next } = state.client;
  const locks = state.lock;
  const lock = waitsFor[client] ?? 0;
  leaveSpinQueue(state, client, lock);
  state.spinNs += now - (spinStart[client] ?? 0);
  spinStart[client] = now;
  mode[client] = waitModes.ASLEEP;
  next[client] = -1;
  const tail = locks.sleepTail[lock] ?? -1;
  if (tail < 0) locks.sleepHead[lock] = client;
  else next[tail] = client;
  locks.sleepTail[lock] = client;
  state.timeline?.(client, now, activities.SLEEPING, lock);
}

/** Leaves the time until the lock's lines are here in `state.delay`. */
function take(state: EngineState, client: number, lock: number, now: number): void {
  const locks = state.lock;
  const cpu = state.client.cpu[client] ?? 0;
  const last = locks.lastCpu[lock] ?? -1;
  locks.holder[lock] = client;
  locks.lastCpu[lock] = cpu;
  locks.since[lock] = now;
  locks.grants[lock] = (locks.grants[lock] ?? 0) + 1;
  state.delay = transferNs(state, last, cpu, locks.lines[lock] ?? 0);
}

/** Time for `lines` cache lines to come from CPU `from` (-1: from nowhere) to CPU `to`. */
function transferNs(state: EngineState, from: number, to: number, lines: number): number {
  if (from < 0 || from === to) return 0;
  const { placement, latency } = state.model;
  return quantised((latency[distance(placement, from, to)] ?? 0) * lines);
}

/** The client uses shared data: `lines` of it come from the CPU that used it last. Answers the ns. */
export function moveData(state: EngineState, client: number, data: number, lines: number): number {
  const cpu = state.client.cpu[client] ?? 0;
  const last = state.dataCpu[data] ?? -1;
  state.dataCpu[data] = cpu;
  return transferNs(state, last, cpu, lines);
}

function handOver(state: EngineState, client: number, lock: number, now: number): void {
  const { mode, waitsFor, waitStart, spinStart, busyUntil } = state.client;
  const locks = state.lock;
  countWaiting(state, lock, -1, now);
  locks.waitNs[lock] = (locks.waitNs[lock] ?? 0) + now - (waitStart[client] ?? 0);
  state.spinNs += now - (spinStart[client] ?? 0);
  mode[client] = waitModes.NONE;
  waitsFor[client] = -1;
  take(state, client, lock, now);
  const { delay } = state;
  locks.handoffNs[lock] = (locks.handoffNs[lock] ?? 0) + delay;
  state.timeline?.(client, now, activities.HOLDING, lock);
  state.ready[state.readyCount] = client;
  state.readyCarry[state.readyCount] = Math.max(delay, (busyUntil[client] ?? 0) - now);
  state.readyCount += 1;
}

function leaveSpinQueue(state: EngineState, client: number, lock: number): void {
  const { next, previous } = state.client;
  const locks = state.lock;
  const before = previous[client] ?? -1;
  const after = next[client] ?? -1;
  if (before < 0) locks.spinHead[lock] = after;
  else next[before] = after;
  if (after < 0) locks.spinTail[lock] = before;
  else previous[after] = before;
}

function wakeFirst(state: EngineState, lock: number, now: number): void {
  const sleeper = state.lock.sleepHead[lock] ?? -1;
  if (state.client.mode[sleeper] !== waitModes.ASLEEP) return;
  state.client.mode[sleeper] = waitModes.WAKING;
  pushEvent(state.queue, now + state.model.wakeNs, sleeper);
}

function countWaiting(state: EngineState, lock: number, change: number, now: number): void {
  const locks = state.lock;
  const waiting = locks.waiting[lock] ?? 0;
  locks.queueArea[lock] = (locks.queueArea[lock] ?? 0) + waiting * (now - (locks.queueSince[lock] ?? 0));
  locks.queueSince[lock] = now;
  locks.waiting[lock] = waiting + change;
}
