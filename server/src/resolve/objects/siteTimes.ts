import type { Times } from './membership';
import type { ObjectSource } from './objectSource';

/** Calls on the way to a site: how many of the same one after the other, and the loops around them. */
export interface RepeatedCall {
  readonly count: number;
  readonly loops: readonly string[];
}

const countingLoop = /^for \( ?(?:\w+ )?(\w+) = (\d+) ?; ?\1 (<=?|!=) ([^;]+?) ?;/;
const nodeLoop = /^for_each_(online_)?node(_state)?\b|^for_each_node_with_cpus\b/;

/** How often a site runs, by the loops and repeated calls on the way; an expression is looked up in the site's file. */
export function timesOf(calls: readonly RepeatedCall[], file: string, source: ObjectSource): Times {
  let times: Times = { count: 1, per: null, reason: '' };
  for (const { count, loops } of calls) {
    if (count > 1) times = multiplied(times, count, `${count} calls`);
    for (const loop of loops) times = inLoop(times, loop, file, source);
  }
  return times;
}

function inLoop(times: Times, loop: string, file: string, source: ObjectSource): Times {
  if (nodeLoop.test(loop)) return { ...times, per: 'memory node', reason: both(times.reason, loop) };
  const match = countingLoop.exec(loop.replace(/^for\s*\(\s*/, 'for ('));
  const [, , from = '', comparison = '', bound = ''] = match ?? [];
  const limit = match === null ? null : source.constantIn(file, bound);
  if (limit === null) return { ...times, count: null, reason: both(times.reason, loop) };
  const turns = Math.max(0, limit - Number(from) + (comparison === '<=' ? 1 : 0));
  return multiplied(times, turns, `${bound} = ${limit}`);
}

function multiplied(times: Times, by: number, reason: string): Times {
  return { ...times, count: times.count === null ? null : times.count * by, reason: both(times.reason, reason) };
}

function both(before: string, reason: string): string {
  return before === '' ? reason : `${before}, ${reason}`;
}
