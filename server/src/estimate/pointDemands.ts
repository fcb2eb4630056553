import { transferVariation } from '../machine/distance';
import type { MachineProfile } from '../machine/profile';
import { workVariation } from '../pricing/variation';
import type { PointDemands, PointVisit } from './closedNetwork';
import type { Demands, Visit } from './demands';
import type { Corner } from './knee';

/** Chance that another CPU held the lock of a visit last, by visit; 1 where absent. */
export type OtherHolders = ReadonlyMap<Visit, number>;

/**
 * Demands at one corner of the constants, without the work of the balance worker. A hand-off takes `moved` with the
 * chance that another CPU held the lock last; all its lines come from that one CPU, near or far. `ofWork` is the squared
 * coefficient of variation of work.
 */
export function pointDemands(
  demands: Demands,
  corner: Corner,
  machine: MachineProfile,
  clients: number,
  others: OtherHolders = new Map(),
  ofWork = workVariation,
): PointDemands {
  const ofTransfer = transferVariation(machine, clients);
  const point = (visit: Visit): PointVisit => {
    const chance = others.get(visit) ?? 1;
    const own = visit.own[corner];
    const moved = visit.moved[corner];
    const variance = ofWork * own ** 2 + chance * moved ** 2 * (1 + ofTransfer - chance);
    return { lock: visit.lock, own: own + chance * moved, variance, nested: visit.nested.map(point) };
  };
  return { think: demands.think[corner], visits: demands.visits.map(point) };
}
