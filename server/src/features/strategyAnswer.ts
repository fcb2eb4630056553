import type { ComparedStrategy } from '../estimate/compare';
import { sideOf, strategyContext } from '../estimate/compare';
import { gainOf, lifeTime } from '../estimate/gain';
import { paysFrom, type SweepPoint, sweepStrategies } from '../estimate/sweep';
import type { AnsweredStrategy, StrategyAnswer, WireCombination, WireSweepPoint } from '../protocol/strategyAnswer';
import { type Pairing, pairings } from '../strategy/applyStrategies';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { comparisonOf, contextParts, type Comparison } from './advice';
import { priceOptions } from './evaluation';
import { notPushedBecause, worthwhileShare } from './pushing';
import { scenarioGain } from './scenarioGain';
import { subjectOf, type Subject } from './subject';
import { finite } from './wire';
import { withheldBecause } from './withheld';
import { wireStrategy } from './wireStrategy';

/** Combinations that are listed. */
const mostCombinations = 8;

/** Everything that is known of every strategy for what a site is created with; null where that has no known life. */
export function strategyAnswer(snapshot: Snapshot, site: SnapshotSite, threads?: number): StrategyAnswer | null {
  const subject = subjectOf(snapshot, site);
  if (subject === null) return null;
  const comparison = comparisonOf(snapshot, subject, threads);
  const pairs = pairings(subject.lifeCycle, strategyContext(snapshot.machine, contextParts(snapshot, subject, threads)));
  const { name, topology, calibrated } = snapshot.machine;
  const { file, fact } = site.site;
  return {
    place: `${file}:${String(fact.line)}`,
    function: fact.function,
    object: subject.name,
    sites: subject.sites.map(({ site: one }) => `${one.file}:${String(one.fact.line)}`),
    machine: name,
    cpus: { possible: topology.possibleCpus, online: topology.onlineCpus },
    calibrated,
    threads: threads ?? null,
    rate: comparison.rate,
    strategies: answered(comparison, site, snapshot, pairs, threads),
    combinations: withheldBecause(snapshot, subject) === null ? combined(pairs, subject, snapshot) : [],
  };
}

function answered(comparison: Comparison, site: SnapshotSite, snapshot: Snapshot, pairs: readonly Pairing[], threads?: number): readonly AnsweredStrategy[] {
  const { subject, strategies } = comparison;
  const applying = withheldBecause(snapshot, subject) === null ? strategies.filter(({ applies }) => applies) : [];
  const sweeps = sweepStrategies(applying.map(({ id }) => [id]), subject.lifeCycle, snapshot.machine, contextParts(snapshot, subject, threads));
  const sweepOf = new Map(applying.map(({ id }, index) => [id, sweeps[index] ?? []]));
  return strategies.map((strategy) => ({
    ...wireStrategy(strategy, comparison, site, snapshot, notPushedBecause(strategy, subject, site, snapshot) === null),
    ...sweepFacts(sweepOf.get(strategy.id) ?? []),
    scenario: sweepOf.has(strategy.id) ? scenarioGain(snapshot, subject, strategy.id, threads) : null,
    ...partners(strategy, pairs),
  }));
}

function sweepFacts(sweep: readonly SweepPoint[]): Pick<AnsweredStrategy, 'pays_from' | 'saves_a_tenth_from' | 'sweep'> {
  return { pays_from: paysFrom(sweep), saves_a_tenth_from: paysFrom(sweep, worthwhileShare), sweep: sweep.map(wireSweepPoint) };
}

function wireSweepPoint({ cpus, before, after }: SweepPoint): WireSweepPoint {
  return {
    cpus,
    life_ns: { before: lifeTime(before.cost), after: lifeTime(after.cost) },
    knee_cpus: { before: before.contention.kneeCpus.value, after: after.contention.kneeCpus.value },
    throughput_per_s: { before: finite(before.contention.throughputPerSecond.value), after: finite(after.contention.throughputPerSecond.value) },
  };
}

function partners({ id }: ComparedStrategy, pairs: readonly Pairing[]): Pick<AnsweredStrategy, 'composes_with' | 'conflicts'> {
  const own = pairs.filter(({ ids }) => ids.includes(id));
  const other = ({ ids }: Pairing): string => (ids[0] === id ? ids[1] : ids[0]);
  return {
    composes_with: own.filter(({ conflict }) => conflict === null).map(other),
    conflicts: own.flatMap((pair) => (pair.conflict === null ? [] : [{ id: other(pair), why: pair.conflict.replace(/^contradicts [\w-]+: /, '') }])),
  };
}

function combined(pairs: readonly Pairing[], { lifeCycle }: Subject, snapshot: Snapshot): readonly WireCombination[] {
  const options = { cost: priceOptions(snapshot) };
  const before = sideOf(lifeCycle, snapshot.machine, options);
  const composing = pairs.filter(({ conflict }) => conflict === null).map(({ ids, combination }): WireCombination => {
    const { saved, pinnedBytes } = gainOf(before, sideOf(combination.lifeCycle, snapshot.machine, options), null);
    return { ids, gain: saved, pinned_bytes: pinnedBytes };
  });
  return composing.sort((a, b) => (b.gain?.mid ?? 0) - (a.gain?.mid ?? 0)).slice(0, mostCombinations);
}
