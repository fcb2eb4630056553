import type { ReportSummary } from '../protocol/report';
import type { Snapshot } from '../workspace/snapshot';
import { adviceFor } from './advice';
import { hottestLockOf } from './hottestLock';
import { priceOfShape, shapeOf } from './prices';
import { totalsOf, type CountedSite } from './report';
import { footprintOf } from './reportSite';
import { sitesInOrder } from './siteOrder';

/** What a machine changes in a report beside the prices of its sites, made bit by bit. */
export function* summaryInTurns(snapshot: Snapshot): Generator<void, ReportSummary> {
  const { topology, name, calibrated } = snapshot.machine;
  const counted: CountedSite[] = [];
  const advice: Record<string, readonly string[]> = {};
  for (const snapshotSite of sitesInOrder(snapshot)) {
    const { id, site } = snapshotSite;
    const pushed = adviceFor(snapshot, snapshotSite);
    if (pushed.length > 0) advice[id] = pushed;
    // The lock that is full first asks for every price.
    const shape = shapeOf(site, snapshot.kernel);
    if (shape !== null) priceOfShape(shape, snapshot);
    counted.push({
      kind: site.fact.kind,
      file: site.file,
      footprint: footprintOf(site, topology.possibleCpus),
      accounted_by: site.accountedBy,
      frequency_class: site.reach.map(({ frequencyClass }) => frequencyClass),
    });
    yield;
  }
  return {
    machine: name,
    calibrated,
    cpus: { possible: topology.possibleCpus, online: topology.onlineCpus },
    totals: totalsOf(counted, hottestLockOf(snapshot)),
    advice,
  };
}
