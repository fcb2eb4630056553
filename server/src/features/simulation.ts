import { formatKernelVersion, type KernelVersion } from '../kernel/version';
import type { MachineProfile } from '../machine/profile';
import type { ScenarioItem, ScenarioList, SimulateParams, StrategyItem } from '../protocol/simulationRequests';
import { scenarioFactories } from '../scenario/catalogue';
import type { SimulationInput } from '../simulation/simulationInput';
import { strategyChoices } from '../simulation/strategyChoices';
import { standingText, strategies } from '../strategy/strategies';
import { siteById, type Snapshot } from '../workspace/snapshot';
import { subjectOf } from './subject';

/** What can be simulated on this kernel and machine, and which strategies change what there. */
export function scenarioList(kernel: KernelVersion, machine: MachineProfile): ScenarioList {
  const built = [...scenarioFactories].map(([id, factory]): ScenarioItem => {
    const { title, description } = factory(kernel, machine.topology.nodes);
    const request = { scenario: id, kernel: formatKernelVersion(kernel), machine: machine.name, cpus: [machine.topology.possibleCpus], strategies: [], seed: 1 };
    const running = strategyChoices({ request, machine }).filter(({ runs }) => runs);
    return { id, title, description, strategies: running.map((choice) => choice.id), available: true };
  });
  return { scenarios: [...built, siteScenario], strategies: strategies.map(strategyItem) };
}

const siteScenario: ScenarioItem = {
  id: 'site',
  title: 'A site of the source',
  description: 'Creation and destruction of what one site belongs to, back to back. Choose it from the hover of a site.',
  strategies: strategies.map(({ id }) => id),
  available: true,
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

/** Turns what a person chose into the simulator's input; the baseline is always run. */
export function prepareSimulation(snapshot: Snapshot | null, params: SimulateParams, kernel: KernelVersion, machine: MachineProfile): PreparedSimulation {
  const chosen = params.strategies.filter((strategy) => strategy !== 'baseline');
  const request: SimulationInput['request'] = {
    scenario: params.scenario,
    kernel: formatKernelVersion(kernel),
    machine: machine.name,
    cpus: params.cpus,
    strategies: ['baseline', ...chosen],
    seed: params.seed,
    ...(params.assumptions === undefined ? {} : { assumptions: params.assumptions }),
  };
  if (params.scenario !== 'site') return { ok: true, input: { request, machine } };
  const site = snapshot === null || params.siteId === undefined ? undefined : siteById(snapshot, params.siteId);
  if (snapshot === null || site === undefined) return { ok: false, reason: 'The site is no longer in the source. Choose another from the report or a hover.' };
  if (snapshot.timesNotModelled !== null) return { ok: false, reason: `Times are not modelled for this configuration: ${snapshot.timesNotModelled}.` };
  const subject = subjectOf(snapshot, site);
  if (subject === null) return { ok: false, reason: `Nothing can be simulated for this site: ${site.site.size.reason}.` };
  return {
    ok: true,
    input: {
      request: { ...request, site: { rate_per_s: null, lifetime_ns: null, concurrency: null } },
      machine,
      lifeCycle: subject.lifeCycle,
      sites: subject.sites.map((one) => one.site),
    },
  };
}
