import { publishedCgroup, publishedCgroupCase, runCgroupCase, type CgroupCaseResult } from '../allocator/cgroupCase';
import type { Frame, Timeline } from '../allocator/chunkTimeline';
import { watchRun } from '../allocator/scenarioTimeline';
import type { WhatIfResult } from '../allocator/whatIf';
import type { ChunkMapAreasReply, ChunkMapFrameReply, ChunkMapHead, ChunkMapSource, RecordingFiles, WireChunk } from '../protocol/chunkMap';
import { recordedCpus } from '../recording/recordedMachine';
import { recordedTimeline } from '../recording/recordedTimeline';
import type { ReplayResult } from '../recording/replayResult';
import { readStateFile } from '../recording/stateFile';
import { streamStrategies } from '../recording/streamStrategies';
import { whatIfTimeline } from '../recording/whatIfTimeline';
import { never } from '../util/never';

/** A map that was made: its head for the reader, its frames to be asked for. */
export interface ChunkMap {
  readonly head: ChunkMapHead;
  readonly timeline: Timeline;
}

export type MadeMap = { readonly ok: true; readonly map: ChunkMap } | { readonly ok: false; readonly error: string };

/** Makes the map of a source. Files that cannot be used are named in the answer. */
export async function makeChunkMap(source: ChunkMapSource, onProgress: (progress: { done: number; total: number }) => void): Promise<MadeMap> {
  switch (source.kind) {
    case 'recording':
      return recordedMap(source.files, onProgress);
    case 'what-if':
      return whatIfMap(source);
    case 'cgroup-case':
      return cgroupMap(source.cpus, source.depopulation);
    default:
      return never(source);
  }
}

async function recordedMap(files: RecordingFiles, onProgress: (progress: { done: number; total: number }) => void): Promise<MadeMap> {
  const answer = await recordedTimeline({ ...files, onProgress });
  if (!answer.ok) return answer;
  const { timeline, result } = answer;
  const head = headOf(`Recording ${nameOf(files.trace)}`, timeline, {
    summary: replaySentences(result),
    problems: result.problems,
    cpus: cpusOf(files.state, timeline.units),
    strategies: streamStrategies.map(({ id, title }) => ({ id, title })),
  });
  return { ok: true, map: { head, timeline } };
}

async function whatIfMap({ files, cpus, strategy, order }: Extract<ChunkMapSource, { kind: 'what-if' }>): Promise<MadeMap> {
  const answer = await whatIfTimeline({ recording: files, cpus, strategy, order });
  if (!answer.ok) return answer;
  const { timeline, result, assumptions } = answer;
  const head = headOf(`What if: ${nameOf(files.trace)} on ${cpus} possible CPUs, ${strategy}`, timeline, {
    summary: whatIfSentences(result), assumptions, cpus, strategies: streamStrategies.map(({ id, title }) => ({ id, title })),
  });
  return { ok: true, map: { head, timeline } };
}

function cgroupMap(cpus: number, depopulation: boolean): MadeMap {
  const run = watchRun();
  const result = runCgroupCase({ ...publishedCgroup, cpus, depopulation }, run.watch);
  const timeline = run.timeline();
  const head = headOf(`11,000 memory cgroups, ten of eleven removed, ${depopulation ? 'with' : 'without'} depopulation`, timeline, {
    summary: cgroupSentences(result, cpus, depopulation),
    assumptions: [
      'The machine of the report is not named there: 16 possible CPUs and 2,756 bytes of a cgroup follow from its figures, the split into areas is assumed.',
      'The balance work runs as soon as it is asked for; nothing fails.',
    ],
    cpus,
  });
  return { ok: true, map: { head, timeline } };
}

type Said = Pick<ChunkMapHead, 'summary' | 'cpus'> & Partial<Pick<ChunkMapHead, 'assumptions' | 'problems' | 'strategies'>>;

function headOf(title: string, { units, pageSize, frames }: Timeline, said: Said): ChunkMapHead {
  return {
    assumptions: [], problems: [], strategies: [], ...said,
    title, units, page_size: pageSize,
    frames: frames.map(({ events, timestamp, percpuKilobytes }) => ({ events, timestamp, percpu_kb: percpuKilobytes })),
  };
}

