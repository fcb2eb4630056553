import type { Topology } from '../machine/profile';

/** How far a line travels between two CPUs: index into a table of five latencies. */
export const distances = ['same CPU', 'SMT sibling', 'same last-level cache', 'same socket', 'other socket'] as const;

/** Where each CPU sits. Numbered as Linux numbers x86: the cores socket by socket, then their siblings. */
export interface Placement {
  readonly cpus: number;
  readonly core: Int32Array;
  readonly llc: Int32Array;
  readonly socket: Int32Array;
}

/** ns for a line to travel each of the five `distances`; the first is 0. */
export type LatencyTable = Float64Array;

export function placement(topology: Topology): Placement {
  const cpus = topology.onlineCpus;
  const cores = Math.max(1, Math.ceil(cpus / Math.max(1, topology.smt)));
  const perSocket = Math.max(1, Math.ceil(cores / Math.max(1, topology.sockets)));
  const perLlc = Math.max(1, topology.coresPerLlc);
  const llcsPerSocket = Math.ceil(perSocket / perLlc);
  const result = { cpus, core: new Int32Array(cpus), llc: new Int32Array(cpus), socket: new Int32Array(cpus) };
  for (let cpu = 0; cpu < cpus; cpu += 1) {
    const core = cpu % cores;
    const socket = Math.floor(core / perSocket);
    result.core[cpu] = core;
    result.socket[cpu] = socket;
    result.llc[cpu] = socket * llcsPerSocket + Math.floor((core % perSocket) / perLlc);
  }
  return result;
}

/** Index into `distances`. */
export function distance(where: Placement, from: number, to: number): number {
  if (from === to) return 0;
  if (where.core[from] === where.core[to]) return 1;
  if (where.llc[from] === where.llc[to]) return 2;
  return where.socket[from] === where.socket[to] ? 3 : 4;
}
