import type { ReportDifference } from '../../server/src/protocol/comparison';
import type { DiffSite } from '../../server/src/protocol/diff';
import type { ReportSite, SiteDetails } from '../../server/src/protocol/report';
import type { MachineList, PricesParams, PricesReply, ReportReply } from '../../server/src/protocol/requests';

const classes = ['fork-exec', 'tc', 'netns', 'mount', 'device-probe', 'boot'] as const;

/** A made-up site; the panels must not care where the figures are from. */
export function fixtureSite(index: number, cpus: number): ReportSite {
  const frequencyClass = classes[index % classes.length] ?? 'unknown';
  const unknown = index % 11 === 10;
  const size = unknown ? null : 8 * (1 + (index % 32));
  const time = 200 + 37 * (index % 90);
  return {
    id: `site-${String(index)}`,
    api: index % 3 === 0 ? 'percpu_counter_init_many' : 'alloc_percpu',
    family: index % 3 === 0 ? 'counter' : 'dyn',
    kind: index % 7 === 6 ? 'free' : 'alloc',
    file: `net/sched/file_${String(index % 40)}.c`,
    line: 10 + index,
    column: 5,
    function: `function_${String(index)}`,
    in_macro: false,
    first_argument: 'struct thing',
    variable: null,
    via: [],
    type: 'struct thing',
    size,
    size_source: unknown ? 'unknown' : 'layout',
    size_reason: unknown ? 'struct thing is defined nowhere in the tree' : 'layout of struct thing',
    align: 8,
    count: 1,
    gfp: 'GFP_KERNEL',
    atomic: false,
    footprint: size === null ? null : size * cpus,
    accounted_by: null,
    frequency_class: [frequencyClass],
    reach: [{ frequency_class: frequencyClass, chain: ['kernel_clone', 'copy_process', `function_${String(index)}`] }],
    create: { ns: { low: time, mid: time * 2, high: time * 4 } },
    destroy: { ns: null, reason: 'the object is destroyed elsewhere' },
    locks: { pcpu_lock: { hold_ns: { low: 90, mid: 120, high: 200 }, irqs_off: true } },
    contention: {
      throughput_per_s: null, wait_ns: null, utilisation: null, knee_cpus: { low: 8, mid: 11, high: 15 },
      bottleneck: 'pcpu_alloc_mutex', assumption: 'back to back on every CPU',
    },
    advice: index % 6 === 0 ? ['grouping'] : [],
  };
}

export function fixtureReport(sites: number, cpus = 256): ReportReply {
  const all = Array.from({ length: sites }, (_, index) => fixtureSite(index, cpus));
  return {
    state: 'ready', root: 'file:///tree', kconfig: 'default configuration', revision: 1, sites_revision: 1, comparison: null, kernels: ['6.1', '6.12'],
    shapes: all.map((_, index) => index % 90),
    kernel: '6.12', machine: 'server-256', calibrated: false, cpus: { possible: cpus, online: cpus },
    totals: {
      sites, files: 40, footprint: all.reduce((sum, site) => sum + (site.footprint ?? 0), 0), unknown_sizes: 3,
      by_class: classes.map((name) => ({
        frequency_class: name,
        sites: all.filter((site) => site.frequency_class[0] === name).length,
        footprint: all.filter((site) => site.frequency_class[0] === name).reduce((sum, site) => sum + (site.footprint ?? 0), 0),
        unknown_sizes: name === 'tc' ? 1 : 0,
      })),
      hottest_lock: { name: 'pcpu_alloc_mutex', frequency_class: 'fork-exec', knee_cpus: { low: 9, mid: 11, high: 14 }, assumption: 'back to back' },
    },
    sites: all,
    objects: [{ name: 'mm', kind: 'mm', variant: null, parts: [], areas: 2, frequency_class: 'fork-exec', sites: ['site-0', 'site-6'], footprint: 4096, unknown_sizes: 0, create: null, destroy: null, knee_cpus: null }],
    unknowns: all.filter((site) => site.size === null).map((site) => ({ site: site.id, what: 'size', reason: site.size_reason })),
    problems: [{ file: 'drivers/odd.c', reason: 'binary data' }],
  };
}

/** What a report of `fixtureReport` would differ in from HEAD: one site came, one grew, one is gone. */
export function fixtureDifference({ sites, shapes, cpus }: ReportReply): ReportDifference {
  const [, grown, added] = sites;
  if (grown === undefined || added === undefined) throw new RangeError('too few sites');
  const before = { ...diffSite(grown), size: 8, footprint: 8 * cpus.possible };
  const gone = { ...diffSite(grown), id: 'site-gone', function: 'function_gone', line: 99, size: 32, footprint: 32 * cpus.possible };
  return {
    ref: 'HEAD', number: 1, sites_revision: 1, kernel: '6.12', possible: cpus.possible, notes: [],
    shapes: shapes.map((shape, index) => (index === 2 ? null : shape)),
    changes: [
      { change: 'added', aspects: [], before: null, after: diffSite(added), footprint_difference: added.footprint, note: null, shape: null },
      { change: 'changed', aspects: ['size'], before, after: diffSite(grown), footprint_difference: (grown.footprint ?? 0) - before.footprint, note: null, shape: 1 },
      { change: 'removed', aspects: [], before: gone, after: null, footprint_difference: -gone.footprint, note: 'the core allocates it now', shape: 7 },
    ],
  };
}

