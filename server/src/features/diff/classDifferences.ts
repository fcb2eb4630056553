import type { BeforeAfter, ClassDifference, SiteChange } from '../../protocol/diff';
import type { WireCost, WireInterval } from '../../protocol/report';
import { frequencyClasses } from '../../resolve/resolvedSite';
import { add, zero } from '../../util/interval';
import { allSites, type Snapshot } from '../../workspace/snapshot';
import { classOf, countsBytes, footprintInAllTurns } from './diffSite';

interface ClassSum {
  readonly sites: number;
  readonly footprint: number;
  readonly unknown: number;
}

const nothing: ClassSum = { sites: 0, footprint: 0, unknown: 0 };

/** Sums per class of both trees, and how many sites of each were changed; classes without sites are left out. */
export function classDifferences(before: Snapshot, after: Snapshot, changes: readonly SiteChange[]): readonly ClassDifference[] {
  const [one, other] = [classSums(before), classSums(after)];
  return frequencyClasses.flatMap((name) => {
    const [a, b] = [one.get(name) ?? nothing, other.get(name) ?? nothing];
    if (a.sites + b.sites === 0) return [];
    return [classDifference(name, [a, before], [b, after], changes)];
  });
}

function classDifference(
  name: string,
  [a, before]: readonly [ClassSum, Snapshot],
  [b, after]: readonly [ClassSum, Snapshot],
  changes: readonly SiteChange[],
): ClassDifference {
  const own = changes.filter((change) => isOfClass(change, name));
  const count = (kind: SiteChange['change']): number => own.filter(({ change }) => change === kind).length;
  return {
    frequency_class: name,
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    sites: { before: a.sites, after: b.sites },
    size: { before: a.footprint / possible(before), after: b.footprint / possible(after) },
    footprint: { before: a.footprint, after: b.footprint },
    unknown_sizes: { before: a.unknown, after: b.unknown },
    create: timesOf(own, name, 'create'),
    destroy: timesOf(own, name, 'destroy'),
  };
}

function possible({ machine }: Snapshot): number {
  return machine.topology.possibleCpus;
}

/** A site that changed its class is a change of both. */
function isOfClass({ before, after }: SiteChange, name: string): boolean {
  return before?.frequency_class[0] === name || after?.frequency_class[0] === name;
}

function classSums(snapshot: Snapshot): ReadonlyMap<string, ClassSum> {
  const sums = new Map<string, ClassSum>();
  for (const site of allSites(snapshot)) {
    const name = classOf(site);
    const { sites, footprint, unknown } = sums.get(name) ?? nothing;
    const bytes = countsBytes(site) ? footprintInAllTurns(site.site, possible(snapshot)) : 0;
    sums.set(name, { sites: sites + 1, footprint: footprint + (bytes ?? 0), unknown: unknown + (bytes === null ? 1 : 0) });
  }
  return sums;
}

function timesOf(changes: readonly SiteChange[], name: string, phase: 'create' | 'destroy'): BeforeAfter<WireInterval> {
  const side = (which: 'before' | 'after'): WireInterval | null => {
    // A life is priced once, with what creates it: not again where an API allocates inside, nor where it is released.
    const sites = changes.flatMap((change) => change[which] ?? []).filter((site) => site.counts_bytes && site.frequency_class[0] === name);
    return sumOf(sites.flatMap((site) => site[phase] ?? []));
  };
  return { before: side('before'), after: side('after') };
}

function sumOf(costs: readonly WireCost[]): WireInterval | null {
  const known = costs.flatMap(({ ns }) => ns ?? []);
  return known.length < costs.length ? null : known.reduce(add, zero);
}
