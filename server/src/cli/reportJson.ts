import { comparisonAt, stepsAt } from '../features/siteDetails';
import { strategyVerdict, type StrategyVerdict } from '../features/wireStrategy';
import type { Report, ReportSite, WireCost, WireInterval, WireStep, WireStrategy } from '../protocol/report';
import { siteById, type Snapshot } from '../workspace/snapshot';

/** A site as `report --format json` prints it: with the steps of its costs, and every strategy judged. */
interface FullSite extends Omit<ReportSite, 'create' | 'destroy' | 'advice'> {
  readonly create: CostWithSteps | null;
  readonly destroy: CostWithSteps | null;
  readonly strategies: readonly StrategyRow[];
}

interface CostWithSteps extends WireCost {
  readonly steps: readonly WireStep[];
}

interface StrategyRow extends Pick<WireStrategy, 'id' | 'applies' | 'pushed' | 'not_pushed' | 'suppressed' | 'why' | 'unknown_because' | 'gain' | 'changes' | 'standing'> {
  /** Of one object, with the waits at the rate of its class. */
  readonly saved_ns: WireInterval | null;
  /** CPU time saved on the whole machine at that rate, in CPUs. */
  readonly saved_cpus: WireInterval | null;
  /** Of one object; negative: it needs more. */
  readonly saved_bytes: number | null;
  readonly pinned_bytes: number | null;
}

/** The report of the command line: what the panel asks for site by site is all in it. */
export function reportJson(report: Report, snapshot: Snapshot): Omit<Report, 'sites'> & { readonly sites: readonly FullSite[] } {
  return { ...report, sites: report.sites.map((site) => fullSite(site, snapshot)) };
}

function fullSite({ advice, ...site }: ReportSite, snapshot: Snapshot): FullSite {
  const found = siteById(snapshot, site.id);
  if (found === undefined) return { ...site, create: null, destroy: null, strategies: [] };
  const { create_steps: createSteps, destroy_steps: destroySteps } = stepsAt(snapshot, found);
  const comparison = comparisonAt(snapshot, found);
  const pushed = new Set(advice);
  return {
    ...site,
    create: site.create === null ? null : { ...site.create, steps: createSteps },
    destroy: site.destroy === null ? null : { ...site.destroy, steps: destroySteps },
    strategies: comparison === null ? [] : comparison.strategies.map((strategy) =>
      strategyRow(strategyVerdict(strategy, comparison, found, snapshot, pushed.has(strategy.id)))),
  };
}

function strategyRow({ known, ...verdict }: StrategyVerdict): StrategyRow {
  const { id, applies, pushed, not_pushed: notPushed, suppressed, why, unknown_because: unknown, changes, standing } = verdict;
  return {
    id, applies, pushed, not_pushed: notPushed, suppressed, why, unknown_because: unknown, gain: known?.saved ?? null, changes, standing,
    saved_ns: known?.savedNs.value ?? null, saved_cpus: known?.savedCpus?.value ?? null, saved_bytes: known?.savedBytes ?? null, pinned_bytes: known?.pinnedBytes ?? null,
  };
}