function diffSite(site: ReportSite): DiffSite {
  const { id, api, kind, file, line, first_argument, variable, type, size, size_reason, count, gfp, frequency_class, footprint, accounted_by, create, destroy } = site;
  return {
    id, api, kind, file, line, function: site.function, first_argument, variable, type, size, size_reason, count, gfp, frequency_class, chain: [], footprint, counts_bytes: true, accounted_by,
    create, destroy, locks: Object.keys(site.locks), turns: null,
  };
}

/** Prices as a server would give: longer the more CPUs. */
export function fixturePrices({ machine = 'server-256', cpus = 256, kernel = '6.12', shapes, hottestLock }: PricesParams): PricesReply {
  const prices = shapes.map((shape) => {
    const time = (200 + 37 * shape) * (1 + cpus / 64);
    return {
      shape, create: { ns: { low: time, mid: time * 2, high: time * 4 } }, destroy: { ns: { low: time / 2, mid: time, high: time * 2 } },
      locks: { pcpu_lock: { hold_ns: { low: 90, mid: 120, high: 200 }, irqs_off: true } }, knee_cpus: { low: 8, mid: 11, high: 15 }, bottleneck: 'pcpu_alloc_mutex',
    };
  });
  const hottest = { name: 'pcpu_alloc_mutex', frequency_class: 'fork-exec', knee_cpus: { low: 3, mid: 4, high: 5 }, assumption: 'back to back' };
  return { state: 'priced', machine, kernel, cpus: { possible: cpus, online: cpus }, prices, ...(hottestLock === true ? { hottest_lock: hottest } : {}) };
}

export const fixtureMachines: MachineList = {
  machines: [
    { name: 'laptop-8', description: 'A laptop', possible: 8, online: 8, origin: 'built-in', calibrated: false },
    { name: 'server-256', description: 'Two sockets', possible: 256, online: 256, origin: 'built-in', calibrated: false },
  ],
  current: { name: 'server-256', cpus: 256 },
};

export function fixtureDetails(site: ReportSite): SiteDetails {
  const zero = { label: 'zero 256 units', unit: 'ns', value: { low: 768, mid: 1500, high: 3000 }, combine: 'given', parts: [], source: { kind: 'message', at: 'lore/x@y' } } as const;
  const cost = { create: { ns: { low: 2000, mid: 4000, high: 9000 } }, destroy: { ns: { low: 1000, mid: 2000, high: 4000 } }, locks: {}, knee_cpus: { low: 9, mid: 11, high: 14 }, throughput_per_s: null, footprint: 4096, read_error: 512, read_error_unit: 'pages' as const, read_error_bytes: 512 * 4096 };
  const shown = { not_pushed: null, suppressed: null, unknown_because: null, changes: 'object', merged: false, worth: null, checklist: ['allocate the structure once'], notes: [] };
  return {
    site,
    reasons: [
      { label: 'create', unit: 'ns', value: { low: 2000, mid: 4000, high: 9000 }, combine: 'sum', parts: [zero, { ...zero, label: 'memcg charge', value: null, note: 'the charge batch of this machine was not measured' }] },
      { label: 'footprint', unit: 'bytes', value: { low: 4096, mid: 4096, high: 4096 }, combine: 'product', parts: [] },
    ],
    create_steps: [{ label: 'zero 256 units', at: 'mm/percpu.c', ns: { low: 768, mid: 1500, high: 3000 }, share: 0.61, under: [] }],
    destroy_steps: [{ label: 'sum over 256 online CPUs', at: 'lib/percpu_counter.c', ns: { low: 768, mid: 1500, high: 3000 }, share: 0.83, under: ['percpu_counters_lock'] }],
    strategies: [
      {
        ...shown, id: 'grouping', title: 'One percpu struct per object', applies: true, pushed: true, why: 'Two areas live and die together.', gain: { low: 0.2, mid: 0.3, high: 0.4 },
        before: cost, after: { ...cost, create: { ns: { low: 1000, mid: 2000, high: 5000 } } }, standing: 'idea',
        objections: [{ by: 'A maintainer', point: '<b>couples unrelated code</b>', source: 'message' }], prices: ['One struct for two owners'], sources: ['thread'],
      },
      { ...shown, id: 'static', title: 'Static instance', applies: false, pushed: false, why: 'Not a singleton.', gain: null, before: null, after: null, standing: 'merged', objections: [], prices: [], sources: [] },
    ],
    accuracy: '± 512 × 255 pages',
  };
}
