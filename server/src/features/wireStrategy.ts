import type { ComparedStrategy } from '../estimate/compare';
import type { Gain } from '../estimate/gain';
import type { WireStrategy, WireWorth } from '../protocol/report';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import type { Comparison } from './advice';
import { notPushedBecause } from './pushing';
import { suppressedAt, suppressionText } from './suppression';
import { finite, wireLifeCycleCost } from './wire';
import { withheldBecause } from './withheld';

/** What a strategy is for one site, without what it costs before and after. */
export type StrategyVerdict = Pick<WireStrategy, 'id' | 'applies' | 'pushed' | 'not_pushed' | 'suppressed' | 'why' | 'unknown_because' | 'changes' | 'standing'> & {
  /** Null where it is not known or it does not apply. */
  readonly known: Gain | null;
};

export function strategyVerdict(strategy: ComparedStrategy, comparison: Comparison, site: SnapshotSite, snapshot: Snapshot, pushed: boolean): StrategyVerdict {
  const { id, applies, why, changes, standing, gain } = strategy;
  const withheld = withheldBecause(snapshot, comparison.subject);
  const suppressed = suppressedAt(snapshot, id, site.site);
  return {
    id, applies, pushed, changes, standing, why,
    not_pushed: applies ? notPushedBecause(strategy, comparison.subject, site, snapshot) : null,
    suppressed: suppressed === null ? null : suppressionText(suppressed),
    unknown_because: applies ? withheld : null,
    known: withheld === null ? gain : null,
  };
}

/** A strategy as panels, hovers and the command line show it, for what one site is created with. */
export function wireStrategy(strategy: ComparedStrategy, comparison: Comparison, site: SnapshotSite, snapshot: Snapshot, pushed: boolean): WireStrategy {
  const { title, standingKind, objections, prices, sources, checklist, before, after } = strategy;
  const { known, ...verdict } = strategyVerdict(strategy, comparison, site, snapshot, pushed);
  const withheld = withheldBecause(snapshot, comparison.subject);
  return {
    ...verdict, title, objections, prices, sources, checklist,
    merged: standingKind === 'merged',
    notes: (after?.lifeCycle.notes ?? []).filter((note) => before.lifeCycle.notes?.includes(note) !== true),
    gain: known?.saved ?? null,
    worth: known === null ? null : worthOf(known),
    before: withheld === null ? wireLifeCycleCost(before.cost, before.contention) : null,
    after: withheld !== null || after === null ? null : wireLifeCycleCost(after.cost, after.contention),
  };
}

function worthOf(gain: Gain): WireWorth {
  return {
    saved_ns: gain.savedNs.value,
    saved_cpus: gain.savedCpus,
    throughput_ratio: finite(gain.throughputRatio),
    saved_bytes: gain.savedBytes,
    pinned_bytes: gain.pinnedBytes,
    dearer_update_ns: gain.dearerUpdate,
    loses_from_updates: gain.losesFromUpdates,
    contended: gain.contended === null ? null : { dearer_update_ns: gain.contended.dearerUpdate, loses_from_updates: gain.contended.losesFromUpdates },
  };
}
