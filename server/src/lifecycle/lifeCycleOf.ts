import type { Api } from '../kernel/api';
import type { KernelVersion } from '../kernel/version';
import type { InitialWalk } from '../resolve/initialWalk';
import type { ResolvedSite } from '../resolve/resolvedSite';
import { allocation, release, type Setting, work } from './allocation';
import { addToCounter, counterArea, counterBytes, destroyCounters, initCounters, readCounter, setCounter, sumCounter } from './counter';
import { growthOf } from './growth';
import { indirectLifeCycle } from './indirect';
import type { Area, AreaOrigin, CounterAccuracy, LifeCycle } from './lifeCycle';
import { allocateCid, mmLifeCycle } from './mm';
import type { Step } from './step';

export interface Related {
  /** The catalogue entry of the site's API: for indirect initialisers it says what one call allocates. */
  readonly api?: Api;
  /** Share of executions that enlarge what is in use; by default from the site's most frequent class. */
  readonly growth?: number;
}

/**
 * The life of what one execution of this site allocates, or the one step that it is (a free, a sum, an update); null
 * where the site is no run-time operation (a static definition) or nothing is known about what it allocates.
 */
export function lifeCycleOf(site: ResolvedSite, kernel: KernelVersion, related: Related = {}): LifeCycle | null {
  const growth = related.growth ?? growthOf(site.reach[0]?.frequencyClass ?? 'unknown');
  const setting: Setting = { kernel, growth };
  if (isLeftOut(site)) return null;
  if (/^mm_alloc_cid/.test(site.fact.api)) return cidSite(site, setting);
  if (site.fact.family === 'counter') return counterSite(site, setting, related.api);
  if (site.fact.family === 'dyn') return allocatorSite(site, setting);
  if (site.fact.family === 'up' && isCreation(site)) return indirectSite(site, setting, related.api);
  return null;
}

/** A counter without percpu memory in this configuration: its call is not compiled. */
function isLeftOut({ fact, size }: ResolvedSite): boolean {
  return fact.family === 'counter' && size.size === 0;
}

function isCreation(site: ResolvedSite): boolean {
  return ['alloc', 'init', 'indirect'].includes(site.fact.kind);
}

function allocatorSite(site: ResolvedSite, setting: Setting): LifeCycle | null {
  const area = siteArea(site);
  if (site.fact.kind === 'free') return base(site, setting, { destroy: release(area ?? unsizedArea(site), setting), subject: 'free of percpu memory' });
  if (!isCreation(site) || area === null) return null;
  return base(site, setting, {
    subject: site.type ?? site.fact.assignedTo ?? site.fact.api,
    create: [...allocation(area, setting), ...statisticsLoop(site)],
    destroy: release(area, setting),
    areas: [area],
  });
}


/** netdev_alloc_pcpu_stats and its kind walk the possible CPUs; u64_stats_init is empty on 64-bit, the walk remains. */
function statisticsLoop(site: ResolvedSite): readonly Step[] {
  if (site.walk !== null) return [initialLoop(site, site.walk)];
  if (!/netdev_alloc_pcpu_stats/.test(site.fact.api)) return [];
  const operation = { op: 'walk', over: 'possible', loads: 0, stores: 0, warm: true } as const;
  return [work('walk the copies (u64_stats_init is empty on 64-bit)', operation, 'include/linux/netdevice.h __netdev_alloc_pcpu_stats', areaName(site))];
}

/** A loop in the code behind the call. */
function initialLoop(site: ResolvedSite, { over, stores }: InitialWalk): Step {
  const at = `${site.file} ${site.fact.function ?? ''}`;
  return work(`initialise every ${over} CPU's copy`, { op: 'walk', over, loads: 0, stores, warm: true }, at, areaName(site));
}

function cidSite(site: ResolvedSite, setting: Setting): LifeCycle | null {
  const area = mmLifeCycle(setting.kernel).areas.find(({ holder }) => holder === 'mm_cid');
  if (area === undefined) return null;
  return base(site, setting, {
    subject: 'struct mm_cid', create: allocateCid(area, setting), destroy: release(area, setting), areas: [{ ...area, origin: originOf(site) }],
  });
}

function counterSite(site: ResolvedSite, setting: Setting, catalogued: Api | undefined): LifeCycle | null {
  const name = areaName(site);
  const { kind, api } = site.fact;
  const counters = counterCount(site);
  if (kind === 'init') return counters === null ? null : initialisedCounters(site, counters, setting);
  if (kind === 'sum') return base(site, setting, { subject: 'percpu_counter sum', use: [sumCounter(name, setting.kernel)] });
  if (kind === 'update') return updatedCounter(site, setting, catalogued);
  if (kind === 'read') return base(site, setting, { subject: api, use: [readCounter(name, setting.kernel)], counters: { ...defaultAccuracy, ...countedBy(site) } });
  if (kind !== 'destroy') return null;
  const area = counterArea(name, counters ?? 1, isAccounted(site));
  return base(site, setting, { subject: 'percpu_counter destroy', destroy: destroyCounters(area, counters ?? 1, setting) });
}

