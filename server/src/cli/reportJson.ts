import { comparisonAt, stepsAt } from '../features/siteDetails';
import { strategyVerdict, type StrategyVerdict } from '../features/wireStrategy';
import { reportInTurns } from '../features/report';
import type { ReportSite, WireCost, WireInterval, WireStep, WireStrategy } from '../protocol/report';
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

/** The report of the command line, in pieces: what the panel asks for site by site is all in it. */
export function* reportJson(snapshot: Snapshot): Generator<void, readonly string[]> {
  const report = yield* reportInTurns(snapshot);
  const sites: string[] = [];
  for (const site of report.sites) {
    sites.push(listed(fullSite(site, snapshot)));
    yield;
  }
  const [before = '', after = ''] = `${JSON.stringify({ ...report, sites: [] }, null, 1)}\n`.split(noSites);
  return sites.length === 0 ? [before, noSites, after] : [before, opening, ...sites.map((site, at) => (at === 0 ? site : `,\n${site}`)), closing, after];
}

// No string in JSON has a line break, so these stand in it once.
const noSites = '\n "sites": []';
const opening = '\n "sites": [\n';
const closing = '\n ]';

/** As an entry of the list would be printed. */
function listed(site: FullSite): string {
  const list = JSON.stringify({ sites: [site] }, null, 1);
  return list.slice(`{${opening}`.length, -`${closing}\n}`.length);
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
