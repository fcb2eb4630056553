import { reservedSize } from '../lifecycle/allocation';
import type { LifeCycle } from '../lifecycle/lifeCycle';
import type { InventoryArea, InventoryTotal } from '../protocol/inventory';
import { isNotBuilt } from '../protocol/inventoryAreas';
import type { WirePart } from '../protocol/report';
import type { Member } from '../resolve/objects/formObjects';
import type { Membership, Nesting } from '../resolve/objects/membership';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { catalogueOf, evaluate } from './evaluation';

/** What is counted: with which modules loaded. */
export interface Counting {
  readonly snapshot: Snapshot;
  readonly loaded: ReadonlySet<string>;
}

/** How a site comes to be a part of an object, at the machine's memory nodes. */
export function wirePart(membership: Omit<Membership, 'kind' | 'phase' | 'variant' | 'within'>, { machine }: Snapshot): WirePart {
  const { chain, times, when, assumed, modules, excluded } = membership;
  const count = times.count === null || times.per === null ? times.count : times.count * machine.topology.nodes;
  return { chain, times: count, times_reason: times.reason, when, assumed, modules, excluded };
}

/** What one site allocates for an object; where the catalogue has a condition for it, that is one more. */
export function areaOf({ site: { id, site }, membership }: Member<SnapshotSite>, counting: Counting): InventoryArea {
  const { lifeCycle } = evaluate(site, counting.snapshot);
  const part = withConditions(wirePart(membership, counting.snapshot), site.fact, counting.snapshot);
  const bytes = bytesOf(lifeCycle, site.size.size);
  const { fact } = site;
  return {
    ...part,
    site: id,
    file: site.file,
    line: fact.line,
    function: fact.function,
    api: fact.api,
    allocates: site.type ?? site.keeper ?? fact.api,
    areas: site.size.size === 0 ? 0 : Math.max(1, lifeCycle?.areas.length ?? 1),
    bytes_per_cpu: bytes,
    size_reason: site.size.reason,
    counted: isCounted(part, counting.loaded),
  };
}

function bytesOf(lifeCycle: LifeCycle | null, size: number | null): number | null {
  if (lifeCycle === null || lifeCycle.areas.length === 0) return size === null ? null : reservedSize(size);
  return lifeCycle.areas.reduce((sum, area) => sum + reservedSize(area.size), 0);
}

function withConditions(part: WirePart, fact: SnapshotSite['site']['fact'], { kernel }: Snapshot): WirePart {
  const areas = catalogueOf(kernel).byName.get(fact.api)?.areas ?? [];
  const asked = areas.filter(({ askedBy }) => askedBy !== undefined && !fact.arguments.some((text) => text.includes(askedBy)));
  const usual = areas.filter(({ askedBy, condition }) => condition !== undefined && askedBy === undefined);
  const words = (list: typeof areas): readonly string[] => list.flatMap(({ condition }) => condition ?? []);
  return { ...part, when: [...part.when, ...words(asked)], assumed: [...part.assumed, ...words(usual)] };
}

export function isCounted({ times, when, modules, excluded }: Pick<WirePart, 'times' | 'when' | 'modules' | 'excluded'>, loaded: ReadonlySet<string>): boolean {
  return times !== null && when.length === 0 && excluded === null && modules.every((name) => loaded.has(name));
}

export function wireNesting(nesting: Nesting, snapshot: Snapshot): WirePart {
  return wirePart({ ...nesting, assumed: [] }, snapshot);
}

export function totalOf(areas: readonly InventoryArea[], possibleCpus: number): InventoryTotal {
  const counted = areas.filter((area) => area.counted);
  const bytes = counted.reduce((sum, area) => sum + (area.bytes_per_cpu ?? 0) * (area.times ?? 0), 0);
  return {
    areas: counted.reduce((sum, area) => sum + area.areas * (area.times ?? 0), 0),
    bytes_per_cpu: bytes,
    footprint: bytes * possibleCpus,
    unknown_sizes: counted.filter((area) => area.bytes_per_cpu === null).length,
    left_out: areas.filter((area) => !area.counted && !isNotBuilt(area)).length,
  };
}

export function addTotals(totals: readonly InventoryTotal[]): InventoryTotal {
  const sum = (pick: (total: InventoryTotal) => number): number => totals.reduce((all, total) => all + pick(total), 0);
  return {
    areas: sum(({ areas }) => areas),
    bytes_per_cpu: sum((total) => total.bytes_per_cpu),
    footprint: sum(({ footprint }) => footprint),
    unknown_sizes: sum((total) => total.unknown_sizes),
    left_out: sum((total) => total.left_out),
  };
}
