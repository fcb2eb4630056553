import type { WireInterval, WireReason, WireStrategy } from './report';

/** Every known strategy for one object, as `strategies FILE:LINE --format json` prints it. */
export interface StrategyAnswer {
  /** `kernel/fork.c:1334`. */
  readonly place: string;
  readonly function: string | null;
  /** `mm (one fork or one exec)`. */
  readonly object: string;
  /** Everything that is created together, as `file:line`. */
  readonly sites: readonly string[];
  readonly machine: string;
  readonly cpus: { readonly possible: number; readonly online: number };
  /** False: times are an order of magnitude. */
  readonly calibrated: boolean;
  readonly threads: number | null;
  /** How often such an object is created on the whole machine; null: not known. */
  readonly rate: WireReason | null;
  /** Best first; those that do not apply last. */
  readonly strategies: readonly AnsweredStrategy[];
  /** Pairs that compose, in their order, those that save most first. */
  readonly combinations: readonly WireCombination[];
}

export interface AnsweredStrategy extends WireStrategy {
  /** CPU count from which it always saves time, and a tenth of it; null: never, or not known. */
  readonly pays_from: number | null;
  readonly saves_a_tenth_from: number | null;
  readonly sweep: readonly WireSweepPoint[];
  /** Where it is part of what a scenario does on all CPUs; null where there is no such scenario. */
  readonly scenario: WireScenarioGain | null;
  /** Strategies that can be done with it. */
  readonly composes_with: readonly string[];
  readonly conflicts: readonly { readonly id: string; readonly why: string }[];
}

export interface WireSweepPoint {
  readonly cpus: number;
  /** Create and destroy together, nobody else creating, ns. */
  readonly life_ns: { readonly before: WireInterval | null; readonly after: WireInterval | null };
  readonly knee_cpus: { readonly before: WireInterval | null; readonly after: WireInterval | null };
  /** Objects per second with all CPUs at it back to back. */
  readonly throughput_per_s: { readonly before: WireInterval | null; readonly after: WireInterval | null };
}

export interface WireScenarioGain {
  readonly id: string;
  /** What is counted: `commands`. */
  readonly operation: string;
  readonly clients: number;
  readonly before: WireInterval;
  readonly after: WireInterval;
}

export interface WireCombination {
  readonly ids: readonly string[];
  /** Share saved of create and destroy together. */
  readonly gain: WireInterval | null;
  readonly pinned_bytes: number;
}

/** Strategies over a whole tree, as `strategies ROOT --format json` prints them. */
export interface TreeStrategies {
  readonly kernel: string;
  readonly machine: string;
  readonly cpus: { readonly possible: number; readonly online: number };
  readonly calibrated: boolean;
  /** What is shown unasked, by the CPU time that the machine saves. */
  readonly pushed: readonly PushedStrategy[];
  /** Every object with two or more percpu areas or counters, with what grouping would take and save. */
  readonly objects: readonly GroupedObject[];
}

export interface PushedStrategy {
  readonly place: string;
  readonly function: string | null;
  readonly object: string;
  readonly strategy: WireStrategy;
}

export interface GroupedObject {
  readonly name: string;
  readonly frequency_class: string;
  /** What it allocates, in the order of the files. */
  readonly sites: readonly { readonly place: string; readonly function: string | null; readonly keeps: string; readonly size: number | null }[];
  /** Allocations that could be one each; empty where none could. */
  readonly groups: readonly { readonly function: string | null; readonly areas: readonly string[]; readonly bytes: number }[];
  /** What it would take, or why nothing can be grouped. */
  readonly takes: string;
  /** Trips into the allocator over the life of one object. */
  readonly trips: { readonly before: number; readonly after: number };
  /** Of create and destroy of what is known; null where nothing can be grouped or times are not modelled. */
  readonly saved_ns: WireInterval | null;
  readonly gain: WireInterval | null;
}
