/** Executes a client's program from where it stands up to the next moment at which time passes or it waits. */
import { EMPTY_PAGES_HIGH, EMPTY_PAGES_LOW } from '../allocator/allocator';
import { activities, type EngineState, waitModes } from './engineState';
import { pushEvent } from './eventQueue';
import { addLatency } from './latencyHistogram';
import { acquire, moveData, release } from './lockOperations';
import { addDue, takeDue } from './objectLifetimes';
import { opcodes, shapes } from './program';
import { nextExponential, nextUniform } from './randomStream';
import { quantised, timeStep } from './simulatedTime';

/**
 * Runs `client` at time `now`, `carry` ns of which are already spoken for. Answers whether it has a next event, at
 * `state.nextTime`; if not it waits for a lock or sleeps. Instructions that others can see happen at an event of their
 * own, so time that was carried is spent first. (Times are left in fields of the state: each one that a function
 * returns would be allocated.)
 */
export function advance(state: EngineState, client: number, now: number, carry: number): boolean {
  const { opcode } = state;
  let at = state.client.pc[client] ?? 0;
  let spent = carry;
  for (;;) {
    switch (opcode[at]) {
      case opcodes.WORK:
        sample(state, client, at);
        spent += state.sampled;
        state.workNs += state.sampled;
        state.steps += 1;
        show(state, client, now + spent - state.sampled, activities.KERNEL, -1);
        break;
      case opcodes.MOVE:
        spent += move(state, client, at);
        break;
      case opcodes.THINK:
      case opcodes.PAUSE:
        sample(state, client, at);
        outside(state, client, at, now + spent);
        spent += state.sampled;
        break;
      case opcodes.ACQUIRE:
        if (spent > 0) return stopAt(state, client, at, now + spent);
        if (!begin(state, client, at, now)) return false;
        spent = state.delay;
        break;
      case opcodes.RELEASE:
        if (spent > 0) return stopAt(state, client, at, now + spent);
        release(state, state.target[at] ?? 0, now);
        state.steps += 1;
        show(state, client, now, activities.RELEASED, state.target[at] ?? 0);
        if ((state.value[at] ?? 0) > 0) spent = interruptsOn(state, client, now);
        break;
      case opcodes.END:
        spent = leastTime(state, client, now, spent);
        at = end(state, client, now + spent);
        if (spent > 0) return stopAt(state, client, at, now + spent);
        continue;
      default:
        if (opcode[at] === opcodes.PARK) return park(state, client);
        spent += bookkeeping(state, client, at, now + spent);
        at = follow(state, client, at, now + spent);
        continue;
    }
    at += 1;
  }
}

function show(state: EngineState, client: number, time: number, activity: number, lock: number): void {
  if (state.timeline !== null) state.timeline(client, time, activity, lock);
}

function stopAt(state: EngineState, client: number, at: number, time: number): true {
  state.client.pc[client] = at;
  state.nextTime = time;
  return true;
}

function move(state: EngineState, client: number, at: number): number {
  const ns = moveData(state, client, state.target[at] ?? 0, state.value[at] ?? 0);
  state.workNs += ns;
  return ns;
}

/** The sampled time is spent outside the kernel, or asleep in it. */
function outside(state: EngineState, client: number, at: number, start: number): void {
  const sleeps = state.opcode[at] === opcodes.PAUSE;
  state.steps += 1;
  show(state, client, start, sleeps ? activities.SLEEPING : activities.USER, -1);
  if (sleeps) {
    state.sleepNs += state.sampled;
    return;
  }
  const { opThink } = state.client;
  opThink[client] = (opThink[client] ?? 0) + state.sampled;
  state.userNs += state.sampled;
}

/** Leaves the time of the instruction at `at` in `state.sampled`. */
function sample(state: EngineState, client: number, at: number): void {
  const mean = state.value[at] ?? 0;
  const shape = state.shape[at] ?? 0;
  let factor = 1;
  if (shape === shapes.EXPONENTIAL) factor = nextExponential(state.random, client);
  else if (shape === shapes.UNIFORM) factor += state.model.jitter * (2 * nextUniform(state.random, client) - 1);
  state.sampled = quantised(mean * factor);
}

/** Starts to acquire: interrupts go off first, then the lock is taken (`state.delay` ns until it is here) or waited for. */
function begin(state: EngineState, client: number, at: number, now: number): boolean {
  const { irqDepth, irqOffSince, pc } = state.client;
  if ((state.value[at] ?? 0) > 0) {
    const depth = irqDepth[client] ?? 0;
    if (depth === 0) irqOffSince[client] = now;
    irqDepth[client] = depth + 1;
  }
  pc[client] = at + 1;
  const lock = state.target[at] ?? 0;
  const taken = acquire(state, client, lock, now);
  show(state, client, now, taken ? activities.HOLDING : activities.WAITING, lock);
  return taken;
}

