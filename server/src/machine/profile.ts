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

/** What one piece of kernel work costs where nobody competes (ns), and how many cache lines move where somebody does (counts). */
export interface MachineCosts {
  /** Lock and unlock of a free mutex, ns. */
  readonly mutex: Constant;
  /** Lock and unlock of a free spinlock, interrupts saved and restored, ns. */
  readonly spinlock: Constant;
  /** Cache lines that move when a mutex goes from one CPU to another. */
  readonly mutexHandOffLines: Constant;
  readonly spinlockHandOffLines: Constant;
  /** Search, bitmap and hint update for one area, ns, all lines local. */
  readonly placeArea: Constant;
  /** Lines of the chunk that move to the next CPU which allocates or frees. */
  readonly placeAreaLines: Constant;
  readonly freeArea: Constant;
  readonly freeAreaLines: Constant;
  /** Lines more that move before the chunk's base address got a line of its own (6.5). */
  readonly sharedBaseLines: Constant;
  /** Zeroing one area in one CPU's unit, its line in this CPU's cache, ns. */
  readonly zeroWarm: Constant;
  /** Every further line of the same unit, ns. */
  readonly zeroNextLine: Constant;
  /** First touch of a line that no cache holds, ns. */
  readonly coldLine: Constant;
  /** Share of a line transfer paid for each line after the first of one unit (they overlap). */
  readonly nextLineShare: Constant;
  /** One step of a loop over CPUs, without touching the unit, ns. */
  readonly walkCpu: Constant;
  readonly walkLoad: Constant;
  readonly walkStore: Constant;
  /** Allocating and mapping one backing page, ns. */
  readonly populatePage: Constant;
  /** Linking or unlinking one list entry, ns. */
  readonly listLink: Constant;
  readonly listLines: Constant;
  /** Charge or uncharge of bytes by the byte stock, ns. */
  readonly memcgBytes: Constant;
  /** Charge or uncharge that reaches the page stock, ns. */
  readonly memcgPages: Constant;
  readonly slab: Constant;
  /** Clearing one cache line of an object, ns. */
  readonly clearLine: Constant;
  /** Atomic read-modify-write on a line this CPU owns, ns. */
  readonly atomic: Constant;
  readonly localUpdate: Constant;
  /** Factor on every line that moves between CPUs while vCPUs of lock holders are preempted; 1 on bare metal. */
  readonly guestFactor: Constant;
}

export interface MachineProfile {
  readonly name: string;
  readonly description: string;
  readonly topology: Topology;
  readonly transfer: TransferLatency;
  readonly costs: MachineCosts;
  /** True once its constants were measured on the user's machine; else every time says "uncalibrated". */
  readonly calibrated: boolean;
  readonly guest: boolean;
  readonly pageSize: 4096 | 65536;
}
