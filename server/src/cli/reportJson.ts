import { siteDetails } from '../features/siteDetails';
import type { Report, ReportSite, WireCost, WireStep, WireStrategy } from '../protocol/report';
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

type StrategyRow = Pick<WireStrategy, 'id' | 'applies' | 'pushed' | 'why' | 'gain' | 'standing'>;

/** The report of the command line: what the panel asks for site by site is all in it. */
export function reportJson(report: Report, snapshot: Snapshot): Omit<Report, 'sites'> & { readonly sites: readonly FullSite[] } {
  return { ...report, sites: report.sites.map((site) => fullSite(site, snapshot)) };
}

function fullSite({ advice, ...site }: ReportSite, snapshot: Snapshot): FullSite {
  const found = siteById(snapshot, site.id);
  if (found === undefined) return { ...site, create: null, destroy: null, strategies: [] };
  const { create_steps: createSteps, destroy_steps: destroySteps, strategies } = siteDetails(snapshot, found);
  return {
    ...site,
    create: site.create === null ? null : { ...site.create, steps: createSteps },
    destroy: site.destroy === null ? null : { ...site.destroy, steps: destroySteps },
    strategies: strategies.map((strategy) => strategyRow(strategy, advice)),
  };
}

function strategyRow({ id, applies, why, gain, standing }: WireStrategy, advice: readonly string[]): StrategyRow {
  return { id, applies, pushed: advice.includes(id), why, gain, standing };
}
