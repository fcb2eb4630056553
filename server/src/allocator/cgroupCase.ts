import { geometryOf, type Geometry } from './geometry';
import { allocate, newScenarioRun, percpuKilobytes, runSteps, requestOf, type ScenarioRun, type StreamStep, type Watch } from './scenarioRun';
import { setupFirstChunk } from './setup';

/**
 * The published case that led to depopulation: a thousand times one memory cgroup that stays and ten that are removed
 * again. Source: lkml 2021-03, "percpu: partial chunk depopulation" (lkml.iu.edu/hypermail/linux/kernel/2103.3/01109.html).
 */
export interface CgroupCase {
  /** Possible CPUs; units are padded as the machine would. */
  readonly cpus: number;
  readonly groups: number;
  readonly removedPerGroup: number;
  /** Percpu areas of one cgroup: bytes and alignment, in the order of their allocation. */
  readonly areas: readonly (readonly [size: number, align: number])[];
  /** `Percpu:` in kB before the first cgroup. */
  readonly startKilobytes: number;
  readonly depopulation: boolean;
}

/** `Percpu:` of /proc/meminfo in kB. */
export interface CgroupCaseResult {
  readonly before: number;
  readonly created: number;
  readonly removed: number;
  readonly chunks: number;
}

/** Figures that were published, in kB; `removed` without depopulation is that after creation. */
export const publishedCgroupCase = {
  before: 7488,
  created: 481_152,
  removedWithDepopulation: [153_920, 135_552],
} as const;

/**
 * The machine is not named: all figures are whole pages of 16 units, so 16 possible CPUs, and (481,152 - 7,488) kB for
 * 11,000 cgroups are then 2,756 bytes each. Small areas are those that 6.12 was seen to allocate for a memory cgroup; the
 * rest is split as one array of statistics of the cgroup and four of its two nodes.
 */
export const publishedCgroup: CgroupCase = {
  cpus: 16,
  groups: 1000,
  removedPerGroup: 10,
  areas: [
    [8, 8], [144, 8], [128, 64], [8, 8], [1128, 64], [320, 8], [320, 8], [320, 8], [320, 8], [4, 4], [8, 8], [8, 8], [32, 8], [8, 8],
  ],
  startKilobytes: publishedCgroupCase.before,
  depopulation: true,
};

export function runCgroupCase(question: CgroupCase, watch?: (started: ScenarioRun) => Watch): CgroupCaseResult {
  const allocator = setupFirstChunk(machine(question.cpus), { base: 0n, objectExtensions: true, depopulation: question.depopulation });
  const run = newScenarioRun(allocator);
  const watching = watch?.(run);
  let name = -1;
  while (percpuKilobytes(allocator) < question.startKilobytes) {
    // What a booted system holds: never freed here, so its shape does not matter.
    allocate(run, name, requestOf(1024, 8));
    name -= 1;
  }
  const before = percpuKilobytes(allocator);
  const members = question.removedPerGroup + 1;
  for (let cgroup = 0; cgroup < question.groups * members; cgroup += 1) runSteps(run, created(question, cgroup), watching);
  const afterCreation = percpuKilobytes(allocator);
  for (let cgroup = 0; cgroup < question.groups * members; cgroup += 1) {
    if (cgroup % members !== 0) runSteps(run, removed(question, cgroup), watching);
  }
  return { before, created: afterCreation, removed: percpuKilobytes(allocator), chunks: run.chunksMade - run.chunksDestroyed };
}

function created({ areas }: CgroupCase, cgroup: number): StreamStep[] {
  return areas.map(([size, align], index) => ({
    kind: 'alloc', name: cgroup * areas.length + index, caller: `area ${index + 1} of a cgroup, ${size} bytes`, size, align, atomic: false, reserved: false,
  }));
}

function removed({ areas }: CgroupCase, cgroup: number): StreamStep[] {
  return areas.map((_, index) => ({ kind: 'free', name: cgroup * areas.length + index }));
}

/** One node, 4K pages, the sizes of a distribution kernel. */
function machine(cpus: number): Geometry {
  return geometryOf({
    firstChunk: 'embed',
    staticSize: 233_472,
    reservedSize: 8192,
    dynamicSize: 28_672,
    atomSize: 2 * 1024 * 1024,
    pageSize: 4096,
    nodes: [Array.from({ length: cpus }, (_, cpu) => cpu)],
  });
}
