import { backToBack } from '../estimate/contention';
import type { ReportTotals, WireInterval } from '../protocol/report';
import { createsMemory } from '../resolve/siteDetails';
import type { Snapshot } from '../workspace/snapshot';
import { isHot } from './classWords';
import { priceOfShape, shapeOf } from './prices';
import { sitesInOrder } from './siteOrder';

interface Candidate {
  readonly classes: readonly string[];
  readonly knee: WireInterval | null;
  readonly bottleneck: string | null;
  readonly assumption: string;
}

/** The lock that is full first, among the sites of hot classes; of equal ones that of the first site. */
export function fullFirst(candidates: Iterable<Candidate>): ReportTotals['hottest_lock'] {
  let hottest: ReportTotals['hottest_lock'] = null;
  for (const { classes, knee, bottleneck, assumption } of candidates) {
    const hot = classes.find(isHot);
    if (hot === undefined || knee === null || bottleneck === null) continue;
    if (hottest !== null && hottest.knee_cpus.mid <= knee.mid) continue;
    hottest = { name: bottleneck, frequency_class: hot, knee_cpus: knee, assumption };
  }
  return hottest;
}

/** The same from prices alone, without a report of the sites. */
export function hottestLockOf(snapshot: Snapshot): ReportTotals['hottest_lock'] {
  const assumption = backToBack(snapshot.machine);
  return fullFirst(sitesInOrder(snapshot).flatMap(({ site }) => {
    const shape = site.accountedBy === null && createsMemory(site.fact) ? shapeOf(site, snapshot.kernel) : null;
    if (shape === null) return [];
    const price = priceOfShape(shape, snapshot);
    return [{ classes: site.reach.map(({ frequencyClass }) => frequencyClass), knee: price.knee_cpus, bottleneck: price.bottleneck, assumption }];
  }));
}
