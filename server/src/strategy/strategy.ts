import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { ResolvedSite } from '../resolve/resolvedSite';

export type Standing =
  | { readonly kind: 'merged'; readonly since: string }
  /** Was in the kernel and was replaced; to go back is an idea. */
  | { readonly kind: 'dropped'; readonly since: string }
  | { readonly kind: 'rfc'; readonly date: string }
  /** Patches for inclusion, not merged. */
  | { readonly kind: 'posted'; readonly date: string }
  | { readonly kind: 'idea'; readonly date: string };

/** A voiced objection: by whom, the fact in our own words, and the message it is from. */
export interface Objection {
  readonly by: string;
  readonly point: string;
  readonly source: string;
}

export type Applicability =
  | { readonly applies: true; readonly why: string }
  | { readonly applies: false; readonly why: string };

export interface StrategyContext {
  readonly possibleCpus: number;
  readonly onlineCpus: number;
  /** The sites that the life cycle was built from. */
  readonly sites: readonly ResolvedSite[];
  /** Sites that free or destroy, in the files of `sites`. */
  readonly releases?: readonly ResolvedSite[];
  /** Memory nodes; 1 where absent. */
  readonly nodes?: number;
  /** CPUs that share a last-level cache; 8 where absent. */
  readonly cpusPerLlc?: number;
  /** Threads of a typical process; 1 where absent. */
  readonly threads?: number;
}

/** A mitigation: a rewrite of a life cycle, with its standing and the objections that were voiced. */
export interface Strategy {
  readonly id: string;
  readonly title: string;
  readonly standing: Standing;
  /** Whose code changes: only the object's own authors can act on what is pushed at a site. */
  readonly changes: 'object' | 'allocator' | 'counters' | 'scheduler' | 'user space';
  readonly objections: readonly Objection[];
  readonly sources: readonly string[];
  /** What it asks in return: memory, accuracy, complexity; one sentence each. */
  readonly prices: readonly string[];
  /** What its author has to change and look after, in order: functions, error paths, memory cgroup, configurations. */
  readonly checklist: readonly string[];
  applies(lifeCycle: LifeCycle, context: StrategyContext): Applicability;
  /** Called only where it applies. Must change the life cycle. */
  rewrite(lifeCycle: LifeCycle, context: StrategyContext): LifeCycle;
}
