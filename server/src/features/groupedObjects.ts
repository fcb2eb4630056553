import { strategyContext } from '../estimate/compare';
import { costOf } from '../estimate/cost';
import { lifeTime, ratio } from '../estimate/gain';
import { composeLifeCycles } from '../lifecycle/compose';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { Step } from '../lifecycle/step';
import type { GroupedObject } from '../protocol/strategyAnswer';
import { type FormedObject, objectName } from '../resolve/objects/formObjects';
import { applyStrategies } from '../strategy/applyStrategies';
import { areaGroups } from '../strategy/areaGroups';
import { groupedArea } from '../strategy/grouping';
import type { StrategyContext } from '../strategy/strategy';
import type { Interval } from '../util/interval';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { evaluate, priceOptions } from './evaluation';
import { formedObjects } from './formedObjects';
import { releasesIn } from './releases';
import { wholeLife } from './subject';

/** Every object with two or more percpu areas or counters: its sites, and what one allocation for several would take and save. */
export function groupedObjects(snapshot: Snapshot): readonly GroupedObject[] {
  return withVariants(formedObjects(snapshot).filter(hasSeveral)).map((object) => groupedObject(snapshot, object));
}

/** Variants that allocate at the same sites are one object, by all their names. */
function withVariants(objects: readonly FormedObject<SnapshotSite>[]): readonly FormedObject<SnapshotSite>[] {
  const bySites = new Map<string, FormedObject<SnapshotSite>[]>();
  for (const object of objects) {
    const key = `${object.kind} ${object.members.map(({ site }) => site.id).join(' ')}`;
    bySites.set(key, [...(bySites.get(key) ?? []), object]);
  }
  return [...bySites.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const variants = [first, ...others].map(({ variant }) => variant ?? 'any');
    return others.length === 0 ? [first] : [{ ...first, name: `${objectName(first.kind, null)} (${variants.join(', ')})` }];
  });
}

function hasSeveral({ members }: FormedObject<SnapshotSite>): boolean {
  return members.length > 1 || members.some(({ site }) => (site.site.count ?? 1) > 1);
}

function groupedObject(snapshot: Snapshot, object: FormedObject<SnapshotSite>): GroupedObject {
  const sites = object.members.map(({ site }) => site.site);
  const context = strategyContext(snapshot.machine, { sites, releases: releasesIn(snapshot, sites) });
  const lives = object.members.map(({ site }) => evaluate(site.site, snapshot).lifeCycle);
  const composed = composeLifeCycles(object.name, lives.filter((life): life is LifeCycle => life !== null && life.create.length > 0));
  const before = composed === null || sites[0] === undefined ? composed : wholeLife(sites[0], composed, snapshot.kernel);
  return {
    name: object.name,
    frequency_class: object.frequencyClass,
    sites: sites.map(({ file, fact, keeper, size }) => ({ place: `${file}:${String(fact.line)}`, function: fact.function, keeps: keeper ?? fact.api, size: size.size })),
    ...(before === null ? nothingKnown : groupingOf(before, context, snapshot)),
  };
}

type Grouping = Pick<GroupedObject, 'groups' | 'takes' | 'trips' | 'saved_ns' | 'gain'>;

const nothingKnown: Grouping = { groups: [], takes: 'the sizes of its areas are not known', trips: { before: 0, after: 0 }, saved_ns: null, gain: null };

function groupingOf(before: LifeCycle, context: StrategyContext, snapshot: Snapshot): Grouping {
  const { lifeCycle: after, outcome } = applyStrategies(['grouping'], before, context);
  const applied = outcome.some((one) => one.applied);
  const groups = applied ? areaGroups(before, context.sites) : [];
  const [now, then] = [before, after].map((life) => lifeTime(costOf(life, snapshot.machine, priceOptions(snapshot))));
  return {
    groups: groups.map(({ function: name, areas }) => ({ function: name, areas: areas.map(({ what }) => what), bytes: groupedArea(areas).size })),
    takes: outcome[0]?.why ?? '',
    trips: { before: tripsOf(before), after: tripsOf(after) },
    saved_ns: applied ? difference(now ?? null, then ?? null) : null,
    gain: applied ? shareSaved(now ?? null, then ?? null) : null,
  };
}

function difference(a: Interval | null, b: Interval | null): Interval | null {
  if (a === null || b === null) return null;
  const [low, high] = [a.low - b.low, a.high - b.high];
  return { low: Math.min(low, high), mid: a.mid - b.mid, high: Math.max(low, high) };
}

function shareSaved(before: Interval | null, after: Interval | null): Interval | null {
  const left = ratio(after, before);
  return left === null ? null : { low: 1 - left.high, mid: 1 - left.mid, high: 1 - left.low };
}

function tripsOf({ create, destroy }: LifeCycle): number {
  const isTrip = (step: Step): boolean => step.kind === 'hold' && (step.lock === 'pcpu_alloc_mutex' || step.lock === 'pcpu_lock');
  return [...create, ...destroy].filter(isTrip).length;
}
