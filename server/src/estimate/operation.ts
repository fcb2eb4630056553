import { inChurn } from '../lifecycle/growth';
import type { KernelVersion } from '../kernel/version';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { MachineProfile } from '../machine/profile';
import { assumption, createdPerOperation, isDestroyed, type Scenario, type ScenarioObject, threadsOf } from '../scenario/scenario';
import type { ScenarioFactory } from '../scenario/factory';
import { applyStrategies } from '../strategy/applyStrategies';
import type { Interval } from '../util/interval';
import { strategyContext } from './compare';
import type { Solution } from './closedNetwork';
import { type ScenarioDemands, scenarioDemands } from './scenarioDemands';
import { corners, solveCorners } from './solveLoad';

export interface OperationRequest {
  readonly scenario: ScenarioFactory;
  readonly machine: MachineProfile;
  readonly kernel: KernelVersion;
  readonly clients: number;
  readonly strategies: readonly string[];
  /** Values that stand in place of the scenario's assumptions, by id. */
  readonly assumptions?: Readonly<Record<string, number>>;
}

/** One operation of a scenario on a loaded machine, at each corner of the constants. */
export interface Operation {
  /** Of all objects that one operation creates. */
  readonly lifeCycles: readonly LifeCycle[];
  /** Areas allocated by one operation. */
  readonly allocations: number;
  readonly solutions: readonly Solution[];
  /** Percpu time of one operation with its waits, ns, per corner. */
  readonly percpuNs: readonly number[];
  /** Kernel time of one operation with its waits, ns, per corner. */
  readonly kernelNs: readonly number[];
  /** Strategies that could not be applied to any of the objects, with the reason. */
  readonly refused: readonly string[];
}

/** Null where a step has no known price. */
export function operationOf(request: OperationRequest): Operation | null {
  const { machine, clients, assumptions = {} } = request;
  const scenario = request.scenario(request.kernel, machine.topology.nodes);
  const objects = scenario.objects.map((one) => rewritten(one, scenario, request));
  const parts = scenarioDemands({ scenario, lifeCycles: objects.map(({ lifeCycle }) => lifeCycle), machine, clients, assumptions });
  if (parts === null) return null;
  const solutions = solveCorners(parts.demands, clients, machine);
  const lifeCycles = objects.flatMap(({ id, lifeCycle }) => Array.from({ length: created(scenario, id, assumptions) }, () => lifeCycle));
  return {
    lifeCycles,
    allocations: lifeCycles.reduce((sum, { areas }) => sum + areas.length, 0),
    solutions,
    percpuNs: solutions.map((solution, at) => solution.residence - parts.other[corners[at] ?? 'mid'] - ownWaits(solution, parts)),
    kernelNs: solutions.map(({ residence }, at) => residence - parts.user[corners[at] ?? 'mid']),
    refused: refusedEverywhere(lifeCycles.length, objects, request.strategies),
  };
}

function created(scenario: Scenario, object: string, assumptions: Readonly<Record<string, number>>): number {
  return createdPerOperation(scenario.phases, object, (id) => assumptions[id] ?? assumption(scenario, id).value.mid);
}

interface Rewritten {
  readonly id: string;
  readonly lifeCycle: LifeCycle;
  readonly refused: ReadonlyMap<string, string>;
}

function rewritten(object: ScenarioObject, scenario: Scenario, { machine, strategies, assumptions = {} }: OperationRequest): Rewritten {
  const threads = threadsOf(scenario, object, assumptions);
  const context = strategyContext(machine, threads === undefined ? {} : { threads });
  const { lifeCycle, outcome } = applyStrategies(strategies, object.lifeCycle, context);
  const lived = isDestroyed(scenario, object) ? inChurn(lifeCycle) : lifeCycle;
  return { id: object.id, lifeCycle: lived, refused: new Map(outcome.filter(({ applied }) => !applied).map(({ id, why }) => [id, why])) };
}

function refusedEverywhere(created: number, objects: readonly Rewritten[], strategies: readonly string[]): readonly string[] {
  const [first, ...rest] = objects;
  if (created === 0 || first === undefined) return strategies.length > 0 ? ['no percpu object is created by this operation'] : [];
  return [...first.refused].filter(([id]) => rest.every(({ refused }) => refused.has(id))).map(([id, why]) => `${id}: ${why}`);
}

/** Waits before the scenario's own locks, ns. */
function ownWaits({ locks }: Solution, parts: ScenarioDemands): number {
  return [...locks].filter(([lock]) => parts.locks.has(lock)).reduce((sum, [, { wait }]) => sum + wait, 0);
}

export function throughputOf({ solutions }: Operation): Interval {
  return spread(solutions.map(({ throughput }) => throughput * 1e9));
}

/** The interval over the corners, its middle from the middle corner. */
export function spread(values: readonly number[]): Interval {
  return { low: Math.min(...values), mid: values[1] ?? NaN, high: Math.max(...values) };
}
