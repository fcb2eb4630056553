import { inChurn } from '../lifecycle/growth';
import type { KernelVersion } from '../kernel/version';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import { meanTransfer } from '../machine/distance';
import type { MachineProfile } from '../machine/profile';
import { otherShare } from '../pricing/state';
import { applyStrategies } from '../strategy/applyStrategies';
import { add, exactly, type Interval, multiply, scale } from '../util/interval';
import { strategyContext } from './compare';
import { solveClosed, type Solution } from './closedNetwork';
import { holdVariation, pointDemands } from './contention';
import { type Demands, demandsOf, noDemands, together } from './demands';
import type { Station, Workload, WorkloadObject } from './workload';

export interface OperationRequest {
  readonly workload: Workload;
  readonly machine: MachineProfile;
  readonly kernel: KernelVersion;
  readonly clients: number;
  readonly strategies: readonly string[];
}

/** One operation of a workload on a loaded machine, at each corner of the constants. */
export interface Operation {
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

const corners = ['low', 'mid', 'high'] as const;

/** Null where a step has no known price. */
export function operationOf(request: OperationRequest): Operation | null {
  const { workload, machine, clients } = request;
  const objects = workload.objects(request.kernel, machine.topology.nodes).map((one) => rewritten(one, request));
  const percpu = objects.map((one) => demandsOfObject(one, machine, clients)).reduce<Demands | null>(
    (sum, one) => (sum === null || one === null ? null : together(sum, one)), noDemands,
  );
  if (percpu === null) return null;
  const demands = withStations(percpu, workload, machine, clients);
  const points = corners.map((corner) => pointDemands(demands, corner));
  const solutions = points.map((point) => solveClosed(point, clients, holdVariation));
  const own = new Set(workload.stations.map(({ lock }) => lock));
  return {
    lifeCycles: objects.map(({ lifeCycle }) => lifeCycle),
    allocations: objects.reduce((sum, { lifeCycle }) => sum + lifeCycle.areas.length, 0),
    solutions,
    percpuNs: solutions.map((solution, at) => percpuTime(solution, workload, own, corners[at] ?? 'mid', demands)),
    kernelNs: solutions.map(({ residence }, at) => residence - workload.other[corners[at] ?? 'mid'] * (1 - workload.kernelShare)),
    refused: objects.length === 0 && request.strategies.length > 0 ? ['no percpu object is created by this operation'] : refusedEverywhere(objects),
  };
}

interface Rewritten extends WorkloadObject {
  readonly refused: ReadonlyMap<string, string>;
}

function rewritten(object: WorkloadObject, { machine, strategies }: OperationRequest): Rewritten {
  const context = strategyContext(machine, [], object.threads);
  const { lifeCycle, outcome } = applyStrategies(strategies, object.lifeCycle, context);
  return { ...object, lifeCycle, refused: new Map(outcome.filter(({ applied }) => !applied).map(({ id, why }) => [id, why])) };
}

function refusedEverywhere(objects: readonly Rewritten[]): readonly string[] {
  const [first, ...rest] = objects;
  if (first === undefined) return [];
  return [...first.refused].filter(([id]) => rest.every(({ refused }) => refused.has(id))).map(([id, why]) => `${id}: ${why}`);
}

function demandsOfObject({ lifeCycle, destroyed }: WorkloadObject, machine: MachineProfile, creators: number): Demands | null {
  if (!destroyed) return demandsOf(lifeCycle.create, machine, { creators });
  const churn = inChurn(lifeCycle);
  return demandsOf([...churn.create, ...churn.destroy], machine, { creators });
}

/** A lock in each node is asked for by its share of the clients, and moves within the node. */
function withStations(percpu: Demands, workload: Workload, machine: MachineProfile, clients: number): Demands {
  const visits = workload.stations.flatMap((one) => stationVisits(one, machine, clients));
  return together(percpu, { think: workload.other, visits });
}

function stationVisits(station: Station, machine: MachineProfile, clients: number): Demands['visits'] {
  const nodes = station.perNode ? Math.min(machine.topology.nodes, clients) : 1;
  const sharers = Math.max(1, Math.round(clients / nodes));
  const other = exactly(otherShare({ creators: sharers }));
  const moved = multiply(scale(multiply(meanTransfer(machine, sharers), machine.costs.guestFactor.value), station.lines), other);
  const own = scale(add(station.ns, moved), 1 / nodes);
  return Array.from({ length: nodes }, (_, node) => ({ lock: nodes === 1 ? station.lock : `${station.lock} of node ${String(node)}`, irqsOff: false, own, nested: [] }));
}

function percpuTime(solution: Solution, workload: Workload, own: ReadonlySet<string>, corner: 'low' | 'mid' | 'high', demands: Demands): number {
  const isStation = (lock: string): boolean => own.has(lock.replace(/ of node \d+$/, ''));
  const waits = [...solution.locks].filter(([lock]) => isStation(lock)).reduce((sum, [, { wait }]) => sum + wait, 0);
  const held = demands.visits.filter(({ lock }) => isStation(lock)).reduce((sum, visit) => sum + visit.own[corner], 0);
  return solution.residence - workload.other[corner] - waits - held;
}

export function throughputOf({ solutions }: Operation): Interval {
  return spread(solutions.map(({ throughput }) => throughput * 1e9));
}

/** The interval over the corners, its middle from the middle corner. */
export function spread(values: readonly number[]): Interval {
  return { low: Math.min(...values), mid: values[1] ?? NaN, high: Math.max(...values) };
}
