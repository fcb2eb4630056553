/**
 * The discrete-event engine: clients execute their programs on CPUs of their own, wait for locks, are
 * interrupted, and share one percpu allocator.
 */
import { advance } from './advance';
import { type EngineModel, type EngineState, engineState, type TimelineHook, waitModes } from './engineState';
import { popEvent, pushEvent, replaceEarliest } from './eventQueue';
import { clearLatencies } from './latencyHistogram';
import { awake, goToSleep } from './lockOperations';
import { nextUniform } from './randomStream';
import { quantised, timeStep } from './simulatedTime';

/**
 * An engine at time 0: every client starts its first operation at random within `spreadNs`. (Queues keep the order of
 * arrival: in the order of CPU numbers a saturated lock would for ever go to the next CPU.)
 */
export function startEngine(model: EngineModel, spreadNs: number, timeline: TimelineHook | null = null): EngineState {
  const state = engineState(onTheGrid(model));
  state.timeline = timeline;
  state.client.mode[state.clients] = waitModes.PARKED;
  for (let client = 0; client < state.clients; client += 1) {
    const start = quantised(spreadNs * nextUniform(state.random, client));
    state.client.opStart[client] = start;
    pushEvent(state.queue, start, client);
  }
  const { tick } = state.model;
  if (tick !== null) pushEvent(state.queue, quantised(tick.periodNs / state.clients), state.clients + 1);
  return state;
}

/** Times that are added as they are have to be steps of simulated time, else sums would round. */
function onTheGrid(model: EngineModel): EngineModel {
  const { tick, population, wakeNs } = model;
  const step = (ns: number): number => Math.max(timeStep, quantised(ns));
  return {
    ...model,
    wakeNs: step(wakeNs),
    tick: tick === null ? null : { ...tick, periodNs: step(tick.periodNs), handlerNs: quantised(tick.handlerNs) },
    population: population === null
      ? null
      : { ...population, pageNs: quantised(population.pageNs), workerDelayNs: step(population.workerDelayNs) },
  };
}

/**
 * Runs until simulated time `until`, to the nearest step of it, or `operations` more are done, or about `events` more
 * have happened.
 */
export function runEngine(state: EngineState, until: number, operations = Infinity, events = Infinity): void {
  const { queue } = state;
  const last = quantised(until);
  const lastOperation = state.operations + operations;
  const lastEvent = state.events + events;
  while (queue.size > 0 && state.operations < lastOperation && state.events < lastEvent) {
    const time = queue.times[0] ?? 0;
    if (time > last) break;
    state.now = time;
    const slot = queue.slots[0] ?? 0;
    state.events += 1;
    if (slot > state.clients) tickNext(state, time);
    else resume(state, slot, time);
    while (state.readyCount > 0) runReady(state, time);
  }
  if (last < Infinity && (queue.times[0] ?? Infinity) > last) state.now = last;
}

/** Throws away what was counted so far; what is in progress is counted from now on. */
export function beginWindow(state: EngineState): void {
  const { now, client, lock, object } = state;
  state.windowStart = now;
  clearLatencies(state.latencies);
  state.operations = 0;
  state.events = 0;
  state.steps = 0;
  state.userNs = 0;
  state.workNs = 0;
  state.spinNs = 0;
  state.sleepNs = 0;
  state.irqNs = 0;
  state.irqsOffMaxNs = 0;
  state.populatedByTask = 0;
  state.populatedByWorker = 0;
  for (const sums of [lock.heldNs, lock.queueArea, lock.waitNs, lock.handoffNs, lock.arrivals, lock.grants, lock.releases, lock.contended]) sums.fill(0);
  for (const sums of [object.created, object.destroyed, object.createdAt, object.destroyedAt]) sums.fill(0);
  lock.since.fill(now);
  lock.queueSince.fill(now);
  lock.waitingAtStart.set(lock.waiting);
  lock.holder.forEach((holder, index) => (lock.heldAtStart[index] = holder < 0 ? 0 : 1));
  object.liveAtStart.set(object.live);
  client.waitStart.fill(now);
  client.spinStart.fill(now);
}

function resume(state: EngineState, client: number, now: number): void {
  if (state.client.mode[client] !== waitModes.NONE && comesLater(state, client, now)) return;
  if (advance(state, client, now, 0)) replaceEarliest(state.queue, state.nextTime);
  else popEvent(state.queue);
}

/** A sleeper that wakes, or a client whose work was lengthened by interrupts: its turn is another event. */
function comesLater(state: EngineState, client: number, now: number): boolean {
  const { mode, penalty } = state.client;
  if (mode[client] === waitModes.WAKING) {
    popEvent(state.queue);
    awake(state, client, now);
    return true;
  }
  if (mode[client] !== waitModes.INTERRUPTED) return false;
  mode[client] = waitModes.NONE;
  replaceEarliest(state.queue, now + (penalty[client] ?? 0));
  penalty[client] = 0;
  return true;
}

/** The client that was handed a lock goes on; the last one handed is the first to go on. */
function runReady(state: EngineState, now: number): void {
  state.readyCount -= 1;
  const client = state.ready[state.readyCount] ?? 0;
  if (advance(state, client, now, state.readyCarry[state.readyCount] ?? 0)) pushEvent(state.queue, state.nextTime, client);
}

/** The timer interrupt of one CPU; the CPUs take turns, so one event stands for all. */
function tickNext(state: EngineState, now: number): void {
  const { tick } = state.model;
  if (tick === null) return;
  const client = state.tickClient;
  state.tickClient = (client + 1) % state.clients;
  replaceEarliest(state.queue, now + Math.max(1, quantised(tick.periodNs / state.clients)));
  interrupt(state, client, now, tick.handlerNs, tick.reschedule);
}

function interrupt(state: EngineState, client: number, now: number, handlerNs: number, reschedule: number): void {
  const { irqDepth, irqPending, mode, penalty, busyUntil, waitsFor } = state.client;
  const doing = mode[client] ?? 0;
  if (doing === waitModes.ASLEEP || doing === waitModes.WAKING || doing === waitModes.PARKED) return;
  if ((irqDepth[client] ?? 0) > 0) {
    irqPending[client] = 1;
    return;
  }
  if (doing === waitModes.NONE || doing === waitModes.INTERRUPTED) {
    mode[client] = waitModes.INTERRUPTED;
    state.irqNs += handlerNs;
    penalty[client] = (penalty[client] ?? 0) + handlerNs;
    return;
  }
  busyUntil[client] = now + handlerNs;
  const isMutex = state.lock.kind[waitsFor[client] ?? 0] === 1;
  if (doing !== waitModes.SPINNING || !isMutex || reschedule <= 0) return;
  if (nextUniform(state.random, client) < reschedule) goToSleep(state, client, now);
}
