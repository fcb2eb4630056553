import { allocation, release, work } from '../lifecycle/allocation';
import type { Area, LifeCycle } from '../lifecycle/lifeCycle';
import type { Step } from '../lifecycle/step';
import { no, yes } from './applicability';
import {
  allocatedAreas, belongsTo, isAllocationStep, isAllocatorTrip, listed, namesOf, oneListTrip, replaceSteps, rewritten, worksIn,
} from './rewriting';
import { obstaclesToInitMany } from './counterGroup';
import type { Applicability, Strategy, StrategyContext } from './strategy';

/** PCPU_MIN_UNIT_SIZE: the largest area (include/linux/percpu.h, 6.12). */
const largestArea = 32 * 1024;

/** Areas whose pointer the object keeps itself, in requests that may sleep: these can move into one. */
export function groupableAreas(lifeCycle: LifeCycle): readonly Area[] {
  return allocatedAreas(lifeCycle).filter(
    ({ atomic, holder }) => !atomic && (holder === undefined || holder === 'caller' || holder === 'percpu_counter' || holder === 'mm_cid'),
  );
}

/** One structure with all the areas as members: each at its own alignment, in the given order. */
export function groupedArea(areas: readonly Area[]): Area {
  const size = areas.reduce((end, area) => Math.ceil(end / area.align) * area.align + area.size, 0);
  const align = Math.max(...areas.map((area) => area.align));
  return {
    what: `one percpu structure (${listed(areas)})`,
    size, align, atomic: false, accounted: areas.some(({ accounted }) => accounted), holder: 'caller',
  };
}

function applies(lifeCycle: LifeCycle, context: StrategyContext): Applicability {
  const areas = groupableAreas(lifeCycle);
  if (areas.length < 2) return no(tooFew(lifeCycle, areas));
  const { size } = groupedArea(areas);
  if (size > largestArea) return no(`together ${String(size)} bytes per CPU, more than the largest area of 32 KiB`);
  const counters = areas.filter(({ holder }) => holder === 'percpu_counter').length;
  const mixed = new Set(areas.map(({ accounted }) => accounted)).size > 1;
  return yes(
    `${String(areas.length)} areas with one lifetime: ${listed(areas)}` +
      (counters > 1 ? '; percpu_counter_init_many takes one amount, one gfp and a contiguous array' : '') +
      obstaclesToInitMany(context.sites).map((obstacle) => `; ${obstacle}`).join('') +
      (mixed ? '; one gfp for all would change what is charged to the memory cgroup' : ''),
  );
}

function tooFew(lifeCycle: LifeCycle, areas: readonly Area[]): string {
  const apis = allocatedAreas(lifeCycle).length - areas.length;
  if (apis > 0) return `${String(apis)} of its areas are allocated inside other APIs or may not sleep, ${String(areas.length)} could be grouped`;
  return areas.length === 1 ? 'a single area: nothing to group it with' : 'nothing is allocated here';
}

function rewrite(lifeCycle: LifeCycle): LifeCycle {
  const areas = groupableAreas(lifeCycle);
  const names = namesOf(areas);
  const whole = groupedArea(areas);
  const setting = { kernel: lifeCycle.kernel, growth: growthIn(lifeCycle.create) };
  const allocates = (step: Step): boolean => belongsTo(step, names) && isAllocationStep(step);
  const frees = (step: Step): boolean => belongsTo(step, names) && isAllocatorTrip(step);
  const members = work('set the pointers into the structure', { op: 'local-update', count: areas.length }, 'the object\'s constructor', whole.what);
  return rewritten(
    {
      ...lifeCycle,
      create: oneListTrip(replaceSteps(lifeCycle.create, allocates, [...allocation(whole, setting), members]), whole.what),
      destroy: oneListTrip(replaceSteps(lifeCycle.destroy, frees, release(whole, setting), 'last'), whole.what),
      areas: [whole, ...lifeCycle.areas.filter(({ what }) => !names.has(what))],
    },
    grouping.id,
  );
}

function growthIn(steps: readonly Step[]): number {
  const populate = worksIn(steps).find(({ operation }) => operation.op === 'populate')?.operation;
  return populate?.op === 'populate' ? (populate.growth ?? 1) : 0;
}

export const grouping: Strategy = {
  id: 'grouping',
  title: 'several areas of one object in one allocation',
  standing: { kind: 'merged', since: '6.6 (percpu_counter_init_many); one percpu structure per mm is an idea of 2025-11' },
  objections: [],
  sources: [
    '20230823050609.2228718-1-mjguzik@gmail.com: +39 % of execs on 26 cores',
    'lkml.iu.edu/hypermail/linux/kernel/2511.3/05142.html: one structure for the areas of an mm, by M. Desnoyers',
  ],
  prices: [
    'the members live and die together',
    'init_many takes one amount and one gfp, and destroy_many frees through the first counter only',
  ],
  checklist: [
    'put the members into one structure, ordered by alignment, and allocate that once',
    'for percpu_counters: make them one array, and call percpu_counter_init_many with the one amount and gfp that all share',
    'unwind once: every error label that freed a single member frees the structure or nothing',
    'check gfp: if one member was charged to the memory cgroup, all are now',
    'members that only some configurations have go under the same #if in the structure',
  ],
  applies,
  rewrite,
};
