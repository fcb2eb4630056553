import { bitsOf } from '../allocator/areaSearch';
import { GRANULE } from '../allocator/chunk';
import { nothing, type AllocationRequest, type Operation, type OperationKind } from './operation';
import { blankEvent, isProbe, type TraceEvent } from './traceEvent';

/**
 * Makes operations of events: puts a request's probes and its tracepoint together, tells one hold of the lock
 * from the next, and leaves out tracepoints that a probe already stands for.
 */
export interface Assembler {
  readonly emit: (operation: Operation) => void;
  readonly tasks: Map<number, Task>;
  /** Number of the next operation. */
  index: number;
  /** Probes inside the lock were seen. */
  probed: boolean;
  /** The task that held the lock at the last probe inside it: its hold goes on while no other's is seen. */
  holder: number;
  /** Index at which tasks that did nothing for long are forgotten. */
  forgetAt: number;
}

/** What is known of a task. Interrupts that allocate or free run in the name of the task that they interrupt. */
interface Task {
  /** Requests under way, the innermost last. */
  readonly open: OpenRequest[];
  /** The free that a probe announced, until its tracepoint comes. */
  freeBase: string;
  freeOffset: number;
  lastOperation: number;
}

interface OpenRequest {
  readonly request: AllocationRequest;
  /** The probe on the taking of the area was seen, and none that the taking failed. */
  took: boolean;
}

const NOBODY = Number.NaN;

export function newAssembler(emit: (operation: Operation) => void): Assembler {
  return { emit, tasks: new Map(), index: 0, probed: false, holder: NOBODY, forgetAt: OLD };
}

/** Takes the next event of the trace; operations are emitted in the order of the lock as far as it is known. */
export function accept(assembler: Assembler, event: TraceEvent): void {
  if (event.kind === 'other' || event.kind === 'mark') return;
  const task = taskOf(assembler, event.task);
  if (isProbe(event.kind)) {
    assembler.probed = true;
    acceptProbe(assembler, event, task);
  } else {
    acceptTracepoint(assembler, event, task);
  }
}

/** Events were lost here: what the tasks were about is not known any more. */
export function acceptLoss(assembler: Assembler, timestamp: number): void {
  for (const task of assembler.tasks.values()) {
    for (const { request } of task.open) request.resolved = true;
    task.open.length = 0;
    task.freeBase = '';
  }
  assembler.holder = NOBODY;
  put(assembler, { ...blankEvent(), timestamp, task: NOBODY }, 'lost', newTask());
}

function acceptTracepoint(assembler: Assembler, event: TraceEvent, task: Task): void {
  switch (event.kind) {
    case 'alloc':
    case 'alloc-failed':
      complete(assembler, event, task);
      return;
    case 'free':
      if (task.freeBase !== event.base || task.freeOffset !== event.offset) put(assembler, event, 'free', task);
      task.freeBase = '';
      return;
    case 'create':
    case 'destroy':
      put(assembler, event, event.kind, task);
      if (event.task === assembler.holder) assembler.holder = NOBODY;
      return;
    default:
  }
}

function acceptProbe(assembler: Assembler, event: TraceEvent, task: Task): void {
  switch (event.kind) {
    case 'probe-fit':
      acceptFit(assembler, event, task);
      break;
    case 'probe-area':
      acceptArea(assembler, event, task);
      break;
    case 'probe-free':
      put(assembler, event, 'free', task);
      task.freeBase = event.base;
      task.freeOffset = event.offset;
      break;
    case 'probe-area-return':
      untake(task.open.at(-1));
      return;
    case 'probe-relocate':
      put(assembler, event, 'fresh', task);
      return;
    case 'probe-balance':
    case 'probe-balance-return':
      put(assembler, event, event.kind === 'probe-balance' ? 'balance' : 'balance-return', task);
      return;
    case 'probe-populated':
    case 'probe-depopulated':
      put(assembler, event, event.kind === 'probe-populated' ? 'populated' : 'depopulated', task);
      break;
    case 'probe-trim':
    case 'probe-trim-return':
      put(assembler, event, event.kind === 'probe-trim' ? 'trim' : 'trim-return', task);
      break;
    default:
  }
  assembler.holder = event.task;
}

