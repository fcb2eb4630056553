import { meminfoPercpu } from '../allocator/geometry';
import type { Allocator } from '../allocator/allocator';
import { neverCancelled, throwIfCancelled, type Cancellation } from '../util/cancellation';
import { accept, acceptLoss, newAssembler, type Assembler } from './assembler';
import { compareState } from './compareState';
import { readEarlyCalls } from './earlyCalls';
import { newLineParser } from './lineParser';
import type { Operation } from './operation';
import { advance, newReplayer, finish, type Replayer } from './replayer';
import { resultOf, type ReplayResult } from './replayResult';
import { allocatorFrom, readStateFile, type RecordedState } from './stateFile';
import { blankEvent, type TraceEvent } from './traceEvent';
import { noNotices, readNotice, type Notices } from './traceNotices';
import { textBlocks, type ReadProgress } from './traceText';

export interface ReplayOptions {
  /** Path of the trace: ftrace text, `trace-cmd report` or `perf script`, or calls as JSON (earlyCalls.ts), plain or gzip. */
  readonly trace: string;
  /** Path of the state from which the trace starts, plain or gzip. */
  readonly state: string;
  /** Path of the state in which it should end. */
  readonly expect?: string;
  /** Only events with a timestamp strictly between these are taken; the states hold at these points. */
  readonly from?: number;
  readonly to?: number;
  readonly onProgress?: (progress: ReadProgress) => void;
  readonly cancellation?: Cancellation;
  /** Told of every operation with who allocated, as it is applied to the allocator. */
  readonly watch?: (allocator: Allocator) => (operation: Operation) => void;
}

export type ReplayAnswer =
  | { readonly ok: true; readonly result: ReplayResult; readonly allocator: Allocator }
  /** Nothing could be replayed; one line says why. */
  | { readonly ok: false; readonly error: string };

/**
 * Replays a recording of a kernel on the model: every allocation of the trace is placed by the model, in the order
 * in which the kernel held its lock, and compared with where the kernel put it; the final state is compared with the
 * kernel's. Files that can't be used are named in the answer; only a cancellation is thrown.
 */
export async function replayTrace(options: ReplayOptions): Promise<ReplayAnswer> {
  const state = readStateFile(options.state);
  if (!state.ok) return { ok: false, error: `${options.state}: ${state.error}` };
  const expect = options.expect === undefined ? null : readStateFile(options.expect);
  if (expect !== null && !expect.ok) return { ok: false, error: `${options.expect ?? ''}: ${expect.error}` };
  const allocator = allocatorFrom(state.state);
  const replayer = newReplayer(allocator, options.watch?.(allocator) ?? null);
  let notices: Notices;
  try {
    notices = await feed(options, replayer);
  } catch (error) {
    throwIfCancelled(options.cancellation ?? neverCancelled);
    return { ok: false, error: `${options.trace}: ${error instanceof Error ? error.message : String(error)}` };
  }
  finish(replayer);
  const unusable = whyUnusable(replayer, notices, options);
  if (unusable !== null) return { ok: false, error: `${options.trace}: ${unusable}` };
  return { ok: true, result: summarise(replayer, notices, expect?.state ?? null), allocator };
}

function summarise(replayer: Replayer, notices: Notices, expect: RecordedState | null): ReplayResult {
  const { allocator } = replayer.schedule.replica;
  const differences = expect === null ? null : compareState(allocator, expect);
  const percpu = meminfoPercpu(allocator.populatedPages, allocator.units, allocator.pageSize);
  return resultOf(replayer.tally, notices, differences, percpu);
}

/** Reads the trace into the replayer: text line by line, or recorded calls at once. */
async function feed(options: ReplayOptions, replayer: Replayer): Promise<Notices> {
  const notices = noNotices();
  const assembler = newAssembler((operation) => replayer.schedule.operations.push(operation));
  const calls = await startsAsJson(options.trace) ? readEarlyCalls(options.trace) : null;
  if (calls === null) {
    await feedText(options, replayer, assembler, notices);
  } else {
    notices.lines = calls.length;
    notices.eventLines = calls.length;
    for (const event of calls) if (isInside(options, event.timestamp)) take(replayer, assembler, event);
  }
  return notices;
}

async function feedText(options: ReplayOptions, replayer: Replayer, assembler: Assembler, notices: Notices): Promise<void> {
  const { cancellation = neverCancelled } = options;
  const event = blankEvent();
  const parser = newLineParser(options.watch !== undefined);
  for await (const bytes of textBlocks(options.trace, options.onProgress)) {
    throwIfCancelled(cancellation);
    for (let start = 0; start < bytes.length; ) {
      const newline = bytes.indexOf(10, start);
      const end = newline === -1 ? bytes.length : newline;
      notices.cutOff = newline === -1;
      notices.lines += 1;
      if (parser.parse(bytes, start, end, event)) {
        notices.eventLines += 1;
        if (isInside(options, event.timestamp)) take(replayer, assembler, event);
      } else if (readNotice(bytes.toString('latin1', start, end), notices) && replayer.tally.events > 0 && isInside(options, event.timestamp)) {
        acceptLoss(assembler, event.timestamp);
      }
      start = end + 1;
    }
    advance(replayer);
  }
}

function take(replayer: Replayer, assembler: Assembler, event: TraceEvent): void {
  replayer.tally.events += 1;
  accept(assembler, event);
}

function isInside({ from, to }: ReplayOptions, timestamp: number): boolean {
  return (from === undefined || timestamp > from) && (to === undefined || timestamp < to);
}

async function startsAsJson(path: string): Promise<boolean> {
  for await (const bytes of textBlocks(path)) return bytes.toString('latin1', 0, 64).trimStart().startsWith('{');
  return false;
}

function whyUnusable(replayer: Replayer, notices: Notices, options: ReplayOptions): string | null {
  const { tally } = replayer;
  if (notices.lines === 0) return 'the trace is empty';
  if (notices.eventLines === 0) return 'no event line in it: ftrace text, trace-cmd report or perf script is expected';
  if (tally.events === 0) return `no event between ${options.from ?? 'the start'} and ${options.to ?? 'the end'}`;
  if (tally.allocations + tally.frees === 0) return 'no percpu_alloc_percpu or percpu_free_percpu event in it';
  if (tally.knownChunks > 0) return null;
  const hashed = /^0{4,}/.test(tally.firstBase);
  if (hashed) return `chunk addresses are hashed (${tally.firstBase}): record with the trace option nohash-ptr`;
  return `no chunk of the trace (the first is ${tally.firstBase}) is in ${options.state}: they are of different boots or kernels`;
}
