import { formatKernelVersion, type KernelVersion } from '../kernel/version';
import { builtInMachines } from '../machine/builtIn';
import type { MachineProfile } from '../machine/profile';
import type { Profile } from '../profile/profile';
import type { SimulationRequest } from '../protocol/simulation';
import type {
  ScenarioItem, ScenarioList, SimulateParams, SiteToSimulate, StrategyChoicesParams, StrategyChoicesReply, StrategyItem,
} from '../protocol/simulationRequests';
import { scenarioFactories } from '../scenario/catalogue';
import { type UserScenario, userScenario } from '../scenario/userScenario';
import { Refused, type SimulationInput } from '../simulation/simulationInput';
import { strategyChoices } from '../simulation/strategyChoices';
import { standingText, strategies } from '../strategy/strategies';
import { siteById, type Snapshot, type SnapshotSite } from '../workspace/snapshot';
import { adviceFor } from './advice';
import { subjectOf } from './subject';

/** What the project's own profile adds to what is built in. */
type OwnParts = Pick<Profile, 'scenarios' | 'machines'>;

/** What can be simulated on this kernel and machine, and which strategies change what there. */
export function scenarioList(kernel: KernelVersion, machine: MachineProfile, own: OwnParts): ScenarioList {
  const base = { kernel: formatKernelVersion(kernel), machine: machine.name, cpus: [machine.topology.possibleCpus], strategies: [], seed: 1 };
  const running = (scenario: string): readonly string[] =>
    strategyChoices({ request: { ...base, scenario }, machines: [machine], userScenarios: own.scenarios }).filter(({ runs }) => runs).map(({ id }) => id);
  const built = [...scenarioFactories].map(([id, factory]): ScenarioItem => {
    const { title, description } = factory(kernel, machine.topology.nodes);
    return { id, title, description, strategies: running(id), available: true, own: false };
  });
  const machines = [machine, ...own.machines, ...builtInMachines].map(({ name, description }) => ({ name, description }));
  return {
    scenarios: [...built, ...own.scenarios.map((definition) => ownItem(definition, kernel, machine, running)), siteScenario],
    strategies: strategies.map(strategyItem),
    kernel: base.kernel,
    machine: { name: machine.name, cpus: machine.topology.possibleCpus },
    machines: machines.filter(({ name }, index) => machines.findIndex((other) => other.name === name) === index),
  };
}

function ownItem(definition: UserScenario, kernel: KernelVersion, machine: MachineProfile, running: (id: string) => readonly string[]): ScenarioItem {
  const result = userScenario(definition);
  if (!result.ok) return { id: definition.id, title: definition.title ?? definition.id, description: result.reason, strategies: [], available: false, own: true };
  const { title, description } = result.factory(kernel, machine.topology.nodes);
  return { id: definition.id, title, description, strategies: running(definition.id), available: true, own: true };
}

const siteScenario: ScenarioItem = {
  id: 'site',
  title: 'The percpu call at the cursor',
  description: 'Creation and destruction of what one call of the source belongs to, with the rate, lifetime and concurrency that you give.',
  strategies: strategies.map(({ id }) => id),
  available: true,
  own: false,
};

function strategyItem(strategy: (typeof strategies)[number]): StrategyItem {
  const [objection] = strategy.objections;
  return {
    id: strategy.id,
    title: strategy.title,
    standing: standingText(strategy),
    objection: objection === undefined ? null : `${objection.by}: ${objection.point}`,
  };
}

export type PreparedSimulation =
  | { readonly ok: true; readonly input: SimulationInput }
  | { readonly ok: false; readonly reason: string };

/** What a request is run with beside what the person chose. */
export interface SimulationSetting {
  readonly snapshot: Snapshot | null;
  readonly kernel: KernelVersion;
  readonly machine: MachineProfile;
  readonly own: OwnParts;
}

