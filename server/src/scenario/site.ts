import { allocation, release } from '../lifecycle/allocation';
import { inChurn } from '../lifecycle/growth';
import type { Area, LifeCycle } from '../lifecycle/lifeCycle';
import type { SiteLoad } from '../protocol/simulation';
import { assumed, type Assumption, type Phase, type Scenario } from './scenario';

const given = { kind: 'assumption', at: 'as asked for' } as const;

/** The selected site or object, created by `load.concurrency` CPUs at `load.rate_per_s` together. */
export function siteScenario(lifeCycle: LifeCycle, load: SiteLoad, clients: number): Scenario {
  const timed = load.lifetime_ns !== null && load.lifetime_ns > 0;
  const gap = load.rate_per_s === null ? 0 : (clients / load.rate_per_s) * 1e9;
  const phases: readonly Phase[] = [
    ...(gap > 0 ? [{ kind: 'user', ns: 'gap' } as const] : []),
    { kind: 'create', object: 'object' },
    { kind: 'use', object: 'object' },
    ...(timed ? [] : [{ kind: 'destroy', object: 'object' } as const]),
  ];
  return {
    id: 'site',
    title: lifeCycle.subject,
    description: `${lifeCycle.subject}, created ${gap > 0 ? `${String(load.rate_per_s)} times a second` : 'back to back'} by ${String(clients)} CPUs`,
    operation: 'creations',
    clients: load.concurrency,
    objects: [{ id: 'object', lifeCycle: inChurn(lifeCycle), lifetime: timed ? 'lifetime' : null, kept: null }],
    phases,
    assumptions: [...gapAssumption(gap), ...(timed ? [exact('lifetime', 'lifetime of an object', load.lifetime_ns)] : [])],
    notes: gap > 0 ? ['the gap between creations is set so that the rate is met where the kernel takes no time: the throughput is at most the rate'] : [],
  };
}

function gapAssumption(gap: number): readonly Assumption[] {
  return gap > 0 ? [exact('gap', 'mean time between two creations of one CPU', gap)] : [];
}

function exact(id: string, label: string, ns: number): Assumption {
  return assumed(id, label, [ns, ns, ns], given);
}

/** The life of a single area of `bytes` per CPU, for a site of which no more is known. */
export function areaLifeCycle(bytes: number, kernel: LifeCycle['kernel']): LifeCycle {
  const area: Area = { what: `${String(bytes)} bytes per CPU`, size: bytes, align: 8, atomic: false, accounted: false, holder: 'caller' };
  const setting = { kernel, growth: 0 };
  return {
    subject: area.what, kernel, sites: [], create: allocation(area, setting), use: [], destroy: release(area, setting),
    areas: [area], sharedBytes: 0, counters: null, strategies: [],
  };
}
