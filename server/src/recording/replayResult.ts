import type { Difference } from './compareState';
import type { Cause } from './operation';
import type { Mismatch, Tally } from './replayer';
import type { Notices } from './traceNotices';

/** The answer of `percpu-lens replay`. */
export interface ReplayResult {
  readonly events: number;
  /** Allocations of the trace: each is exact, mismatched or undetermined. */
  readonly allocations: number;
  readonly exact: number;
  readonly mismatched: number;
  readonly undetermined: number;
  readonly undetermined_causes: readonly { readonly cause: string; readonly count: number }[];
  readonly first_mismatch: Mismatch | null;
  readonly final_state: {
    readonly equal: boolean | 'unknown';
    readonly reason: string | null;
    /** The first hundred. */
    readonly differences: readonly Difference[];
    readonly difference_count: number;
  };
  /** Where the order of the lock comes from. */
  readonly order: 'probes' | 'tracepoints' | 'both';
  readonly frees: number;
  readonly unknown_frees: number;
  /** Requests that the kernel failed, and the model too. */
  readonly failed_requests: number;
  /** Allocations at the end of the trace whose tracepoint is not in it. */
  readonly unconfirmed: number;
  readonly chunks_created: number;
  readonly chunks_destroyed: number;
  readonly balance_work: { readonly steps: number; readonly differing: number };
  /** What `/proc/meminfo` would say under `Percpu:` in the model's final state. */
  readonly meminfo_percpu_kb: number;
  readonly lost_events: number;
  /** What a reader must know of the recording, one sentence each. */
  readonly problems: readonly string[];
}

const causeTexts: Readonly<Record<Cause, string>> = {
  'lock order': 'tracepoints come after the lock is given up: two CPUs within one hand-over, order found by the placement',
  'balance work': 'when the balance work ran is not in the trace, found by the placement',
  clock: 'stamped by clocks that differ between CPUs, order found by the placement',
  'lost events': 'events were lost before',
  'before the state': 'placed before the state was taken, only its event comes after',
};

const DIFFERENCES_SHOWN = 100;

export function resultOf(tally: Tally, notices: Notices, differences: readonly Difference[] | null, percpu: number): ReplayResult {
  return {
    events: tally.events,
    allocations: tally.allocations,
    exact: tally.exact,
    mismatched: tally.mismatched,
    undetermined: tally.undetermined,
    undetermined_causes: [...tally.causes].map(([cause, count]) => ({ cause: causeTexts[cause], count })),
    first_mismatch: tally.firstMismatch,
    final_state: finalState(tally, differences),
    order: orderOf(tally),
    frees: tally.frees,
    unknown_frees: tally.unknownFrees,
    failed_requests: tally.failedRequests,
    unconfirmed: tally.unconfirmed,
    chunks_created: tally.created,
    chunks_destroyed: tally.destroyed,
    balance_work: { steps: tally.workSteps, differing: tally.workDifferences },
    meminfo_percpu_kb: percpu,
    lost_events: notices.lost,
    problems: problemsOf(tally, notices),
  };
}

function orderOf(tally: Tally): ReplayResult['order'] {
  if (tally.probed === 0) return 'tracepoints';
  return tally.whole === 0 ? 'probes' : 'both';
}

function finalState(tally: Tally, differences: readonly Difference[] | null): ReplayResult['final_state'] {
  const shown = { differences: (differences ?? []).slice(0, DIFFERENCES_SHOWN), difference_count: differences?.length ?? 0 };
  const why = whyUnknown(tally, differences);
  if (why !== null) return { equal: 'unknown', reason: why, ...shown };
  return { equal: shown.difference_count === 0, reason: null, ...shown };
}

function whyUnknown(tally: Tally, differences: readonly Difference[] | null): string | null {
  if (tally.adopted) return "the kernel's placement was taken over where the model's was another";
  if (differences === null) return 'no state to expect was given';
  if (differences.length === 0) return null;
  if (tally.lost > 0) return 'events were lost';
  if (tally.undetermined > 0) return 'the order of some allocations is not determined by the trace';
  if (tally.unconfirmed > 0) return 'the trace ends with requests under way';
  if (tally.whole > 0 && tally.assumedWork > 0) return 'when the balance work ran is not in the trace';
  return null;
}

/** A few mismatches may be a fault of the model; one in twenty is not, and nor are frees of what was never there. */
function doesNotFit(tally: Tally): boolean {
  return tally.lost === 0 && (tally.mismatched > 20 && tally.mismatched * 20 > tally.allocations || tally.unknownFrees > 0);
}

function problemsOf(tally: Tally, notices: Notices): string[] {
  const problems: string[] = [];
  if (notices.lost > 0) problems.push(`${notices.lost} events were lost: what comes after may not fit`);
  if (notices.overwritten > 0) problems.push(`${notices.overwritten} events were written over before the trace was read: give STATE and --from for its start`);
  if (notices.announced !== null && notices.eventLines < notices.announced) {
    problems.push(`the trace is cut off: ${notices.eventLines} of the ${notices.announced} events that its head announces`);
  } else if (notices.cutOff) problems.push('the trace is cut off in its last line');
  if (notices.unread > 0) problems.push(`${notices.unread} lines are neither events nor comments`);
  if (doesNotFit(tally)) {
    problems.push('STATE does not fit the trace: it is of another time, boot or kernel, or --from is not where it was taken');
  }
  if (tally.unknownFrees > 0) problems.push(`${tally.unknownFrees} frees of areas that the model does not have`);
  return problems;
}
