import { changesOf } from '../scenario/scenario';
import { kernelAssumptions } from './kernelActivity';
import { type Levels, uncertainKeys } from './machineLevels';
import type { Plan } from './plan';
import type { Point } from './pointRun';
import { derivedSeed, nextUniform, randomStreams } from './randomStream';

/** Every quantity of a point that has an interval: constants of the machine, assumptions of scenario and kernel. */
export function levelKeys(plan: Plan, point: Point): string[] {
  const scenario = point.parts.flatMap(({ scenario: one }) => {
    const changed = changesOf(one, plan.request.assumptions);
    return one.assumptions.filter(({ id, value }) => changed[id] === undefined && value.low < value.high).map(({ id }) => `scenario.${id}`);
  });
  return [...new Set([...uncertainKeys(point.machine), ...scenario, ...kernelAssumptions.map(({ id }) => `kernel.${id}`)])];
}

/**
 * Independent draws of all of them, evenly over each interval (Latin hypercube: each draw takes another of as many
 * equal parts). The same seed and keys give the same draws, so strategies are compared at equal ones.
 */
export function drawnLevels(plan: Plan, point: Point): Levels[] {
  const { draws } = plan;
  const keys = levelKeys(plan, point);
  const random = randomStreams(keys.length + 1, derivedSeed(plan.request.seed, 77_777));
  const columns = keys.map((_, stream) => shuffled(draws, () => nextUniform(random, stream)));
  return Array.from({ length: draws }, (_, draw) =>
    new Map(keys.map((key, stream) => [key, ((columns[stream]?.[draw] ?? 0) + nextUniform(random, stream)) / draws])),
  );
}

function shuffled(count: number, uniform: () => number): number[] {
  const left = Array.from({ length: count }, (_, index) => index);
  return Array.from({ length: count }, () => left.splice(Math.floor(uniform() * left.length), 1)[0] ?? 0);
}
