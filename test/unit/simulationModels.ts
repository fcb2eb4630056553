import type { EngineModel, LockModel } from '../../server/src/simulation/engineState';
import { placement } from '../../server/src/simulation/placement';
import { assemble, instruction, type Instruction, opcodes, shapes } from '../../server/src/simulation/program';

export interface Visit {
  readonly lock: number;
  readonly ns: number;
}

const onePlace = { nodes: 1, sockets: 1, coresPerLlc: 4096, smt: 1 };

/** N clients that think and then visit locks, all times exponential, no time for hand-offs: networks with exact solutions. */
export function exponentialModel(
  clients: number,
  thinkNs: number,
  visits: readonly Visit[],
  locks: readonly LockModel[],
  seed: number,
): EngineModel {
  const part: Instruction[] = [instruction(opcodes.THINK, thinkNs, -1, shapes.EXPONENTIAL)];
  for (const { lock, ns } of visits) {
    part.push(instruction(opcodes.ACQUIRE, 0, lock));
    part.push(instruction(opcodes.WORK, ns, -1, shapes.EXPONENTIAL));
    part.push(instruction(opcodes.RELEASE, 0, lock));
  }
  part.push(instruction(opcodes.END));
  return engineModel(clients, part, { locks, seed });
}

export function engineModel(clients: number, part: readonly Instruction[], change: Partial<EngineModel>): EngineModel {
  const { program } = assemble([part]);
  return {
    program,
    entries: new Int32Array(clients),
    cpuOf: Int32Array.from({ length: clients }, (_, client) => client),
    placement: placement({ ...onePlace, possibleCpus: clients, onlineCpus: clients }),
    latency: new Float64Array(5),
    locks: [],
    data: 0,
    lifetimes: new Float64Array(0),
    jitter: 0,
    wakeNs: 2000,
    tick: null,
    population: null,
    workerEntry: -1,
    seed: 1,
    ...change,
  };
}

/**
 * Exact mean value analysis of a closed network: N customers, a delay Z, first-come-first-served exponential
 * stations with the given demands (Reiser and Lavenberg, "Mean-value analysis of closed multichain queuing
 * networks", J. ACM 27(2), 1980).
 */
export function meanValueAnalysis(customers: number, think: number, demands: readonly number[]): {
  readonly throughput: number;
  readonly queue: readonly number[];
} {
  let queue = demands.map(() => 0);
  let throughput = 0;
  for (let n = 1; n <= customers; n += 1) {
    const residence = demands.map((demand, station) => demand * (1 + queue[station]!));
    throughput = n / (think + residence.reduce((sum, value) => sum + value, 0));
    queue = residence.map((value) => throughput * value);
  }
  return { throughput, queue };
}
