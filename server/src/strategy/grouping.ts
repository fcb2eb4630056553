import { allocation, release, work } from '../lifecycle/allocation';
import type { Area, LifeCycle } from '../lifecycle/lifeCycle';
import type { Step } from '../lifecycle/step';
import { no, yes } from './applicability';
import {
  allocatedAreas, belongsTo, isAllocationStep, isAllocatorTrip, listed, namesOf, oneListTrip, replaceSteps, rewritten, worksIn,
} from './rewriting';
import type { ResolvedSite } from '../resolve/resolvedSite';
import { type AreaGroup, areaGroups, groupableAreas, sitesOf } from './areaGroups';
import { obstaclesToInitMany } from './counterGroup';
import type { Applicability, Strategy, StrategyContext } from './strategy';

/** PCPU_MIN_UNIT_SIZE: the largest area (include/linux/percpu.h, 6.12). */
const largestArea = 32 * 1024;

/** One structure with all the areas as members: each at its own alignment, in the given order. */
export function groupedArea(areas: readonly Area[]): Area {
  const size = areas.reduce((end, area) => Math.ceil(end / area.align) * area.align + area.size, 0);
  const align = Math.max(...areas.map((area) => area.align));
  return {
    what: `one percpu structure (${listed(areas)})`,
    size, align, atomic: false, accounted: areas.some(({ accounted }) => accounted), holder: 'caller', ...originOf(areas),
  };
}

function originOf([first]: readonly Area[]): Pick<Area, 'origin'> {
  return first?.origin === undefined ? {} : { origin: first.origin };
}

function applies(lifeCycle: LifeCycle, context: StrategyContext): Applicability {
  const groups = areaGroups(lifeCycle, context.sites);
  if (groups.length === 0) return no(tooFew(lifeCycle));
  const large = groups.map(({ areas }) => groupedArea(areas).size).find((size) => size > largestArea);
  if (large !== undefined) return no(`together ${String(large)} bytes per CPU, more than the largest area of 32 KiB`);
  return yes(groups.map((group) => groupText(group, context)).join('; and '));
}

/** How many, what, and what would have to change first. */
function groupText({ function: name, areas }: AreaGroup, context: StrategyContext): string {
  const counters = areas.filter(({ holder }) => holder === 'percpu_counter').length;
  const where = name === null ? '' : ` in ${name}`;
  const needs = [
    ...(counters > 1 ? ['percpu_counter_init_many takes one amount, one gfp and a contiguous array', ...obstaclesToInitMany(sitesOf(areas, context.sites))] : []),
    ...(counters > 0 && counters < areas.length ? ['a percpu_counter allocates by itself and would have to take memory that it is given'] : []),
    ...(new Set(areas.map(({ accounted }) => accounted)).size > 1 ? ['one gfp for all would change what is charged to the memory cgroup'] : []),
    ...releaseText(areas, context),
  ];
  return [`${String(areas.length)} areas with one lifetime${where}: ${listed(areas)}`, ...needs].join('; ');
}

/** Where members are freed tells whether they live equally long. */
function releaseText(areas: readonly Area[], { sites, releases = [] }: StrategyContext): readonly string[] {
  const freed = sitesOf(areas, sites).map(({ keeper }) => releasingFunctions(keeper, releases));
  const [first = []] = freed;
  const common = first.filter((name) => freed.every((names) => names.includes(name)));
  const known = freed.filter((names) => names.length > 0);
  if (known.length < 2) return [];
  return common.length > 0 ? [`freed together in ${common.join(' and ')}`] : ['no function frees all of them: check that they live equally long'];
}

/** Functions that free a member of that name. */
function releasingFunctions(keeper: string | null, releases: readonly ResolvedSite[]): readonly string[] {
  const member = memberName(keeper);
  return [...new Set(releases.filter((site) => memberName(site.keeper) === member).flatMap(({ fact }) => (fact.function === null ? [] : [fact.function])))];
}

function memberName(keeper: string | null): string {
  return /([A-Za-z_]\w*)\s*(?:\[[^\]]*\])?\)?$/.exec(keeper ?? '')?.[1] ?? '';
}

function tooFew(lifeCycle: LifeCycle): string {
  const all = allocatedAreas(lifeCycle).length;
  const own = groupableAreas(lifeCycle).length;
  if (all === 0) return 'nothing is allocated here';
  if (all === 1) return 'a single area: nothing to group it with';
  if (own < 2) return `${String(all - own)} of its areas are allocated inside other APIs or may not sleep, ${String(own)} could be grouped`;
  return 'its areas are allocated by different functions, in branches that exclude each other or for different objects: they live and die apart';
}

function rewrite(lifeCycle: LifeCycle, { sites }: StrategyContext): LifeCycle {
  return rewritten(areaGroups(lifeCycle, sites).reduce(grouped, lifeCycle), grouping.id);
}

function grouped(lifeCycle: LifeCycle, { areas }: AreaGroup): LifeCycle {
  const names = namesOf(areas);
  const whole = groupedArea(areas);
  const setting = { kernel: lifeCycle.kernel, growth: growthIn(lifeCycle.create) };
  const allocates = (step: Step): boolean => belongsTo(step, names) && isAllocationStep(step);
  const frees = (step: Step): boolean => belongsTo(step, names) && isAllocatorTrip(step);
  const members = work('set the pointers into the structure', { op: 'local-update', count: areas.length }, 'the object\'s constructor', whole.what);
  return {
    ...lifeCycle,
    create: oneListTrip(replaceSteps(lifeCycle.create, allocates, [...allocation(whole, setting), members]), names, whole.what),
    destroy: oneListTrip(replaceSteps(lifeCycle.destroy, frees, release(whole, setting), 'last'), names, whole.what),
    areas: [whole, ...lifeCycle.areas.filter(({ what }) => !names.has(what))],
  };
}

function growthIn(steps: readonly Step[]): number {
  const populate = worksIn(steps).find(({ operation }) => operation.op === 'populate')?.operation;
  return populate?.op === 'populate' ? (populate.growth ?? 1) : 0;
}

export const grouping: Strategy = {
  id: 'grouping',
  title: 'several areas of one object in one allocation',
  standing: { kind: 'merged', since: '6.6 for counters in one array (percpu_counter_init_many); one percpu structure for other areas is an idea, of 2025-11 for an mm' },
  changes: 'object',
  objections: [],
  sources: [
    '20230823050609.2228718-1-mjguzik@gmail.com: +39 % of execs on 26 cores',
    'lkml.iu.edu/hypermail/linux/kernel/2511.3/05142.html: one structure for the areas of an mm, by M. Desnoyers',
  ],
  prices: [
    'the members live and die together',
    'for counters: init_many takes one amount and one gfp, and destroy_many frees through the first counter only',
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
