import { EMPTY_PAGES_HIGH, EMPTY_PAGES_LOW } from '../allocator/allocator';
import type { MachineProfile } from '../machine/profile';
import { type PointDemands, type Solution, throughputsOf } from './closedNetwork';
import type { Demands } from './demands';
import type { Corner } from './knee';

/** Pages of each unit that one call of the balance worker populates: it is called below one mark and fills up to the other. */
const pagesOfACall = EMPTY_PAGES_HIGH - (EMPTY_PAGES_LOW - 1);

/** What the balance worker does to a loaded mutex. */
interface Bursts {
  readonly lock: string;
  /** The worker holds the mutex so long at a time, ns. */
  readonly burst: number;
  /** Operations from one call to the next. */
  readonly operations: number;
  /** Visits to the mutex in one operation, and the time each holds it, ns. */
  readonly visits: number;
  readonly service: number;
  /** Squared coefficient of variation of that time, for the queue that it leaves. */
  readonly variation: number;
  /** Operations per ns of so many clients that find the mutex free. */
  readonly others: readonly number[];
}

/**
 * The same load with the balance worker at work: now and then it holds the mutex for the pages of every unit at once,
 * and the clients pile up behind it. The network but for the mutex is put together into one station (Chandy, Herzog and
 * Woo, IBM J. Res. Dev. 19(1), 1975); the length of the queue at the mutex is followed over time by its mean
 * (pointwise stationary fluid flow: Wang, Tipper and Banerjee, INFOCOM 1996), with the worker's holds and without. The
 * solution loses the share of its throughput that is lost there, and never does more than the mutex can.
 */
export function withBursts(solution: Solution, demands: Demands, point: PointDemands, corner: Corner, clients: number, machine: MachineProfile): Solution {
  const populate = demands.visits.reduce((sum, visit) => sum + visit.populate[corner], 0);
  const lock = demands.visits.find((visit) => visit.populate[corner] > 0)?.lock;
  if (populate === 0 || lock === undefined) return solution;
  const burst = pagesOfACall * machine.topology.possibleCpus * machine.costs.populatePage.value[corner];
  const own = point.visits.filter((visit) => visit.lock === lock);
  const held = own.reduce((sum, visit) => sum + (solution.timings.get(visit)?.service ?? 0), 0);
  const variance = own.reduce((sum, visit) => sum + visit.variance + visit.nested.reduce((inside, one) => inside + one.variance, 0), 0);
  const service = held / own.length;
  const others = throughputsOf({ ...point, visits: point.visits.filter((visit) => visit.lock !== lock) }, clients);
  const bursts: Bursts = { lock, burst, operations: burst / populate, visits: own.length, service, variation: variance / own.length / service ** 2, others };
  const most = 1 / (held + populate) / solution.throughput;
  return slowed(solution, bursts, clients, Math.min(most, shareLeft(bursts, clients)));
}

/** Throughput with the worker's holds as a share of that without. */
function shareLeft(bursts: Bursts, clients: number): number {
  const steady = steadyQueue(bursts, clients);
  const undisturbed = served(bursts, steady);
  let queue = steady;
  let duration = 0;
  for (let round = 0; round < 6; round++) {
    const cycle = oneCycle(bursts, clients, queue);
    if (Math.abs(cycle.duration / duration - 1) < 1e-4) break;
    ({ queue, duration } = cycle);
  }
  return Math.min(1, bursts.operations / duration / undisturbed);
}

/** From one call of the worker to the next: its hold, then as many operations as use its pages up. */
function oneCycle(bursts: Bursts, clients: number, from: number): { readonly queue: number; readonly duration: number } {
  const step = Math.min(bursts.burst / 40, bursts.service / 2);
  let queue = from;
  for (let now = 0; now < bursts.burst; now += step) queue += step * arrivals(bursts, clients - queue);
  let done = 0;
  let duration = bursts.burst;
  while (done < bursts.operations) {
    const rate = served(bursts, queue);
    queue = Math.max(0, queue + step * (arrivals(bursts, clients - queue) - rate * bursts.visits));
    done += rate * step;
    duration += step;
  }
  return { queue, duration };
}

/** Mean number at the mutex where as many come as are served, by bisection. */
function steadyQueue(bursts: Bursts, clients: number): number {
  let low = 0;
  let high = clients;
  for (let round = 0; round < 50; round++) {
    const middle = (low + high) / 2;
    if (arrivals(bursts, clients - middle) > served(bursts, middle) * bursts.visits) low = middle;
    else high = middle;
  }
  return low;
}

/** Visits to the mutex per ns by clients that are elsewhere. */
function arrivals({ others, visits }: Bursts, elsewhere: number): number {
  const whole = Math.floor(elsewhere);
  const at = (count: number): number => (count <= 0 ? 0 : (others[count - 1] ?? others[others.length - 1] ?? 0));
  return visits * (at(whole) + (elsewhere - whole) * (at(whole + 1) - at(whole)));
}

/** Operations per ns that a mutex with so many present serves: the utilisation that keeps such a queue (Pollaczek and Khinchine). */
function served({ variation, service, visits }: Bursts, present: number): number {
  const a = 1 - variation;
  const b = 2 * (present + 1);
  const utilisation = Math.abs(a) < 1e-6 ? (2 * present) / b : (b - Math.sqrt(b ** 2 - 8 * a * present)) / (2 * a);
  return Math.min(1, utilisation) / (service * visits);
}

function slowed(solution: Solution, { lock, burst, operations }: Bursts, clients: number, share: number): Solution {
  const throughput = solution.throughput * share;
  const residence = clients / throughput;
  const locks = [...solution.locks].map(([name, load]) => {
    const utilisation = load.utilisation * share;
    if (name !== lock) return [name, { ...load, utilisation }] as const;
    const wait = load.wait + residence - solution.residence;
    const perVisit = load.wait === 0 ? 0 : (load.waitPerVisit * wait) / load.wait;
    return [name, { utilisation: Math.min(1, utilisation + (throughput * burst) / operations), wait, waitPerVisit: perVisit }] as const;
  });
  return { ...solution, throughput, residence, locks: new Map(locks) };
}
