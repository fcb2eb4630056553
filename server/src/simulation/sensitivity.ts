import type { SensitivityRow } from '../protocol/simulation';
import { costReason } from '../pricing/constantReason';
import type { MachineCosts } from '../machine/profile';
import { type Cancellation, neverCancelled, throwIfCancelled, yieldToEvents } from '../util/cancellation';
import { levelKeys } from './draws';
import { kernelAssumptions } from './kernelActivity';
import { type Levels, middle } from './machineLevels';
import { type Plan, planOf } from './plan';
import { type Point, pointOf, runOnce } from './pointRun';
import { derivedSeed } from './randomStream';
import type { SimulationInput } from './simulationInput';
import { significant } from './statistics';

const replications = 2;

/**
 * Which uncertain quantity moves the throughput most: each at both ends of its interval, the others in the middle,
 * the same random numbers throughout. Largest swing first. Throws `Refused`, `Cancelled`.
 */
export async function sensitivity(
  input: SimulationInput,
  cpus: number,
  strategy: string,
  cancellation: Cancellation = neverCancelled,
): Promise<SensitivityRow[]> {
  const plan = planOf({ ...input, request: { ...input.request, cpus: [cpus], strategies: [strategy] } });
  const point = pointOf(plan, cpus, strategy);
  const pause = (): void => throwIfCancelled(cancellation);
  const reference = throughput(plan, point, middle, pause);
  const rows: SensitivityRow[] = [];
  for (const key of levelKeys(plan, point)) {
    const low = throughput(plan, point, new Map([[key, 0]]), pause);
    const high = throughput(plan, point, new Map([[key, 1]]), pause);
    const swing = (Math.max(low, high, reference) - Math.min(low, high, reference)) / reference;
    rows.push({
      key, label: labelOf(key, point), at_low_per_s: significant(low), at_high_per_s: significant(high), swing: significant(swing, 3),
    });
    await yieldToEvents(cancellation);
  }
  return rows.sort((a, b) => b.swing - a.swing || (a.key < b.key ? -1 : 1));
}

function throughput(plan: Plan, point: Point, levels: Levels, pause: () => void): number {
  let sum = 0;
  for (let part = 0; part < replications; part += 1) {
    sum += runOnce(plan, point, levels, derivedSeed(plan.request.seed, part), pause).throughputPerS;
  }
  return sum / replications;
}

function labelOf(key: string, point: Point): string {
  const [group = '', ...rest] = key.split('.');
  const name = rest.join('.');
  if (group === 'costs') return costReason(point.machine, name as keyof MachineCosts).label;
  if (group === 'transfer') return `transfer of a line: ${name}`;
  const known = group === 'kernel' ? kernelAssumptions : point.parts.flatMap(({ scenario }) => scenario.assumptions);
  return known.find(({ id }) => id === name)?.label ?? name;
}
