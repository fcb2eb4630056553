import type { AllocatedArea, Api } from '../kernel/api';
import type { ResolvedSite } from '../resolve/resolvedSite';
import { allocation, release, type Setting, work } from './allocation';
import { addToCounter, counterBytes, destroyCounters, initCounters } from './counter';
import type { Area, AreaHolder, LifeCycle } from './lifeCycle';
import type { Step } from './step';

/**
 * Initialisers that allocate percpu memory inside: each with who holds it, what else it does on creation, and where.
 * percpu_ref allocates even in atomic mode; SRCU's percpu data is eager, only its node tree is not.
 */
interface IndirectKind {
  readonly names: RegExp;
  readonly holder: AreaHolder;
  readonly at: string;
  /** Words written to every possible CPU's copy after the allocation. */
  readonly stores?: number;
  /** Bytes from slab beside the percpu area. */
  readonly slabBytes?: number;
}

const kinds: readonly IndirectKind[] = [
  { names: /^percpu_ref_init$/, holder: 'percpu_ref', at: 'lib/percpu-refcount.c percpu_ref_init', slabBytes: 64 },
  { names: /percpu_init_rwsem$/, holder: 'percpu_rw_semaphore', at: 'kernel/locking/percpu-rwsem.c __percpu_init_rwsem' },
  { names: /init_srcu_struct/, holder: 'srcu_struct', at: 'kernel/rcu/srcutree.c init_srcu_struct_fields', stores: 10, slabBytes: 512 },
  { names: /^bpf_map_alloc_percpu/, holder: 'bpf_map', at: 'kernel/bpf/syscall.c bpf_map_alloc_percpu' },
  { names: /workqueue/, holder: 'workqueue', at: 'kernel/workqueue.c alloc_workqueue' },
];

/** Initialisers around percpu_counters: include/net/dst_ops.h, lib/flex_proportions.c, block/blk-cgroup-rwstat.c (6.12). */
const countersInside = /^(dst_entries_init|fprop_(global_init|local_init_percpu)|blkg_rwstat_init)$/;

function counterLifeCycle(site: ResolvedSite, areas: readonly Area[], setting: Setting): Partial<LifeCycle> {
  const groups = areas.map((area) => ({ area: { ...area, holder: 'percpu_counter' as const, align: 4 }, counters: Math.max(1, Math.round(area.size / 4)) }));
  const counters = groups.reduce((sum, group) => sum + group.counters, 0);
  return {
    subject: site.fact.api,
    create: groups.flatMap(({ area, counters: links }) => initCounters(area, links, setting)),
    use: groups.slice(0, 1).map(({ area }) => addToCounter(area.what, setting.kernel)),
    destroy: [...groups].reverse().flatMap(({ area, counters: links }) => destroyCounters(area, links, setting)),
    areas: groups.map(({ area }) => area),
    sharedBytes: counters * counterBytes,
    counters: { counters, scheme: 'percpu', batch: null, unitBytes: null },
  };
}

/** Steps and areas of an indirect initialiser; null where no size of it is known. */
export function indirectLifeCycle(site: ResolvedSite, setting: Setting, api: Api | undefined): Partial<LifeCycle> | null {
  const areas = areasOf(site, api);
  if (areas.length === 0) return null;
  if (countersInside.test(site.fact.api)) return counterLifeCycle(site, areas, setting);
  const kind = kinds.find(({ names }) => names.test(site.fact.api));
  return {
    subject: site.fact.api,
    create: areas.flatMap((area) => [...allocation(area, setting), ...besides(kind, area)]),
    destroy: [...areas].reverse().flatMap((area) => release(area, setting)),
    areas,
  };
}

function besides(kind: IndirectKind | undefined, area: Area): readonly Step[] {
  if (kind === undefined) return [];
  const { stores, slabBytes, at } = kind;
  return [
    ...(slabBytes === undefined ? [] : [work('allocate what goes with it', { op: 'slab', bytes: slabBytes }, at, area.what)]),
    ...(stores === undefined
      ? []
      : [work('initialise every possible CPU\'s copy', { op: 'walk', over: 'possible', loads: 0, stores, warm: true }, at, area.what)]),
  ];
}

/** Areas by the catalogue; where it knows no numbers, the resolved size of the whole site stands for one area. */
function areasOf(site: ResolvedSite, api: Api | undefined): readonly Area[] {
  if (api?.areas?.length === 0 || (site.size.source === 'catalogue' && site.size.size === 0)) return [];
  const listed = (api?.areas ?? []).filter(({ condition }) => condition === undefined);
  const sizes = listed.map((area) => sizeOf(area, site, listed.length));
  const known = sizes.every((size) => size !== null);
  if (listed.length > 0 && known) return listed.map((area, index) => toArea(area.what, sizes[index] ?? 0, alignOf(area, site), site));
  const { size } = site.size;
  return size === null ? [] : [toArea(site.fact.api, size, site.size.align ?? 8, site)];
}

function sizeOf(area: AllocatedArea, site: ResolvedSite, areas: number): number | null {
  if (typeof area.bytes === 'number') return area.bytes;
  return areas === 1 ? site.size.size : null;
}

function alignOf(area: AllocatedArea, site: ResolvedSite): number {
  return typeof area.align === 'number' ? area.align : (site.size.align ?? 8);
}

function toArea(what: string, size: number, align: number, site: ResolvedSite): Area {
  const holder = kinds.find(({ names }) => names.test(site.fact.api))?.holder ?? 'other API';
  const origin = { site: `${site.file}:${String(site.fact.line)}`, function: site.fact.function, inside: site.fact.api };
  return { what, size, align, holder, origin, atomic: site.atomic, accounted: /ACCOUNT/.test(site.gfp ?? '') };
}
