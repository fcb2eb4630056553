import type { Timeline } from '../allocator/chunkTimeline';
import { watchRun } from '../allocator/scenarioTimeline';
import { whatIf, type AllocationOrder, type WhatIfResult } from '../allocator/whatIf';
import { readStream } from './allocationStream';
import { recordedMachine } from './recordedMachine';
import type { ReplayOptions } from './replay';
import { readStateFile } from './stateFile';
import { streamStrategies } from './streamStrategies';

/** A recording on another machine, with another strategy, or with what was live at its start in another order. */
export interface RecordedQuestion {
  readonly recording: Pick<ReplayOptions, 'trace' | 'state' | 'from' | 'to'>;
  readonly cpus: number;
  readonly strategy: string;
  readonly order: AllocationOrder;
}

export type WhatIfAnswer =
  | { readonly ok: true; readonly timeline: Timeline; readonly result: WhatIfResult; readonly assumptions: readonly string[] }
  | { readonly ok: false; readonly error: string };

/** Runs the recording's requests on a fresh allocator: the first chunk of that machine, then what was live, then the trace. */
export async function whatIfTimeline({ recording, cpus, strategy, order }: RecordedQuestion): Promise<WhatIfAnswer> {
  const chosen = streamStrategies.find(({ id }) => id === strategy);
  if (chosen === undefined) return { ok: false, error: `no strategy ${strategy}: there are ${streamStrategies.map(({ id }) => id).join(', ')}` };
  const state = readStateFile(recording.state);
  if (!state.ok) return { ok: false, error: `${recording.state}: ${state.error}` };
  const stream = await readStream(recording);
  if (!stream.ok) return { ok: false, error: stream.error };
  const { start, steps } = stream.stream;
  if (steps.length === 0) return { ok: false, error: `${recording.trace}: no percpu_alloc_percpu or percpu_free_percpu event in it` };
  const run = watchRun();
  const geometry = recordedMachine(state.state, cpus);
  const result = whatIf({ geometry, depopulation: true, start, steps, order, rewrite: chosen.rewrite }, run.watch);
  return { ok: true, timeline: run.timeline(), result, assumptions: assumptionsOf(chosen.assumption, order) };
}

function assumptionsOf(strategy: string, order: AllocationOrder): string[] {
  return [
    'What was live at the start is allocated anew, so that holes between it are gone; its alignments are guessed from its places.',
    'The balance work runs as soon as it is asked for; nothing fails.',
    ...(order === 'as recorded' ? [] : [`What was live at the start came ${order}.`]),
    ...(strategy === '' ? [] : [`${strategy[0]?.toUpperCase() ?? ''}${strategy.slice(1)}.`]),
  ];
}
