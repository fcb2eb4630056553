/** Executes a client's program from where it stands up to the next moment at which time passes or it waits. */
import { activities, type EngineState, waitModes } from './engineState';
import { pushEvent } from './eventQueue';
import { addLatency } from './latencyHistogram';
import { acquire, moveData, release } from './lockOperations';
import { addDue, takeDue } from './objectLifetimes';
import { opcodes, shapes } from './program';
import { nextExponential, nextUniform } from './randomStream';
import { quantised, timeStep } from './simulatedTime';

/** Empty populated pages below which the balance worker is called, and up to which it fills. mm/percpu.c (6.12). */
const EMPTY_PAGES_LOW = 2;
const EMPTY_PAGES_HIGH = 4;

/**
 * Runs `client` at time `now`, `carry` ns of which are already spoken for. Answers when its next event is,
 * or -1 if it waits for a lock or sleeps. Instructions that others can see happen at an event of their own,
 * so time that was carried is spent first.
 */
export function advance(state: EngineState, client: number, now: number, carry: number): number {
  const { program } = state.model;
  const { opcode, target } = program;
  const { pc } = state.client;
  let at = pc[client] ?? 0;
  let spent = carry;
  for (;;) {
    switch (opcode[at]) {
      case opcodes.WORK:
        spent += work(state, client, at, now + spent);
        break;
      case opcodes.MOVE:
        spent += move(state, client, at);
        break;
      case opcodes.THINK:
      case opcodes.PAUSE:
        spent += think(state, client, at, now + spent);
        break;
      case opcodes.ACQUIRE: {
        if (spent > 0) return stopAt(state, client, at, now + spent);
        const delay = begin(state, client, at, now);
        if (delay < 0) return delay;
        spent = delay;
        break;
      }
      case opcodes.RELEASE:
        if (spent > 0) return stopAt(state, client, at, now + spent);
        release(state, target[at] ?? 0, now);
        spent = finish(state, client, at, now);
        break;
      case opcodes.END:
        return end(state, client, now + spent);
      default:
        if (opcode[at] === opcodes.PARK) return park(state, client, at);
        spent += bookkeeping(state, client, at, now + spent);
        at = follow(state, client, at, now + spent);
        continue;
    }
    at += 1;
  }
}

function stopAt(state: EngineState, client: number, at: number, time: number): number {
  state.client.pc[client] = at;
  return time;
}

function work(state: EngineState, client: number, at: number, start: number): number {
  const ns = sample(state, client, at);
  state.workNs += ns;
  state.steps += 1;
  if (state.timeline !== null) state.timeline(client, start, activities.KERNEL, -1);
  return ns;
}

function move(state: EngineState, client: number, at: number): number {
  const { target, value } = state.model.program;
  const ns = moveData(state, client, target[at] ?? 0, value[at] ?? 0);
  state.workNs += ns;
  return ns;
}

/** Time outside the kernel, or asleep in it. */
function think(state: EngineState, client: number, at: number, start: number): number {
  const ns = sample(state, client, at);
  const sleeps = state.model.program.opcode[at] === opcodes.PAUSE;
  state.steps += 1;
  if (state.timeline !== null) state.timeline(client, start, sleeps ? activities.SLEEPING : activities.USER, -1);
  if (sleeps) {
    state.sleepNs += ns;
    return ns;
  }
  const { opThink } = state.client;
  opThink[client] = (opThink[client] ?? 0) + ns;
  state.userNs += ns;
  return ns;
}

function sample(state: EngineState, client: number, at: number): number {
  const { program, jitter } = state.model;
  const mean = program.value[at] ?? 0;
  switch (program.shape[at]) {
    case shapes.EXPONENTIAL:
      return quantised(mean * nextExponential(state.random, client));
    case shapes.UNIFORM:
      return quantised(mean * (1 + jitter * (2 * nextUniform(state.random, client) - 1)));
    default:
      return quantised(mean);
  }
}

/** Starts to acquire: interrupts go off first, then the lock is taken (ns until it is here) or waited for (-1). */
function begin(state: EngineState, client: number, at: number, now: number): number {
  const { program } = state.model;
  const { irqDepth, irqOffSince, pc } = state.client;
  if ((program.value[at] ?? 0) > 0) {
    const depth = irqDepth[client] ?? 0;
    if (depth === 0) irqOffSince[client] = now;
    irqDepth[client] = depth + 1;
  }
  pc[client] = at + 1;
  const lock = program.target[at] ?? 0;
  const delay = acquire(state, client, lock, now);
  if (state.timeline !== null) state.timeline(client, now, delay < 0 ? activities.WAITING : activities.HOLDING, lock);
  return delay;
}

/** After a release: interrupts come back on; one that was held up runs now. Answers its ns. */
function finish(state: EngineState, client: number, at: number, now: number): number {
  const { program, tick } = state.model;
  const { irqDepth, irqOffSince, irqPending } = state.client;
  state.steps += 1;
  if (state.timeline !== null) state.timeline(client, now, activities.RELEASED, program.target[at] ?? 0);
  if ((program.value[at] ?? 0) === 0) return 0;
  const depth = (irqDepth[client] ?? 0) - 1;
  irqDepth[client] = depth;
  if (depth > 0) return 0;
  state.irqsOffMaxNs = Math.max(state.irqsOffMaxNs, now - (irqOffSince[client] ?? 0));
  if (irqPending[client] !== 1 || tick === null) return 0;
  irqPending[client] = 0;
  state.irqNs += tick.handlerNs;
  return tick.handlerNs;
}

function end(state: EngineState, client: number, time: number): number {
  const { opStart, opThink, pc } = state.client;
  const started = opStart[client] ?? 0;
  // A program without any time would never let the others run.
  const done = Math.max(time, started + timeStep);
  addLatency(state.latencies, done - started - (opThink[client] ?? 0));
  state.operations += 1;
  opStart[client] = done;
  opThink[client] = 0;
  pc[client] = state.model.entries[client] ?? 0;
  return done;
}

function park(state: EngineState, client: number, at: number): number {
  state.client.pc[client] = at + 1;
  state.client.mode[client] = waitModes.PARKED;
  return -1;
}

/** The instruction after `at`. */
function follow(state: EngineState, client: number, at: number, time: number): number {
  const { opcode, target, value } = state.model.program;
  if (opcode[at] === opcodes.JUMP) return value[at] ?? 0;
  if (opcode[at] !== opcodes.UNLESS_DUE) return at + 1;
  return takeDue(state, client, target[at] ?? 0, time) ? at + 1 : (value[at] ?? 0);
}

/** Instructions that only count. Answers the ns they take: those of a page that is populated here. */
function bookkeeping(state: EngineState, client: number, at: number, time: number): number {
  const { opcode, target, value } = state.model.program;
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
