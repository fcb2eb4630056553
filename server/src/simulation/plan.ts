import type { LifeCycle } from '../lifecycle/lifeCycle';
import { builtInMachines, machineByName } from '../machine/builtIn';
import type { MachineProfile } from '../machine/profile';
import { withCpus } from '../machine/rescale';
import { atLeast, formatKernelVersion, kernelVersion, parseKernelVersion } from '../kernel/version';
import type { SimulationRequest } from '../protocol/simulation';
import { checkRequest } from './requestCheck';
import { changesOf, type Scenario } from '../scenario/scenario';
import { factoriesOf, partsAt, type PlannedPart } from './plannedParts';
import { defaults, Refused, type SimulationInput } from './simulationInput';
import { strategyIds, withStrategies } from './strategyCombination';

/** Before it nothing of the percpu paths was compared with the source. */
const oldestKernel = kernelVersion(5, 0);

/** More points than anybody compares: hours of work asked for by mistake. */
const mostPoints = 2000;

/** A request that was checked: every point of it can be run. */
export interface Plan {
  readonly request: SimulationRequest;
  readonly kernel: LifeCycle['kernel'];
  readonly machine: MachineProfile;
  readonly cpus: readonly number[];
  readonly strategies: readonly string[];
  readonly replications: number;
  readonly draws: number;
  readonly longestNs: number;
  /** What runs on a machine of so many CPUs, life cycles as they are. */
  readonly partsAt: (cpus: number) => readonly PlannedPart[];
  readonly sites: NonNullable<SimulationInput['sites']>;
}

/** Checks a request. Throws `Refused` with a sentence where it cannot be run as asked. */
export function planOf(input: SimulationInput): Plan {
  const { request } = input;
  checkRequest(request);
  const kernel = parseKernelVersion(request.kernel);
  if (kernel === undefined) throw new Refused(`kernel ${request.kernel}: write it like 6.12`);
  if (!atLeast(kernel, oldestKernel)) throw new Refused(`kernel ${request.kernel}: 6.1 to 6.12 are modelled, and others from ${formatKernelVersion(oldestKernel)} as far as known`);
  const machine = machineOf(input, request.machine);
  const factories = factoriesOf(input, kernel);
  const plan: Plan = {
    request,
    kernel,
    machine,
    cpus: [...new Set(request.cpus)].sort((a, b) => a - b),
    strategies: [...new Set(request.strategies.map((text) => strategyIds(text).join('+') || 'baseline'))],
    replications: request.replications ?? defaults.replications,
    draws: request.band === false ? 0 : defaults.draws,
    longestNs: (request.duration_ms ?? defaults.durationMs) * 1e6,
    partsAt: (cpus) => partsAt(factories, kernel, withCpus(machine, cpus, cpus), cpus),
    sites: input.sites ?? [],
  };
  checkPoints(plan);
  return plan;
}

/** A plan for each kernel on each machine that the request puts side by side. Throws `Refused`. */
export function plansOf(input: SimulationInput): readonly Plan[] {
  const { request } = input;
  const kernels = unique(request.kernels ?? [], request.kernel);
  const machines = unique(request.machines ?? [], request.machine);
  if (input.lifeCycle !== undefined && kernels.length > 1) {
    throw new Refused('a site of the source is of the kernel of its tree: ask for one kernel');
  }
  const variants = machines.flatMap((machine) => kernels.map((kernel) => ({ kernel, machine })));
  const most = Math.floor(mostPoints / Math.max(1, request.cpus.length * request.strategies.length));
  if (variants.length > most) throw new Refused(`${String(variants.length)} kernels and machines at all these CPU counts and strategies are more than ${String(mostPoints)} points: ask for fewer`);
  return variants.map((variant) => planOf({ ...input, request: { ...request, ...variant } }));
}

function unique(names: readonly string[], otherwise: string): readonly string[] {
  return names.length === 0 ? [otherwise] : [...new Set(names)];
}

function machineOf({ machines = [] }: SimulationInput, name: string): MachineProfile {
  const machine = machines.find((one) => one.name === name) ?? machineByName(name);
  if (machine !== undefined) return machine;
  const names = [...machines, ...builtInMachines].map((one) => one.name);
  throw new Refused(`machine ${name}: no such machine; there are ${[...new Set(names)].join(', ')}`);
}

function checkPoints(plan: Plan): void {
  for (const cpus of plan.cpus) {
    const parts = plan.partsAt(cpus);
    for (const { scenario } of parts) checkScenario(scenario, plan);
  }
  for (const strategy of plan.strategies) {
    const refusals = refusalsOf(plan, strategy);
    const [first] = refusals;
    if (first !== undefined && refusals.length === plan.cpus.length) throw new Refused(first.why);
  }
  const known = plan.partsAt(plan.cpus[0] ?? 1).flatMap(({ scenario }) => scenario.assumptions.map(({ id }) => [id, `${scenario.id}.${id}`] as const));
  const unknown = Object.keys(plan.request.assumptions ?? {}).find((id) => !known.flat().includes(id));
  if (unknown !== undefined) throw new Refused(`assumption ${unknown}: this scenario has ${known.map(([id]) => id).join(', ')}`);
}

/** CPU counts at which a strategy changes nothing, e.g. since an object has areas to group only on several memory nodes. */
export function refusalsOf(plan: Plan, strategy: string): readonly { readonly cpus: number; readonly why: string }[] {
  return plan.cpus.flatMap((cpus) => {
    const { refusal } = withStrategies(plan, cpus, plan.partsAt(cpus), strategy);
    return refusal === null ? [] : [{ cpus, why: refusal }];
  });
}

function checkScenario(scenario: Scenario, plan: Plan): void {
  for (const { lifetime } of scenario.objects) {
    if (lifetime === null) continue;
    const value = changesOf(scenario, plan.request.assumptions)[lifetime] ?? scenario.assumptions.find(({ id }) => id === lifetime)?.value.high ?? 0;
    if (value * 4 > plan.longestNs) {
      throw new Refused(
        `lifetime ${String(value / 1e6)} ms is longer than the run: a run of ${String(plan.longestNs / 1e6)} ms must hold four of them; shorten the lifetime or lengthen the duration`,
      );
    }
  }
}