/** `/var/tmp/trace.txt.gz` is told as `trace.txt.gz`. */
function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

function cpusOf(stateFile: string, units: number): number {
  const state = readStateFile(stateFile);
  return state.ok ? recordedCpus(state.state) : units;
}

function replaySentences(result: ReplayResult): string[] {
  const { exact, allocations, undetermined, mismatched } = result;
  const placed = exact === allocations ? `All ${count(allocations)} allocations are where the kernel put them` : `${count(exact)} of ${count(allocations)} allocations are where the kernel put them, ${count(undetermined)} not determined by the trace, ${count(mismatched)} not explained`;
  return [
    `Percpu: ${count(result.meminfo_percpu_kb)} kB is what /proc/meminfo says in the state at the end.`,
    `${placed}; order of the lock from ${result.order}.`,
    `${count(result.frees)} frees; ${count(result.chunks_created)} chunks made, ${count(result.chunks_destroyed)} destroyed.`,
  ];
}

function whatIfSentences(result: WhatIfResult): string[] {
  return [
    `Percpu: ${count(result.percpuKilobytes)} kB at the end, ${count(result.peakKilobytes)} kB at most.`,
    `${count(result.liveAreas)} areas live at the end; ${count(result.chunksMade)} chunks made, ${count(result.chunksDestroyed)} destroyed; units of ${count(result.unitSize / 1024)} KiB.`,
    ...(result.failed === 0 ? [] : [`${count(result.failed)} requests found no place.`]),
  ];
}

function cgroupSentences({ before, created, removed }: CgroupCaseResult, cpus: number, depopulation: boolean): string[] {
  const [most, least] = publishedCgroupCase.removedWithDepopulation;
  const published = depopulation ? `${count(least)} to ${count(most)} kB` : `${count(publishedCgroupCase.created)} kB`;
  return [
    `Percpu: ${count(before)} kB before, ${count(created)} kB with all cgroups, ${count(removed)} kB after ten of eleven were removed.`,
    ...(cpus === publishedCgroup.cpus ? [`Published: ${count(publishedCgroupCase.before)}, ${count(publishedCgroupCase.created)} and ${published}.`] : []),
  ];
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function frameOf({ timeline }: ChunkMap, index: number): ChunkMapFrameReply {
  const frame = timeline.frames[index];
  return frame === undefined ? { state: 'refused', reason: `there is no frame ${index}` } : { state: 'done', chunks: chunksOf(frame) };
}

function chunksOf(frame: Frame): WireChunk[] {
  return frame.chunks.map(({ image: { view, fragmentation }, place }) => ({
    base: view.base,
    role: view.role,
    place,
    used: view.pages.map(({ usedBytes }) => usedBytes),
    populated: view.pages.map(({ populated }) => (populated ? '1' : '0')).join(''),
    areas: view.areas,
    used_bytes: view.usedBytes,
    free_bytes: view.freeBytes,
    largest_hole: view.largestHole,
    hinted_hole: view.hintedHole,
    populated_pages: view.populatedPages,
    empty_populated_pages: view.emptyPopulatedPages,
    memory_bytes: view.memoryBytes,
    sum_of_holes: fragmentation.sumOfHoles,
    median_area: fragmentation.medianArea,
    unusable_for_page: fragmentation.unusableForPage,
  }));
}

/** The areas of one chunk in one frame, by offset, with who allocated them. */
export function areasIn({ timeline }: ChunkMap, index: number, base: string): ChunkMapAreasReply {
  const found = timeline.frames[index]?.chunks.find(({ image }) => image.view.base === base);
  if (found === undefined) return { state: 'refused', reason: `there is no chunk ${base} in frame ${index}` };
  const { areas } = found.image;
  return {
    state: 'done',
    areas: Array.from({ length: areas.length / 3 }, (_, at) => ({
      offset: areas[at * 3] ?? 0,
      size: areas[at * 3 + 1] ?? 0,
      owner: timeline.owners[areas[at * 3 + 2] ?? -1] ?? null,
    })),
  };
}

