import { compareStrategies, type ContextParts, strategyContext, type ComparedStrategy } from '../estimate/compare';
import type { Reason } from '../util/reason';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { rateOf } from './classRates';
import { priceOptions } from './evaluation';
import { notPushedBecause, wrongPlace } from './pushing';
import { releasesIn } from './releases';
import { knownKind, subjectOf, type Subject } from './subject';
import { isTouchedFirst } from './touchedSites';

const compared = new WeakMap<SnapshotSite, { readonly snapshot: Snapshot; readonly result: Comparison | null }>();

export interface Comparison {
  readonly subject: Subject;
  /** How often such an object is created on the machine; null where that is not known. */
  readonly rate: Reason | null;
  readonly strategies: readonly ComparedStrategy[];
}

/** Every strategy on what a site is created with; null where that has no known life. */
export function compareFor(snapshot: Snapshot, site: SnapshotSite): Comparison | null {
  const known = compared.get(site);
  if (known !== undefined && sameQuestion(known.snapshot, snapshot)) return known.result;
  const subject = subjectOf(snapshot, site);
  const result = subject === null ? null : sharedComparison(snapshot, site, subject);
  compared.set(site, { snapshot, result });
  return result;
}

const comparedTogether = new WeakMap<Snapshot, Map<string, Comparison>>();

/** Sites of one object have one subject: what is compared for the first holds for all. */
function sharedComparison(snapshot: Snapshot, { site }: SnapshotSite, subject: Subject): Comparison {
  const known = comparedTogether.get(snapshot) ?? new Map<string, Comparison>();
  comparedTogether.set(snapshot, known);
  const key = JSON.stringify([subject.name, subject.kind, subject.missing, site.objects[0]?.kind, subject.sites.map(({ id }) => id)]);
  const comparison = known.get(key) ?? comparisonOf(snapshot, subject);
  known.set(key, comparison);
  return comparison;
}

/** `threads`: of a typical process. */
export function comparisonOf(snapshot: Snapshot, subject: Subject, threads?: number): Comparison {
  const { machine } = snapshot;
  const rate = subject.kind === null ? null : rateOf(snapshot, subject.kind);
  const context = strategyContext(machine, contextParts(snapshot, subject, threads));
  return { subject, rate, strategies: compareStrategies(subject.lifeCycle, machine, { context, rate, cost: priceOptions(snapshot) }) };
}

/** What strategies ask about the source: the subject's sites, and where its files free. */
export function contextParts(snapshot: Snapshot, subject: Subject, threads?: number): ContextParts {
  const sites = subject.sites.map(({ site }) => site);
  return { sites, releases: releasesIn(snapshot, sites), ...(threads === undefined ? {} : { threads }) };
}

function sameQuestion(a: Snapshot, b: Snapshot): boolean {
  return a.machine === b.machine && a.revision === b.revision && a.profile === b.profile;
}

/**
 * Ids of the strategies that are pushed for a site, best first: each at the first site that it would change. Everything
 * else is an answer on request.
 */
export function adviceFor(snapshot: Snapshot, site: SnapshotSite): readonly string[] {
  const { fact, accountedBy } = site.site;
  if (!site.settled || accountedBy !== null || !['alloc', 'init', 'indirect'].includes(fact.kind)) return [];
  if (wrongPlace(knownKind(site.site)) !== null) return [];
  const comparison = compareFor(snapshot, site);
  if (comparison === null) return [];
  return comparison.strategies
    .filter((strategy) => isTouchedFirst(strategy, site.site) && notPushedBecause(strategy, comparison.subject, site, snapshot) === null)
    .map(({ id }) => id);
}
