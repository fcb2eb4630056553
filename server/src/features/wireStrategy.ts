import type { ComparedStrategy } from '../estimate/compare';
import type { Gain } from '../estimate/gain';
import type { WireStrategy, WireWorth } from '../protocol/report';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import type { Comparison } from './advice';
import { notPushedBecause } from './pushing';
import { suppressedAt, suppressionText } from './suppression';
import { finite, wireLifeCycleCost } from './wire';
import { withheldBecause } from './withheld';

/** A strategy as reports, hovers and the command line show it, for what one site is created with. */
export function wireStrategy(strategy: ComparedStrategy, comparison: Comparison, site: SnapshotSite, snapshot: Snapshot, pushed: boolean): WireStrategy {
  const { id, title, applies, why, changes, standing, standingKind, objections, prices, sources, checklist, before, after, gain } = strategy;
  const withheld = withheldBecause(snapshot, comparison.subject);
  const suppressed = suppressedAt(snapshot, id, site.site);
  return {
    id, title, applies, pushed, changes, standing, objections, prices, sources, checklist, why,
    merged: standingKind === 'merged',
    notes: (after?.lifeCycle.notes ?? []).filter((note) => before.lifeCycle.notes?.includes(note) !== true),
    not_pushed: applies ? notPushedBecause(strategy, comparison.subject, site, snapshot) : null,
    suppressed: suppressed === null ? null : suppressionText(suppressed),
    unknown_because: applies ? withheld : null,
    gain: withheld === null ? (gain?.saved ?? null) : null,
    worth: withheld !== null || gain === null ? null : worthOf(gain),
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
