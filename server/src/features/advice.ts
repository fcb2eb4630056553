import { compareStrategies, strategyContext, type ComparedStrategy } from '../estimate/compare';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { priceOptions } from './evaluation';
import { isHot } from './classWords';
import { subjectOf, type Subject } from './subject';

/** Advice that saves less of creation and destruction together is not worth an interruption. */
const worthwhileShare = 0.1;

const compared = new WeakMap<SnapshotSite, { readonly snapshot: Snapshot; readonly result: Comparison | null }>();

export interface Comparison {
  readonly subject: Subject;
  readonly strategies: readonly ComparedStrategy[];
}

/** Every strategy on what a site is created with; null where that has no known life. */
export function compareFor(snapshot: Snapshot, site: SnapshotSite): Comparison | null {
  const known = compared.get(site);
  if (known !== undefined && sameQuestion(known.snapshot, snapshot)) return known.result;
  const subject = subjectOf(snapshot, site);
  const result =
    subject === null
      ? null
      : { subject, strategies: compareStrategies(subject.lifeCycle, snapshot.machine, contextOf(snapshot, subject), {}, priceOptions(snapshot)) };
  compared.set(site, { snapshot, result });
  return result;
}

function contextOf(snapshot: Snapshot, subject: Subject): ReturnType<typeof strategyContext> {
  return strategyContext(snapshot.machine, subject.sites.map(({ site }) => site));
}

function sameQuestion(a: Snapshot, b: Snapshot): boolean {
  return a.machine === b.machine && a.revision === b.revision;
}

/**
 * Ids of the strategies that are pushed for a site, best first: only in classes more frequent than mounts, and only
 * where enough of creation and destruction is saved. Everywhere else a strategy is an answer on request.
 */
export function adviceFor(snapshot: Snapshot, site: SnapshotSite): readonly string[] {
  const { fact, reach } = site.site;
  if (!site.settled || !['alloc', 'init', 'indirect'].includes(fact.kind)) return [];
  if (!reach.some(({ frequencyClass }) => isHot(frequencyClass))) return [];
  const comparison = compareFor(snapshot, site);
  if (comparison?.subject.missing !== null) return [];
  return comparison.strategies.filter(isWorthwhile).map(({ id }) => id);
}

export function isWorthwhile({ applies, gain }: ComparedStrategy): boolean {
  return applies && (gain?.saved?.mid ?? 0) >= worthwhileShare;
}