function initialisedCounters(site: ResolvedSite, counters: number, setting: Setting): LifeCycle {
  const area = { ...counterArea(areaName(site), counters, isAccounted(site), site.atomic), origin: originOf(site) };
  return base(site, setting, {
    subject: counters === 1 ? 'percpu_counter' : `percpu_counter ×${String(counters)}`,
    create: initCounters(area, counters, setting),
    use: [addToCounter(area.what, setting.kernel)],
    destroy: destroyCounters(area, counters, setting),
    areas: [area],
    sharedBytes: counters * counterBytes,
    counters: { ...defaultAccuracy, counters, ...countedBy(site) },
  });
}

const defaultAccuracy: CounterAccuracy = { counters: 1, scheme: 'percpu', batch: null, unitBytes: null };

/** Members and variables whose counters count pages: mm/memory.c, mm/util.c, mm/shmem.c (6.12). Of others it is not known. */
const countsPages: ReadonlySet<string> = new Set(['rss_stat', 'vm_committed_as', 'used_blocks']);

function countedBy(site: ResolvedSite): Pick<CounterAccuracy, 'unitBytes' | 'inPages'> {
  const name = /(\w+)\s*(?:\[[^\]]*\]\s*)?$/.exec(site.fact.arguments[0] ?? '')?.[1] ?? '';
  return countsPages.has(name) ? { unitBytes: 4096, inPages: true } : { unitBytes: null };
}

/** An update decides how far a read can be off: its batch, if it names one; without bound, if it never folds. */
function updatedCounter(site: ResolvedSite, setting: Setting, catalogued: Api | undefined): LifeCycle {
  const { api } = site.fact;
  const name = areaName(site);
  if (api === 'percpu_counter_set') return base(site, setting, { subject: api, use: [setCounter(name, setting.kernel)] });
  const bound: CounterAccuracy = /_local$/.test(api) ? { ...defaultAccuracy, scheme: 'unbounded' } : batchAccuracy(site, catalogued);
  const counters = { ...bound, ...countedBy(site) };
  const notes = /limited_add/.test(api) ? { notes: ['near the limit it sums over the CPUs with the counter\'s lock held'] } : {};
  return base(site, setting, { subject: api, use: [addToCounter(name, setting.kernel)], counters, ...notes });
}

/** PERCPU_COUNTER_LOCAL_BATCH is INT_MAX: an update with it never folds. */
const neverFolds = 0x7fffffff;

/** Accuracy that an update leaves by the batch it names. */
export function batchAccuracy(site: ResolvedSite, api: Api | undefined): CounterAccuracy {
  const text = api?.roles.batch === undefined ? undefined : site.fact.arguments[api.roles.batch];
  const { batch } = site;
  if (text === undefined) return defaultAccuracy;
  if (batch === null || batch < 1) return { ...defaultAccuracy, batchUnknown: `the batch ${text} is not known before run time` };
  return batch >= neverFolds ? { ...defaultAccuracy, scheme: 'unbounded' } : { ...defaultAccuracy, batch };
}

function counterCount(site: ResolvedSite): number | null {
  if (site.count !== null) return site.count;
  if (site.size.size !== null) return Math.max(1, Math.round(site.size.size / 4));
  return /_many$/.test(site.fact.api) ? null : 1;
}

function indirectSite(site: ResolvedSite, setting: Setting, api: Api | undefined): LifeCycle | null {
  const parts = indirectLifeCycle(site, setting, api);
  return parts === null ? null : base(site, setting, parts);
}

function siteArea(site: ResolvedSite): Area | null {
  const { size, align } = site.size;
  if (size === null) return null;
  return { what: areaName(site), size, align: align ?? 8, atomic: site.atomic, accounted: isAccounted(site), holder: 'caller', origin: originOf(site) };
}

/** Where an area is from; a wrapper that the tree defines allocates inside. */
function originOf({ file, fact, via }: ResolvedSite): AreaOrigin {
  return { site: `${file}:${String(fact.line)}`, function: fact.function, inside: via[0] ?? null };
}

function unsizedArea(site: ResolvedSite): Area {
  return { what: areaName(site), size: 0, align: 8, atomic: false, accounted: false, holder: 'caller' };
}

export function areaName(site: ResolvedSite): string {
  return site.keeper ?? site.fact.api;
}

export function isAccounted(site: ResolvedSite): boolean {
  return /ACCOUNT/.test(site.gfp ?? '');
}

function base(site: ResolvedSite, setting: Setting, parts: Partial<LifeCycle>): LifeCycle {
  const loop = site.fact.loop === null ? [] : [`one turn of the loop ${site.fact.loop}`];
  return {
    subject: site.fact.api,
    kernel: setting.kernel,
    sites: [`${site.file}:${String(site.fact.line)}`],
    create: [],
    use: [],
    destroy: [],
    areas: [],
    sharedBytes: 0,
    counters: null,
    strategies: [],
    ...(loop.length === 0 ? {} : { notes: loop }),
    ...parts,
  };
}
