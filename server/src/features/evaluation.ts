import { contentionOf, type Contention } from '../estimate/contention';
import { costOf, type Cost } from '../estimate/cost';
import { catalogueFor, type Catalogue } from '../kernel/catalogue';
import { formatKernelVersion, type KernelVersion } from '../kernel/version';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import { lifeCycleOf } from '../lifecycle/lifeCycleOf';
import type { MachineProfile } from '../machine/profile';
import type { ResolvedSite } from '../resolve/resolvedSite';

/** What a site's numbers are taken from, on one machine and kernel. */
export interface Evaluation {
  /** Null where the site is no step of any life or nothing is known about what it allocates. */
  readonly lifeCycle: LifeCycle | null;
  readonly cost: Cost | null;
  readonly contention: Contention | null;
}

interface Remembered {
  readonly machine: MachineProfile;
  readonly kernel: string;
  readonly evaluation: Evaluation;
}

const remembered = new WeakMap<ResolvedSite, Remembered>();

/** Prices a site; asked again for the same machine and kernel, the answer is remembered with the site. */
export function evaluate(site: ResolvedSite, machine: MachineProfile, kernel: KernelVersion): Evaluation {
  const version = formatKernelVersion(kernel);
  const known = remembered.get(site);
  if (known?.machine === machine && known.kernel === version) return known.evaluation;
  const evaluation = freshEvaluation(site, machine, kernel);
  remembered.set(site, { machine, kernel: version, evaluation });
  return evaluation;
}

function freshEvaluation(site: ResolvedSite, machine: MachineProfile, kernel: KernelVersion): Evaluation {
  const api = catalogueOf(kernel).byName.get(site.fact.api);
  const lifeCycle = lifeCycleOf(site, kernel, api === undefined ? {} : { api });
  if (lifeCycle === null) return { lifeCycle, cost: null, contention: null };
  const creates = lifeCycle.create.length > 0;
  return {
    lifeCycle,
    cost: costOf(lifeCycle, machine),
    contention: creates ? contentionOf(lifeCycle, machine) : null,
  };
}

const catalogues = new Map<string, Catalogue>();

function catalogueOf(kernel: KernelVersion): Catalogue {
  const version = formatKernelVersion(kernel);
  const catalogue = catalogues.get(version) ?? catalogueFor(kernel);
  catalogues.set(version, catalogue);
  return catalogue;
}