/** A chunk is asked for room: a new request, a new hold of the lock for one under way, or the next chunk of a hold. */
function acceptFit(assembler: Assembler, event: TraceEvent, task: Task): void {
  const top = task.open.at(-1);
  const searching = top !== undefined && asks(top.request, event) && !top.took;
  if (!searching) put(assembler, event, 'attempt', task, open(event, task).request);
  else if (assembler.holder !== event.task) put(assembler, event, 'attempt', task, top.request);
}

function acceptArea(assembler: Assembler, event: TraceEvent, task: Task): void {
  let top = task.open.at(-1);
  if (top === undefined || top.took || !asksForArea(top.request, event)) {
    top = open(event, task);
    put(assembler, event, 'attempt', task, top.request);
  }
  top.took = true;
}

function open(event: TraceEvent, task: Task): OpenRequest {
  const opened = { request: requestOf(event, true), took: false };
  task.open.push(opened);
  return opened;
}

/** The area was not there after all: the search goes on with the next chunk. */
function untake(opened: OpenRequest | undefined): void {
  if (opened !== undefined) opened.took = false;
}

/** The tracepoint at the end of a request; without probes it stands for the whole request. */
function complete(assembler: Assembler, event: TraceEvent, task: Task): void {
  const failed = event.kind === 'alloc-failed';
  const found = task.open.findLastIndex((opened) => asksForArea(opened.request, event) && opened.took !== failed);
  const request = found === -1 ? requestOf(event, false) : task.open.splice(found, 1)[0]?.request;
  if (request === undefined) return;
  request.atomic = event.atomic;
  request.reserved = event.reserved;
  request.resolved = true;
  request.failed = failed;
  request.base = event.base;
  request.at = event.offset / GRANULE;
  request.caller = event.caller;
  if (found === -1) put(assembler, event, 'attempt', task, request);
  else if (!event.interrupt) task.lastOperation = assembler.index - 1;
}

function put(
  assembler: Assembler, event: TraceEvent, kind: OperationKind, task: Task, request: AllocationRequest | null = null,
): void {
  const { index } = assembler;
  assembler.index += 1;
  assembler.emit({
    kind,
    index,
    timestamp: event.timestamp,
    task: event.task,
    base: event.base,
    at: event.offset / GRANULE,
    start: event.start,
    end: event.end,
    emptyOnly: event.emptyOnly,
    request,
    earliest: task.lastOperation,
    before: nothing,
    moved: false,
    probed: assembler.probed,
    adopted: false,
  });
  if (!event.interrupt) task.lastOperation = index;
}

/** Longer ago, in operations, than any order is looked at. */
const OLD = 32768;

function taskOf(assembler: Assembler, id: number): Task {
  const { tasks } = assembler;
  const known = tasks.get(id);
  if (known !== undefined) return known;
  if (assembler.index >= assembler.forgetAt) forgetOld(assembler);
  const task = newTask();
  tasks.set(id, task);
  return task;
}

function newTask(): Task {
  return { open: [], freeBase: '', freeOffset: 0, lastOperation: -1 };
}

function forgetOld(assembler: Assembler): void {
  const { tasks, index } = assembler;
  assembler.forgetAt = index + OLD;
  for (const [id, task] of tasks) {
    if (task.open.length === 0 && task.freeBase === '' && task.lastOperation < index - OLD) tasks.delete(id);
  }
}

function requestOf(event: TraceEvent, probed: boolean): AllocationRequest {
  return {
    task: event.task,
    bits: bitsOf(event.size),
    align: alignOf(event),
    atomic: event.atomic,
    reserved: false,
    probed,
    resolved: false,
    failed: false,
    base: '',
    at: 0,
    caller: '',
    created: null,
    outcome: 'pending',
    cause: null,
  };
}

function alignOf(event: TraceEvent): number {
  return Math.max(event.align, GRANULE) / GRANULE;
}

function asksForArea(request: AllocationRequest, event: TraceEvent): boolean {
  return request.bits === bitsOf(event.size) && request.align === alignOf(event);
}

function asks(request: AllocationRequest, event: TraceEvent): boolean {
  return asksForArea(request, event) && request.atomic === event.atomic;
}
