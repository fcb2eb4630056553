import { work } from '../lifecycle/allocation';
import type { Area, LifeCycle, Pinned } from '../lifecycle/lifeCycle';
import type { Hold, Step } from '../lifecycle/step';
import type { ObjectKindId } from '../resolve/objects/membership';
import { objectCache, overwrites } from './objectFacts';
import { no, yes } from './applicability';
import { allocatedAreas, belongsTo, isAllocatorTrip, isListTrip, isOperation, listed, namesOf, rewritten, worksIn } from './rewriting';
import type { Applicability, Strategy, StrategyContext } from './strategy';

/** Free objects that slab keeps for every CPU: one slab page of a large object and its partial pages; an assumption. */
const freeObjectsPerCpu = 16;

function keptAreas(lifeCycle: LifeCycle): readonly Area[] {
  return allocatedAreas(lifeCycle).filter(({ atomic }) => !atomic);
}

function applies(lifeCycle: LifeCycle, context: StrategyContext): Applicability {
  const kept = keptAreas(lifeCycle);
  if (kept.length === 0) return no('no percpu area is allocated here in a request that may sleep');
  const { object } = lifeCycle;
  if (object === undefined && !isMember(context)) return no('the pointer is not kept in an object that slab allocates');
  if (object?.kind.startsWith('superblock') === true || object?.kind.startsWith('netdev') === true) {
    return no(`a ${lifeCycle.subject} is created too rarely for slab to hold free ones`);
  }
  const rare = rareKind(context);
  if (rare !== null) return no(`a ${rare} is created too rarely for slab to hold free ones`);
  return yes([
    `${listed(kept)} would stay with the free object`,
    ...objectCache(lifeCycle, context.sites),
    ...overwrites(lifeCycle, context.sites),
    ...chargeMoved(kept),
    ...locksTaken(lifeCycle, kept),
  ].join('; '));
}

const rareKinds: Partial<Record<ObjectKindId, string>> = { superblock: 'superblock', mount: 'mount', netdev: 'network device', disk: 'disk' };

/** The kind of object that the sites create, where all of them are kinds that come and go rarely. */
function rareKind({ sites }: StrategyContext): string | null {
  const created = sites.flatMap(({ objects }) => objects.filter(({ phase }) => phase === 'create').map(({ kind }) => rareKinds[kind] ?? null));
  return created.includes(null) ? null : (created[0] ?? null);
}

function isMember({ sites }: StrategyContext): boolean {
  return sites.some(({ keeper }) => /->/.test(keeper ?? ''));
}

/** What has to be charged when the object is allocated: a constructor runs in whatever task fills the slab. */
function chargeMoved(kept: readonly Area[]): readonly string[] {
  const accounted = kept.filter((area) => area.accounted);
  return accounted.length === 0 ? [] : [`the memory cgroup's charge of ${listed(accounted)} has to be made when the object is allocated`];
}

/** The locks of the destructor, which runs wherever slab lets go of pages: they must be leaves. */
function locksTaken({ destroy }: LifeCycle, kept: readonly Area[]): readonly string[] {
  const names = namesOf(kept);
  const holds = destroy.filter((step): step is Hold => (isAllocatorTrip(step) || isListTrip(step)) && belongsTo(step, names));
  const locks = [...new Set(holds.map(({ lock, lockKind }) => `${lock} (${lockKind})`))];
  return locks.length === 0 ? [] : [`the destructor takes ${locks.join(' and ')}, the constructor pcpu_alloc_mutex, so that it may sleep`];
}

function rewrite(lifeCycle: LifeCycle): LifeCycle {
  const kept = keptAreas(lifeCycle);
  const names = namesOf(kept);
  const stateful = namesOf(kept.filter(({ holder }) => holder === 'percpu_counter' || holder === 'mm_cid'));
  const create = lifeCycle.create.filter((step) => !isConstructorWork(step, names, stateful));
  return rewritten(
    {
      ...lifeCycle,
      create: [work('take a constructed object', { op: 'slab', bytes: 0 }, 'mm/slub.c kmem_cache_alloc'), ...create],
      destroy: lifeCycle.destroy.flatMap((step) => afterDestructor(step, names)),
      pinned: [...(lifeCycle.pinned ?? []), pinnedBy(kept)],
    },
    ctorDtor.id,
    [`figures are for a cache that holds constructed objects, by assumption ${String(freeObjectsPerCpu)} free ones for each CPU; the first ones still pay in full`, 'init_on_alloc does not clear objects with a constructor'],
  );
}

/** Allocator and list trips go; statistics have to be cleared again, counters are left at zero by their last user. */
function isConstructorWork(step: Step, names: ReadonlySet<string>, stateful: ReadonlySet<string>): boolean {
  if (isListTrip(step)) return true;
  if (!belongsTo(step, names)) return false;
  return isAllocatorTrip(step) || (isOperation(step, 'zero') && belongsTo(step, stateful));
}

/** What stays of a free: the uncharge, now outside pcpu_lock. */
function afterDestructor(step: Step, names: ReadonlySet<string>): readonly Step[] {
  if (isListTrip(step)) return [];
  if (!belongsTo(step, names) || !isAllocatorTrip(step)) return [step];
  return worksIn([step]).filter((one) => isOperation(one, 'memcg-uncharge'));
}

function pinnedBy(areas: readonly Area[]): Pinned {
  return {
    what: 'free objects that slab keeps with their percpu areas',
    areaBytes: areas.reduce((sum, { size }) => sum + Math.ceil(size / 4) * 4, 0),
    count: freeObjectsPerCpu,
    per: 'cpu',
  };
}

export const ctorDtor: Strategy = {
  id: 'ctor-dtor',
  title: 'percpu memory stays with the slab object (constructor and destructor)',
  standing: { kind: 'rfc', date: '2025-04' },
  changes: 'object',
  objections: [
    { by: 'Pedro Falcato', point: 'freeing or allocating an object may then run any code and take locks that are not slab\'s; it does not go with atomic requests or KASAN', source: 'aCHUs55069p91eD7@harry' },
    { by: 'Pedro Falcato', point: 'a permanently accessible object interferes with object lifetimes', source: 'LSF/MM/BPF topic thread, 2026-03-05' },
    { by: 'Jan Kara', point: 'not enthusiastic; the cost without contention is a goal of its own', source: 'LSF/MM/BPF topic thread, 2026-03-05' },
  ],
  sources: [
    '20250424080755.272925-1-harry.yoo@oracle.com: +33 % of execs on 192 CPUs, +4.6 % on 24',
    'c59def9f222d removed slab destructors in 2007',
  ],
  prices: [
    'free objects pin their copies on every possible CPU, and slab keeps some for each CPU: memory grows with the square of the CPUs',
    'constructors return nothing today and would have to be able to fail',
    'the memory cgroup has to be charged when the object is allocated, not when it is constructed',
    'a destructor may take leaf locks only',
  ],
  checklist: [
    'give the object a slab cache of its own if it has none, with a constructor that may fail and a destructor',
    'allocate the percpu memory in the constructor, free it in the destructor, and nowhere else',
    'keep memset and memcpy of the object away from what the constructor set',
    'leave the memory as the constructor made it whenever an object is freed: sums at zero, statistics cleared',
    'charge the memory cgroup when the object is allocated, uncharge when it is freed',
    'take leaf locks only in the destructor; check KASAN, kmemleak and DEBUG_OBJECTS builds',
  ],
  applies,
  rewrite,
};

