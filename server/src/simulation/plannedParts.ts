import type { LifeCycle, ObjectKind } from '../lifecycle/lifeCycle';
import { objectKinds, objectLifeCycle } from '../lifecycle/object';
import type { MachineProfile } from '../machine/profile';
import { scenarioFactories, scenarioIds } from '../scenario/catalogue';
import type { ScenarioFactory } from '../scenario/factory';
import type { Scenario } from '../scenario/scenario';
import { areaLifeCycle, siteScenario } from '../scenario/site';
import { userScenario } from '../scenario/userScenario';
import { Refused, type SimulationInput } from './simulationInput';

export interface PlannedPart {
  readonly scenario: Scenario;
  readonly clients: number;
}

/** A scenario with its share of the CPUs. */
export interface WeightedFactory {
  readonly factory: (kernel: LifeCycle['kernel'], nodes: number, clients: number) => Scenario;
  readonly share: number;
  readonly name: string;
}

/** What the request wants to run beside each other. Throws `Refused` for what there is not. */
export function factoriesOf(input: SimulationInput, kernel: LifeCycle['kernel']): readonly WeightedFactory[] {
  const { request } = input;
  const wanted = request.mix ?? [{ scenario: request.scenario, share: 1 }];
  return wanted.map(({ scenario, share }) => ({ factory: factoryOf(scenario, input, kernel), share, name: scenario }));
}

function factoryOf(name: string, input: SimulationInput, kernel: LifeCycle['kernel']): WeightedFactory['factory'] {
  if (name === 'site') return siteFactory(input, kernel);
  const own = input.userScenarios?.find(({ id }) => id === name);
  if (own !== undefined) {
    const result = userScenario(own);
    if (!result.ok) throw new Refused(result.reason);
    return result.factory;
  }
  const factory: ScenarioFactory | undefined = scenarioFactories.get(name);
  if (factory === undefined) {
    const names = [...scenarioIds, ...(input.userScenarios ?? []).map(({ id }) => id)];
    throw new Refused(`scenario ${name}: there are ${names.join(', ')}`);
  }
  return factory;
}

function siteFactory(input: SimulationInput, kernel: LifeCycle['kernel']): WeightedFactory['factory'] {
  const load = input.request.site ?? { rate_per_s: null, lifetime_ns: null, concurrency: null };
  const lifeCycle = input.lifeCycle ?? siteObject(load.object, load.bytes, kernel);
  return (_, nodes, clients) => {
    const known = input.lifeCycle ?? (load.object === undefined ? null : objectLifeCycle(load.object as ObjectKind, kernel, { nodes, growth: 0 }));
    return siteScenario(known ?? lifeCycle, load, clients);
  };
}

function siteObject(object: string | undefined, bytes: number | undefined, kernel: LifeCycle['kernel']): LifeCycle {
  if (object !== undefined) {
    const known = objectLifeCycle(object as ObjectKind, kernel, { growth: 0 });
    if (known === null) throw new Refused(`object ${object}: there are ${objectKinds.join(', ')}`);
    return known;
  }
  if (bytes === undefined) throw new Refused('scenario site: say what is created, an object or the bytes of an area');
  return areaLifeCycle(bytes, kernel);
}

/** Who runs what on a machine of so many CPUs. Throws `Refused` where one would have none. */
export function partsAt(
  factories: readonly WeightedFactory[],
  kernel: LifeCycle['kernel'],
  machine: MachineProfile,
  cpus: number,
): readonly PlannedPart[] {
  const total = factories.reduce((sum, { share }) => sum + share, 0);
  let left = cpus;
  return factories.map(({ factory, share, name }, index) => {
    const last = index === factories.length - 1;
    const mine = last ? left : Math.min(left, Math.max(1, Math.round((share / total) * cpus)));
    if (mine < 1) throw new Refused(`${String(cpus)} CPUs are too few for ${String(factories.length)} scenarios beside each other: ${name} has none`);
    left -= mine;
    const draft = factory(kernel, machine.topology.nodes, mine);
    const clients = Math.min(mine, draft.clients ?? mine);
    return { scenario: clients === mine ? draft : factory(kernel, machine.topology.nodes, clients), clients };
  });
}
