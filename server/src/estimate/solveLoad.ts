import type { MachineProfile } from '../machine/profile';
import { workVariation } from '../pricing/variation';
import { withBursts } from './bursts';
import { type PointDemands, type Solution, solveClosed } from './closedNetwork';
import type { Demands, Visit } from './demands';
import type { Corner } from './knee';
import { otherHolders } from './otherHolders';
import { pointDemands } from './pointDemands';
import { timelineOf } from './timeline';
import { turnsOf } from './turns';
import { inStep } from './twoClients';

/** Change of a chance below which hand-offs are settled. */
const settled = 2e-3;
const mostRounds = 12;

/** What the solution of one round says of the next. */
interface Known {
  readonly others: ReadonlyMap<Visit, number>;
  readonly turns: ReadonlyMap<string, number>;
}

/** The corners of the constants, as answers list them. */
export const corners = ['low', 'mid', 'high'] as const;

/**
 * A load at each corner of the constants: the closed network with hand-offs as dear, and visits as close to each other, as
 * they are in the middle. Both follow from the solution and the solution from them, so they are worked out in turn, from
 * the dearest hand-offs on; of two clients the schedule is followed. `variation` is the squared coefficient of variation of work.
 */
export function solveCorners(demands: Demands, clients: number, machine: MachineProfile, variation = workVariation): readonly Solution[] {
  const solveAt = (corner: Corner, { others, turns }: Known): { point: PointDemands; solution: Solution } => {
    const point: PointDemands = { ...pointDemands(demands, corner, machine, clients, others, variation), turns };
    return { point, solution: solveClosed(point, clients) };
  };
  let known: Known = { others: new Map(), turns: new Map() };
  let middle = solveAt('mid', known);
  for (let round = 0; clients > 1 && round < mostRounds; round++) {
    const timeline = timelineOf(demands, middle.point, middle.solution);
    const next: Known = { others: otherHolders(timeline, middle.solution, clients), turns: turnsOf(timeline, middle.solution) };
    if (changeOf(known, next) < settled) break;
    known = next;
    middle = solveAt('mid', known);
  }
  return corners.map((corner) => {
    const { point, solution } = corner === 'mid' ? middle : solveAt(corner, known);
    const steady = clients === 2 && variation <= workVariation ? inStep(solution, demands, corner) : solution;
    return withBursts(steady, demands, point, corner, clients, machine);
  });
}

function changeOf(before: Known, after: Known): number {
  let most = 0;
  for (const [visit, chance] of after.others) most = Math.max(most, Math.abs(chance - (before.others.get(visit) ?? 1)));
  for (const [lock, share] of after.turns) most = Math.max(most, Math.abs(share - (before.turns.get(lock) ?? 0)));
  return most;
}
