import { parseArgs } from 'node:util';
import { withFragmentation } from '../allocator/whatIf';
import { replayTrace, type ReplayOptions } from '../recording/replay';
import type { ReplayResult } from '../recording/replayResult';
import { chunkMapText, chunkRows } from './chunkMapText';
import { exitCodes, type Io } from './io';

export const replayUsage = 'replay TRACE --state STATE [--expect STATE] [--from T] [--to T] [--map] [--format text|json]';

const optionTable = {
  state: { type: 'string' },
  expect: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  format: { type: 'string' },
  map: { type: 'boolean' },
} as const;

interface Arguments {
  readonly replay: ReplayOptions;
  readonly format: 'text' | 'json';
  /** The chunks of the final state as well. */
  readonly map: boolean;
}

type Read = { readonly ok: true; readonly value: Arguments } | { readonly ok: false; readonly message: string };

/**
 * `percpu-lens replay`: replays a recording of a kernel on the model. Exit 0 when every allocation is exact and the final
 * state is not other than expected, 1 when not, 2 with one line when nothing could be replayed.
 */
export async function replayCommand(args: readonly string[], io: Io): Promise<number> {
  const read = readArguments(args);
  if (!read.ok) {
    io.err(`percpu-lens replay: ${read.message}\n`);
    return exitCodes.usage;
  }
  const { replay, format, map } = read.value;
  const progress = progressTo(io);
  const answer = await replayTrace({ ...replay, onProgress: progress.update });
  progress.clear();
  if (!answer.ok) {
    io.err(`percpu-lens replay: ${answer.error}\n`);
    return exitCodes.usage;
  }
  const { result } = answer;
  for (const problem of result.problems) io.err(`percpu-lens replay: ${problem}\n`);
  const chunks = map ? withFragmentation(answer.allocator) : null;
  io.out(format === 'json' ? `${JSON.stringify(chunks === null ? result : { ...result, chunks: chunkRows(chunks) })}\n` : replayText(result) + (chunks === null ? '' : chunkMapText(chunks)));
  return isAllExact(result, replay.expect !== undefined) ? exitCodes.done : exitCodes.found;
}

function isAllExact(result: ReplayResult, expected: boolean): boolean {
  const { equal } = result.final_state;
  return result.exact === result.allocations && result.unknown_frees === 0 && (expected ? equal === true : equal !== false);
}

function readArguments(args: readonly string[]): Read {
  let values: Readonly<Partial<Record<Exclude<keyof typeof optionTable, 'map'>, string>>> & { readonly map?: boolean };
  let positionals: readonly string[];
  try {
    ({ values, positionals } = parseArgs({ args: [...args], options: optionTable, allowPositionals: true }));
  } catch (error) {
    return fail(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
  const { state, expect, format = 'text' } = values;
  const [trace] = positionals;
  if (trace === undefined || positionals.length > 1) return fail(`one TRACE is wanted: ${replayUsage}`);
  if (state === undefined) return fail('--state is missing: the state from which the trace starts');
  if (format !== 'json' && format !== 'text') return fail(`--format ${format}: text and json are known`);
  const from = readTime(values.from);
  const to = readTime(values.to);
  if (from === 'wrong') return fail(`--from ${values.from ?? ''}: not a timestamp`);
  if (to === 'wrong') return fail(`--to ${values.to ?? ''}: not a timestamp`);
  if (from !== undefined && to !== undefined && to <= from) return fail(`--to ${to} is not behind --from ${from}`);
  const replay: ReplayOptions = {
    trace,
    state,
    ...(expect === undefined ? {} : { expect }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
  return { ok: true, value: { replay, format, map: values.map === true } };
}

function fail(message: string): Read {
  return { ok: false, message };
}

function readTime(text: string | undefined): number | undefined | 'wrong' {
  if (text === undefined) return undefined;
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : 'wrong';
}

/** Percent of a large file on a terminal's standard error; nothing where that is a file or a pipe. */
function progressTo(io: Io): { readonly update: ReplayOptions['onProgress'] & object; readonly clear: () => void } {
  if (!process.stderr.isTTY) return { update: () => undefined, clear: () => undefined };
  let shown = -1;
  return {
    update: ({ done, total }) => {
      const percent = total === 0 ? 100 : Math.trunc((done * 100) / total);
      if (percent === shown) return;
      shown = percent;
      io.err(`\rreplaying: ${percent} % of ${total} bytes`);
    },
    clear: () => io.err('\r\u001b[K'),
  };
}

/** The result in words. */
function replayText(result: ReplayResult): string {
  const { final_state: state, first_mismatch: mismatch } = result;
  const lines = [
    `${result.events} events, ${result.allocations} allocations, ${result.frees} frees`,
    `${result.exact} allocations exact, ${result.undetermined} undetermined, ${result.mismatched} mismatched`,
    ...result.undetermined_causes.map(({ cause, count }) => `  ${count}: ${cause}`),
    ...(mismatch === null ? [] : [`first mismatch at ${mismatch.timestamp}: ${mismatch.size} bytes aligned to ${mismatch.align}, `
      + `kernel ${placeText(mismatch.kernel)}, model ${placeText(mismatch.model)}`]),
    `order of the lock from ${result.order}`,
    `final state ${stateText(result)}`,
    ...state.differences.slice(0, 10).map(({ chunk, what, model, kernel }) =>
      `  ${chunk === null ? '' : `chunk ${chunk} `}${what}: model ${shorten(model)}, kernel ${shorten(kernel)}`),
    `Percpu: ${result.meminfo_percpu_kb} kB`,
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function placeText(place: { readonly base: string; readonly offset: number } | null): string {
  return place === null ? 'nowhere' : `chunk ${place.base} offset ${place.offset}`;
}

function stateText({ final_state: { equal, reason, difference_count: count } }: ReplayResult): string {
  if (equal === true) return 'equal in maps, hints, slots and counters';
  const differences = count === 0 ? '' : `, ${count} differences`;
  return equal === false ? `differs${differences}` : `unknown: ${reason ?? ''}${differences}`;
}

function shorten(value: string | number | boolean): string {
  const text = String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
