import type { SimulatedPoint, SimulationResult } from '../protocol/simulation';
import { type Cancellation, neverCancelled, throwIfCancelled, yieldToEvents } from '../util/cancellation';
import { atLeast, formatKernelVersion, kernelVersion } from '../kernel/version';
import { assumptionsShown } from './assumptionsShown';
import { drawnLevels } from './draws';
import { middle } from './machineLevels';
import { type Plan, plansOf, refusalsOf } from './plan';
import { pointResult, type PointRuns } from './pointResult';
import { modelOf, type Point, pointOf, runOnce } from './pointRun';
import { derivedSeed } from './randomStream';
import type { Measure } from './replication';
import type { SimulationInput } from './simulationInput';
import { summarise } from './summary';

/** Called with each point as soon as it is there, and how many of all are done. */
export type OnPoint = (point: SimulatedPoint, done: number, total: number) => void;

/**
 * Runs a whole request, point by point, yielding to events between replications. Throws `Refused` before anything
 * runs where the request cannot be run as asked, `Cancelled` where it is cancelled.
 */
export async function simulate(input: SimulationInput, onPoint: OnPoint, cancellation: Cancellation = neverCancelled): Promise<SimulationResult> {
  const plans = plansOf(input);
  const order = pointOrder(plans);
  const baselines = new Map<string, PointRuns>();
  const points: SimulatedPoint[] = [];
  for (const { plan, cpus, strategy } of order) {
    const point = pointOf(plan, cpus, strategy);
    const runs = await runPoint(plan, point, cancellation);
    const at = `${String(plans.indexOf(plan))} ${String(cpus)}`;
    if (strategy === 'baseline') baselines.set(at, runs);
    const result = pointResult(plan, point, runs, strategy === 'baseline' ? null : (baselines.get(at) ?? null));
    points.push(result);
    onPoint(result, points.length, order.length);
  }
  return result(input, plans, points);
}

/** The points in the order of the answer: by CPUs, machines and kernels as asked for, strategies as asked for. */
function sorted(plans: readonly Plan[], points: readonly SimulatedPoint[]): SimulatedPoint[] {
  const variant = ({ kernel, machine }: SimulatedPoint): number => plans.findIndex((plan) => plan.request.kernel === kernel && plan.machine.name === machine);
  const rank = ({ strategy }: SimulatedPoint): number => plans[0]?.strategies.indexOf(strategy) ?? 0;
  return [...points].sort((a, b) => a.cpus - b.cpus || variant(a) - variant(b) || rank(a) - rank(b));
}

interface OrderedPoint {
  readonly plan: Plan;
  readonly cpus: number;
  readonly strategy: string;
}

/** The order of running: the ends first, then the middles between, so that curves show early; the baseline first at each. */
function pointOrder(plans: readonly Plan[]): OrderedPoint[] {
  const [first] = plans;
  if (first === undefined) return [];
  const strategies = [...first.strategies].sort((a, b) => Number(b === 'baseline') - Number(a === 'baseline'));
  return spreadOut(first.cpus).flatMap((cpus) => plans.flatMap((plan) => strategies.map((strategy) => ({ plan, cpus, strategy }))));
}

export function spreadOut<T>(items: readonly T[]): T[] {
  const last = items.length - 1;
  const order = new Set<number>([0, last].filter((index) => index >= 0));
  for (let parts = 2; order.size < items.length; parts *= 2) {
    for (let part = 1; part < parts; part += 1) order.add(Math.round((last * part) / parts));
  }
  return [...order].flatMap((index) => items.slice(index, index + 1));
}

async function runPoint(plan: Plan, point: Point, cancellation: Cancellation): Promise<PointRuns> {
  const pause = (): void => throwIfCancelled(cancellation);
  const { seed } = plan.request;
  const replications: Measure[] = [];
  for (let part = 0; part < plan.replications; part += 1) {
    replications.push(runOnce(plan, point, middle, derivedSeed(seed, part), pause));
    await yieldToEvents(cancellation);
  }
  const draws: number[] = [];
  for (const levels of drawnLevels(plan, point)) {
    draws.push(runOnce(plan, point, levels, derivedSeed(seed, 1000 + draws.length), pause).throughputPerS);
    await yieldToEvents(cancellation);
  }
  return { replications, draws };
}

function result({ request }: SimulationInput, plans: readonly Plan[], points: readonly SimulatedPoint[]): SimulationResult {
  const ordered = sorted(plans, points);
  const firsts = plans.map((plan) => ({ plan, point: pointOf(plan, plan.cpus[0] ?? 1, plan.strategies[0] ?? 'baseline') }));
  const [first] = firsts;
  if (first === undefined) throw new Error('a simulation without a plan');
  const scenarios = first.point.parts.map(({ scenario }) => scenario);
  const operation = scenarios.map((scenario) => scenario.operation).join(' and ');
  return {
    scenario: request.scenario,
    title: scenarios.map(({ title }) => title).join(' beside '),
    operation,
    kernel: first.plan.request.kernel,
    machine: first.plan.machine.name,
    seed: request.seed,
    replications: first.plan.replications,
    points: ordered,
    summary: summarise(operation, ordered),
    assumptions: assumptionsShown(first.plan, first.point),
    notes: [...new Set(firsts.flatMap(({ plan, point }) => notes(plan, point)))],
  };
}

function partlyApplied(plan: Plan, strategy: string): string[] {
  const refusals = refusalsOf(plan, strategy);
  const [first] = refusals;
  return first === undefined ? [] : [`at ${refusals.map(({ cpus }) => String(cpus)).join(', ')} CPUs ${first.why}`];
}

const [firstModelled, lastModelled] = [kernelVersion(6, 1), kernelVersion(6, 12)];

function beyondModelled({ kernel }: Plan): string[] {
  const modelled = atLeast(kernel, firstModelled) && atLeast(lastModelled, kernel);
  return modelled ? [] : [`Linux ${formatKernelVersion(kernel)}: 6.1 to 6.12 are modelled; others as far as known`];
}

function notes(plan: Plan, point: Point): string[] {
  const { calibrated, guest } = plan.machine;
  const { unpriced } = modelOf(plan, point, middle, 0);
  return [
    ...beyondModelled(plan),
    ...plan.strategies.flatMap((strategy) => partlyApplied(plan, strategy)),
    ...(calibrated ? [] : ['uncalibrated: constants are published figures and assumptions, times are an order of magnitude']),
    ...(guest ? ['a guest: lock holders are preempted, times vary more than shown'] : []),
    ...new Set(point.parts.flatMap(({ scenario }) => scenario.notes)),
    ...new Set(point.lifeCycles.flat().flatMap((lifeCycle) => lifeCycle.notes ?? [])),
    ...unpriced.map((step) => `not priced, counted as no time: ${step}`),
    'not modelled: PREEMPT_RT, fragmentation of chunks, depopulation, more clients than CPUs',
  ];
}
