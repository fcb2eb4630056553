import type { SiteDetails, WireReason } from '../protocol/report';
import type { Reason } from '../util/reason';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { adviceFor, compareFor, type Comparison } from './advice';
import { counterAccuracy } from './counterAccuracy';
import { evaluate, type Evaluation } from './evaluation';
import { reportSite } from './reportSite';
import { wireSteps } from './wire';
import { wireStrategy } from './wireStrategy';

/** What is shown of one site when it is looked at: every number with its tree, and every strategy with its price. */
export function siteDetails(snapshot: Snapshot, site: SnapshotSite): SiteDetails {
  const evaluation = evaluate(site.site, snapshot);
  const { lifeCycle } = evaluation;
  const pushed = new Set(adviceFor(snapshot, site));
  const comparison = comparisonAt(snapshot, site);
  return {
    site: reportSite(snapshot, site),
    reasons: reasonsOf(evaluation),
    ...stepsAt(snapshot, site),
    strategies: comparison === null ? [] : comparison.strategies.map((strategy) => wireStrategy(strategy, comparison, site, snapshot, pushed.has(strategy.id))),
    accuracy: lifeCycle === null ? null : counterAccuracy(snapshot, site, lifeCycle),
  };
}

/** The steps of a site's costs, each with its price. */
export function stepsAt(snapshot: Snapshot, { site }: SnapshotSite): Pick<SiteDetails, 'create_steps' | 'destroy_steps'> {
  const { lifeCycle, cost } = evaluate(site, snapshot);
  if (lifeCycle === null || cost === null) return { create_steps: [], destroy_steps: [] };
  return { create_steps: wireSteps(lifeCycle.create, cost.create), destroy_steps: wireSteps(lifeCycle.destroy, cost.destroy) };
}

/** Every strategy on what a site creates; null where it creates nothing, or nothing known. */
export function comparisonAt(snapshot: Snapshot, site: SnapshotSite): Comparison | null {
  return ['alloc', 'init', 'indirect'].includes(site.site.fact.kind) ? compareFor(snapshot, site) : null;
}

function reasonsOf({ cost, contention, lifeCycle }: Evaluation): readonly WireReason[] {
  if (cost === null || lifeCycle === null) return [];
  const locks = Object.values(cost.locks).flatMap(({ create, destroy }) => [during('create', create), during('destroy', destroy)]);
  const wanted: (Reason | null)[] = [
    lifeCycle.areas.length > 0 ? cost.footprintBytes : null,
    lifeCycle.create.length > 0 ? cost.create : null,
    lifeCycle.destroy.length > 0 ? cost.destroy : null,
    cost.use,
    ...locks,
    contention?.kneeCpus ?? null,
    cost.accuracy?.attainableUnits ?? null,
  ];
  return wanted.filter((reason): reason is Reason => reason !== null);
}

function during(phase: string, hold: Reason | null): Reason | null {
  return hold === null ? null : { ...hold, label: `${phase}: ${hold.label}` };
}
