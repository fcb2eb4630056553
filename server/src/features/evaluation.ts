import { contentionOf, type Contention } from '../estimate/contention';
import { costOf, type Cost, type CostOptions } from '../estimate/cost';
import { catalogueFor, type Catalogue } from '../kernel/catalogue';
import { formatKernelVersion, type KernelVersion } from '../kernel/version';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import { lifeCycleOf } from '../lifecycle/lifeCycleOf';
import type { MachineProfile } from '../machine/profile';
import type { ResolvedSite } from '../resolve/resolvedSite';
import { onDemand } from '../util/onDemand';
import type { Snapshot } from '../workspace/snapshot';

/** What a site's numbers are taken from, on one machine and kernel. */
export interface Evaluation {
  /** Null where the site is no step of any life or nothing is known about what it allocates. */
  readonly lifeCycle: LifeCycle | null;
  readonly cost: Cost | null;
  readonly contention: Contention | null;
}

/** What prices are for. */
export type PriceSetting = Pick<Snapshot, 'machine' | 'kernel' | 'timesNotModelled'>;

interface Remembered {
  readonly machine: MachineProfile;
  readonly kernel: string;
  readonly timesNotModelled: string | null;
  readonly evaluation: Evaluation;
}

const remembered = new WeakMap<ResolvedSite, Remembered>();

/** Prices a site; asked again for the same machine and kernel, the answer is remembered with the site. */
export function evaluate(site: ResolvedSite, setting: PriceSetting): Evaluation {
  const { machine, timesNotModelled } = setting;
  const kernel = formatKernelVersion(setting.kernel);
  const known = remembered.get(site);
  if (known?.machine === machine && known.kernel === kernel && known.timesNotModelled === timesNotModelled) return known.evaluation;
  const evaluation = freshEvaluation(site, setting);
  remembered.set(site, { machine, kernel, timesNotModelled, evaluation });
  return evaluation;
}

/** Options of a price: times that are not modelled are unknown, with the reason. */
export function priceOptions({ timesNotModelled }: PriceSetting): CostOptions {
  return timesNotModelled === null ? {} : { notModelled: timesNotModelled };
}

/** The life of what a site allocates on a kernel, whatever the machine; remembered with the site. */
export function lifeCycleOn(kernel: KernelVersion, site: ResolvedSite): LifeCycle | null {
  const version = formatKernelVersion(kernel);
  const known = lifeCycles.get(site);
  if (known?.kernel === version) return known.lifeCycle;
  const api = catalogueOf(kernel).byName.get(site.fact.api);
  const lifeCycle = lifeCycleOf(site, kernel, api === undefined ? {} : { api });
  lifeCycles.set(site, { kernel: version, lifeCycle });
  return lifeCycle;
}

const lifeCycles = new WeakMap<ResolvedSite, { readonly kernel: string; readonly lifeCycle: LifeCycle | null }>();

function freshEvaluation(site: ResolvedSite, setting: PriceSetting): Evaluation {
  const { machine, kernel, timesNotModelled } = setting;
  const lifeCycle = lifeCycleOn(kernel, site);
  if (lifeCycle === null) return { lifeCycle, cost: null, contention: null };
  // Of all sites that are compared few are priced, and of those that are priced few are asked how they scale.
  const isContended = lifeCycle.create.length > 0 && timesNotModelled === null;
  const cost = onDemand(() => costOf(lifeCycle, machine, priceOptions(setting)));
  const contention = onDemand(() => (isContended ? contentionOf(lifeCycle, machine) : null));
  return {
    lifeCycle,
    get cost() {
      return cost();
    },
    get contention() {
      return contention();
    },
  };
}

const catalogues = new Map<string, Catalogue>();

/** The APIs of a kernel version. */
export function catalogueOf(kernel: KernelVersion): Catalogue {
  const version = formatKernelVersion(kernel);
  const catalogue = catalogues.get(version) ?? catalogueFor(kernel);
  catalogues.set(version, catalogue);
  return catalogue;
}
