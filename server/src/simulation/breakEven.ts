import type { BreakEven } from '../protocol/simulation';
import { type Cancellation, neverCancelled, throwIfCancelled, yieldToEvents } from '../util/cancellation';
import { middle } from './machineLevels';
import { type Plan, planOf } from './plan';
import { pointOf, runOnce } from './pointRun';
import { derivedSeed } from './randomStream';
import type { SimulationInput } from './simulationInput';
import { estimate } from './statistics';

/** A gain smaller than this is not worth a patch, whatever the statistics say. */
const leastGain = 0.01;

/**
 * The smallest CPU count up to `upTo` from which a strategy has at least 1 % more throughput than the baseline beyond
 * chance (paired runs, 95 %), found by doubling and halving: to a sixteenth. Throws `Refused`, `Cancelled`.
 */
export async function breakEven(
  input: SimulationInput,
  strategy: string,
  upTo: number,
  cancellation: Cancellation = neverCancelled,
): Promise<BreakEven> {
  const plan = planOf({ ...input, request: { ...input.request, cpus: [upTo], strategies: ['baseline', strategy] } });
  let below = 0;
  for (const cpus of doublings(upTo)) {
    if (await pays(plan, cpus, strategy, cancellation)) {
      return { strategy, cpus: await narrowed(plan, strategy, below, cpus, cancellation), up_to: upTo };
    }
    below = cpus;
  }
  return { strategy, cpus: null, up_to: upTo };
}

function doublings(upTo: number): number[] {
  const counts: number[] = [];
  for (let cpus = 1; cpus < upTo; cpus *= 2) counts.push(cpus);
  return [...counts, upTo];
}

async function narrowed(plan: Plan, strategy: string, below: number, above: number, cancellation: Cancellation): Promise<number> {
  let low = below;
  let high = above;
  while (high - low > Math.max(1, high / 16)) {
    const half = Math.floor((low + high) / 2);
    if (await pays(plan, half, strategy, cancellation)) high = half;
    else low = half;
  }
  return high;
}

async function pays(plan: Plan, cpus: number, strategy: string, cancellation: Cancellation): Promise<boolean> {
  const pause = (): void => throwIfCancelled(cancellation);
  const before = pointOf(plan, cpus, 'baseline');
  const after = pointOf(plan, cpus, strategy);
  const gains: number[] = [];
  for (let part = 0; part < plan.replications; part += 1) {
    const seed = derivedSeed(plan.request.seed, part);
    const base = runOnce(plan, before, middle, seed, pause).throughputPerS;
    gains.push(runOnce(plan, after, middle, seed, pause).throughputPerS / base - 1);
    await yieldToEvents(cancellation);
  }
  const { mean, low } = estimate(gains);
  return mean >= leastGain && low > 0;
}