/** Turns what a person chose into the simulator's input; the baseline is always run. */
export function prepareSimulation(params: Omit<SimulateParams, 'run'>, { snapshot, kernel, machine, own }: SimulationSetting): PreparedSimulation {
  const chosen = params.strategies.filter((strategy) => strategy !== 'baseline');
  const { siteId, load, kernels, machines } = params;
  const request: SimulationRequest = {
    scenario: params.scenario,
    ...(params.mix === undefined ? {} : { mix: params.mix }),
    cpus: params.cpus,
    seed: params.seed,
    ...(params.replications === undefined ? {} : { replications: params.replications }),
    ...(params.duration_ms === undefined ? {} : { duration_ms: params.duration_ms }),
    ...(params.assumptions === undefined ? {} : { assumptions: params.assumptions }),
    kernel: kernels?.[0] ?? formatKernelVersion(kernel),
    machine: machines?.[0] ?? machine.name,
    ...(kernels === undefined ? {} : { kernels }),
    ...(machines === undefined ? {} : { machines }),
    strategies: ['baseline', ...chosen],
  };
  const input: SimulationInput = { request, machines: [machine, ...own.machines], userScenarios: own.scenarios };
  if (params.scenario !== 'site' || (siteId === undefined && load !== undefined)) return { ok: true, input: load === undefined ? input : { ...input, request: { ...request, site: load } } };
  const site = snapshot === null || siteId === undefined ? undefined : siteById(snapshot, siteId);
  if (snapshot === null || site === undefined) return { ok: false, reason: 'The site is no longer in the source. Choose another from the report or a hover.' };
  return aboutSite({ ...input, request: { ...request, site: load ?? backToBack } }, snapshot, site);
}

/** The strategies that a run takes at the CPU counts that were chosen, and why not the others. */
export function strategiesToChoose(params: StrategyChoicesParams, setting: SimulationSetting): StrategyChoicesReply {
  const prepared = prepareSimulation({ ...params, strategies: [], seed: 1 }, setting);
  if (!prepared.ok) return { state: 'refused', reason: prepared.reason };
  try {
    return { state: 'choices', strategies: strategyChoices(prepared.input) };
  } catch (error) {
    if (error instanceof Refused) return { state: 'refused', reason: error.message };
    throw error;
  }
}

/** What can be asked of one site: the strategies that change its life, advised ones first. */
export function siteToSimulate(snapshot: Snapshot, site: SnapshotSite, own: OwnParts): SiteToSimulate {
  const { machine } = snapshot;
  const request = { scenario: 'site', kernel: formatKernelVersion(snapshot.kernel), machine: machine.name, cpus: [machine.topology.possibleCpus], strategies: [], seed: 1, site: backToBack };
  const prepared = aboutSite({ request, machines: [machine, ...own.machines] }, snapshot, site);
  if (!prepared.ok) return { siteId: null, reason: prepared.reason };
  const running = strategyChoices(prepared.input).filter(({ runs }) => runs).map(({ id }) => id);
  const advised = adviceFor(snapshot, site).filter((id) => running.includes(id));
  const { file, fact } = site.site;
  return { siteId: site.id, name: `${fact.api} in ${fact.function ?? file}`, strategies: [...advised, ...running.filter((id) => !advised.includes(id))] };
}

const backToBack = { rate_per_s: null, lifetime_ns: null, concurrency: null } as const;

/** A request of the scenario `site` about one call of the source, with all that is created with it. */
export function aboutSite(input: SimulationInput, snapshot: Snapshot, site: SnapshotSite): PreparedSimulation {
  if (snapshot.timesNotModelled !== null) return { ok: false, reason: `Times are not modelled for this configuration: ${snapshot.timesNotModelled}.` };
  const subject = subjectOf(snapshot, site);
  if (subject === null) return { ok: false, reason: `Nothing can be simulated for this site: ${site.site.size.reason}.` };
  return { ok: true, input: { ...input, lifeCycle: subject.lifeCycle, sites: subject.sites.map((one) => one.site) } };
}
