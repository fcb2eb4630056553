import type { ReportObject } from '../protocol/report';
import { contentionOf } from '../estimate/contention';
import { costOf } from '../estimate/cost';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { priceOptions } from './evaluation';
import { footprintOf } from './reportSite';
import { createdTogether, subjectOf } from './subject';
import { wireCost } from './wire';

/** What is created as one by a function with two or more percpu areas, by file and function. */
export function objectsOf(snapshot: Snapshot, sites: readonly SnapshotSite[]): readonly ReportObject[] {
  const seen = new Set<string>();
  return sites.flatMap((site) => {
    const { file, fact } = site.site;
    const key = `${file} ${fact.function ?? ''}`;
    if (seen.has(key) || fact.function === null) return [];
    seen.add(key);
    const together = createdTogether(snapshot, file, fact.function).filter((one) => one.site.accountedBy === null);
    return together.length < 2 ? [] : [reportObject(snapshot, together)];
  });
}

function reportObject(snapshot: Snapshot, sites: readonly SnapshotSite[]): ReportObject {
  const [first] = sites;
  const { possibleCpus } = snapshot.machine.topology;
  const footprints = sites.map(({ site }) => footprintOf(site, possibleCpus));
  const subject = first === undefined ? null : subjectOf(snapshot, first);
  const complete = subject !== null && footprints.every((bytes) => bytes !== null);
  const cost = complete ? costOf(subject.lifeCycle, snapshot.machine, priceOptions(snapshot)) : null;
  return {
    name: subject?.name ?? `created in ${first?.site.fact.function ?? ''}`,
    frequency_class: first?.site.reach[0]?.frequencyClass ?? 'unknown',
    sites: sites.map(({ id }) => id),
    footprint: footprints.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0),
    unknown_sizes: footprints.filter((bytes) => bytes === null).length,
    create: cost === null ? null : wireCost(cost.create),
    destroy: cost === null ? null : wireCost(cost.destroy),
    knee_cpus: complete && snapshot.timesNotModelled === null ? contentionOf(subject.lifeCycle, snapshot.machine).kneeCpus.value : null,
  };
}