/** Interrupts come back on after a release; one that was held up runs now. Answers its ns. */
function interruptsOn(state: EngineState, client: number, now: number): number {
  const { tick } = state.model;
  const { irqDepth, irqOffSince, irqPending } = state.client;
  const depth = (irqDepth[client] ?? 0) - 1;
  irqDepth[client] = depth;
  if (depth > 0) return 0;
  state.irqsOffMaxNs = Math.max(state.irqsOffMaxNs, now - (irqOffSince[client] ?? 0));
  if (irqPending[client] !== 1 || tick === null) return 0;
  irqPending[client] = 0;
  state.irqNs += tick.handlerNs;
  return tick.handlerNs;
}

/** A program without any time would never let the others run. */
function leastTime(state: EngineState, client: number, now: number, spent: number): number {
  return spent === 0 && state.client.opStart[client] === now ? timeStep : spent;
}

/** One operation is done. Answers where the next one starts. */
function end(state: EngineState, client: number, time: number): number {
  const { opStart, opThink } = state.client;
  addLatency(state.latencies, time - (opStart[client] ?? 0) - (opThink[client] ?? 0));
  state.operations += 1;
  opStart[client] = time;
  opThink[client] = 0;
  return state.entries[client] ?? 0;
}

function park(state: EngineState, client: number): false {
  state.client.mode[client] = waitModes.PARKED;
  return false;
}

/** The instruction after `at`. */
function follow(state: EngineState, client: number, at: number, time: number): number {
  const { opcode, target, value } = state;
  if (opcode[at] === opcodes.JUMP) return value[at] ?? 0;
  if (opcode[at] !== opcodes.UNLESS_DUE) return at + 1;
  return takeDue(state, client, target[at] ?? 0, time) ? at + 1 : (value[at] ?? 0);
}

/** Instructions that only count. Answers the ns they take: those of a page that is populated here. */
function bookkeeping(state: EngineState, client: number, at: number, time: number): number {
  const { opcode, target, value } = state;
  const object = target[at] ?? 0;
  const { object: objects } = state;
  switch (opcode[at]) {
    case opcodes.GROW:
      return grow(state, client, value[at] ?? 0, time);
    case opcodes.SHRINK:
      state.liveBytes -= value[at] ?? 0;
      return 0;
    case opcodes.CREATED:
      objects.live[object] = (objects.live[object] ?? 0) + 1;
      objects.created[object] = (objects.created[object] ?? 0) + 1;
      objects.createdAt[object] = (objects.createdAt[object] ?? 0) + time - state.windowStart;
      addDue(state, client, object, time);
      return 0;
    case opcodes.DESTROYED:
      objects.live[object] = (objects.live[object] ?? 0) - 1;
      objects.destroyed[object] = (objects.destroyed[object] ?? 0) + 1;
      objects.destroyedAt[object] = (objects.destroyedAt[object] ?? 0) + time - state.windowStart;
      return 0;
    case opcodes.POPULATE:
      return populate(state);
    default:
      return 0;
  }
}

function grow(state: EngineState, client: number, bytes: number, time: number): number {
  const { population } = state.model;
  state.liveBytes += bytes;
  if (population === null) return 0;
  let ns = 0;
  while (state.liveBytes > state.populatedBytes) {
    state.populatedBytes += population.pageBytes;
    state.populatedByTask += 1;
    ns += population.pageNs;
  }
  const spare = state.populatedBytes - state.liveBytes;
  if (spare < EMPTY_PAGES_LOW * population.pageBytes) callWorker(state, client, time + ns);
  return ns;
}

function callWorker(state: EngineState, client: number, time: number): void {
  const { model, client: clients } = state;
  const worker = state.clients;
  if (model.population === null || model.workerEntry < 0 || state.workerWanted) return;
  state.workerWanted = true;
  if (clients.mode[worker] !== waitModes.PARKED) return;
  clients.mode[worker] = waitModes.NONE;
  clients.cpu[worker] = clients.cpu[client] ?? 0;
  clients.pc[worker] = model.workerEntry;
  pushEvent(state.queue, time + model.population.workerDelayNs, worker);
}

function populate(state: EngineState): number {
  const { population } = state.model;
  state.workerWanted = false;
  if (population === null) return 0;
  const wanted = EMPTY_PAGES_HIGH * population.pageBytes - (state.populatedBytes - state.liveBytes);
  const pages = Math.max(0, Math.ceil(wanted / population.pageBytes));
  state.populatedBytes += pages * population.pageBytes;
  state.populatedByWorker += pages;
  return pages * population.pageNs;
}
