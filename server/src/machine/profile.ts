import type { Interval } from '../util/interval';
import type { Source } from '../util/reason';

/** A constant of a machine with where it is from. Times are ns. */
export interface Constant {
  readonly value: Interval;
  readonly source: Source;
}

/** Line transfer latency by distance between two CPUs, in ns. */
export interface TransferLatency {
  readonly smt: Constant;
  readonly llc: Constant;
  readonly socket: Constant;
  readonly remote: Constant;
}

export interface Topology {
  readonly possibleCpus: number;
  readonly onlineCpus: number;
  readonly sockets: number;
  readonly nodes: number;
  /** Physical cores that share a last-level cache. */
  readonly coresPerLlc: number;
  /** Hardware threads of a core: 1 or 2 (or 4). */
  readonly smt: number;
}

export interface MachineProfile {
  readonly name: string;
  readonly description: string;
  readonly topology: Topology;
  readonly transfer: TransferLatency;
  /** True once its constants were measured on the user's machine; else every time says "uncalibrated". */
  readonly calibrated: boolean;
  readonly guest: boolean;
  readonly pageSize: 4096 | 65536;
}
