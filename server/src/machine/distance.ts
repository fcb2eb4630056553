import { add, type Interval, scale, zero } from '../util/interval';
import type { MachineProfile, Topology } from './profile';

/** How many pairs of CPUs, as shares of one, are at each distance. */
export interface DistanceShares {
  readonly smt: number;
  readonly llc: number;
  readonly socket: number;
  readonly remote: number;
}

export type Distance = keyof DistanceShares;

interface Place {
  readonly core: number;
  readonly llc: number;
  readonly socket: number;
}

/** Where the n-th busy CPU sits: cores of one socket first, then the next socket, hardware siblings last. */
export function placeOf(topology: Topology, cpu: number): Place {
  const cores = coreCount(topology);
  const coresPerSocket = Math.max(1, Math.ceil(cores / topology.sockets));
  const core = cpu % cores;
  // Each socket has its own caches, however many of its cores the last of them serves.
  const llcsPerSocket = Math.ceil(coresPerSocket / topology.coresPerLlc);
  const socket = Math.floor(core / coresPerSocket);
  return { core, llc: socket * llcsPerSocket + Math.floor((core % coresPerSocket) / topology.coresPerLlc), socket };
}

function coreCount(topology: Topology): number {
  return Math.max(1, Math.ceil(topology.onlineCpus / topology.smt));
}

export function distanceBetween(topology: Topology, a: number, b: number): Distance {
  const one = placeOf(topology, a);
  const other = placeOf(topology, b);
  if (one.core === other.core) return 'smt';
  if (one.socket !== other.socket) return 'remote';
  return one.llc === other.llc ? 'llc' : 'socket';
}

const remembered = new Map<string, DistanceShares>();

/** Shares of the distances between two different CPUs among the first `busy` ones; all zero for one CPU. */
export function distanceShares(topology: Topology, busy: number): DistanceShares {
  const count = Math.max(1, Math.min(Math.floor(busy), topology.onlineCpus));
  const key = [topology.onlineCpus, topology.sockets, topology.coresPerLlc, topology.smt, count].join('/');
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const shares = countPairs(topology, count);
  remembered.set(key, shares);
  return shares;
}

function countPairs(topology: Topology, count: number): DistanceShares {
  if (count < 2) return { smt: 0, llc: 0, socket: 0, remote: 0 };
  const places = Array.from({ length: count }, (_, cpu) => placeOf(topology, cpu));
  const same = (key: (place: Place) => string): number => sharedPairs(places.map(key));
  const smt = same(({ core }) => String(core));
  const llc = same(({ llc: cache }) => String(cache));
  const socket = same(({ socket: number }) => String(number));
  const all = (count * (count - 1)) / 2;
  return { smt: smt / all, llc: (llc - smt) / all, socket: (socket - llc) / all, remote: (all - socket) / all };
}

function sharedPairs(keys: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
}

/** Mean latency of one cache line moving between two different CPUs of the first `busy` ones, ns. */
export function meanTransfer(machine: MachineProfile, busy: number): Interval {
  const shares = distanceShares(machine.topology, busy);
  const distances: readonly Distance[] = ['smt', 'llc', 'socket', 'remote'];
  return distances.reduce((sum, distance) => add(sum, scale(machine.transfer[distance].value, shares[distance])), zero);
}

/** Squared coefficient of variation of the time that a line takes between two CPUs of the first `busy` ones. */
export function transferVariation(machine: MachineProfile, busy: number): number {
  const shares = distanceShares(machine.topology, busy);
  const distances: readonly Distance[] = ['smt', 'llc', 'socket', 'remote'];
  const moment = (power: number): number => distances.reduce((sum, distance) => sum + shares[distance] * machine.transfer[distance].value.mid ** power, 0);
  return moment(1) === 0 ? 0 : moment(2) / moment(1) ** 2 - 1;
}
