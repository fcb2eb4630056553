import type { ReportSite } from '../protocol/report';
import { createsMemory } from '../resolve/siteDetails';
import type { ResolvedSite } from '../resolve/resolvedSite';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { adviceFor } from './advice';
import { contentionOf } from '../estimate/contention';
import { costOfShape, shapeOf, type PriceShape } from './prices';
import { variableName } from './variableName';
import { wireContention } from './wire';

/** Areas are handed out in units of this many bytes (PCPU_MIN_ALLOC_SIZE, include/linux/percpu.h). */
const granule = 4;

/** One site as reports, hints, lenses and the command line show it. */
export function reportSite(snapshot: Snapshot, snapshotSite: SnapshotSite): ReportSite {
  const { id, site } = snapshotSite;
  const { fact, size } = site;
  const shape = shapeOf(site, snapshot.kernel);
  const cost = shape === null ? null : costOfShape(shape, snapshot);
  return {
    id,
    api: fact.api,
    family: fact.family,
    kind: fact.kind,
    file: site.file,
    line: fact.line,
    column: fact.column,
    function: fact.function,
    in_macro: fact.inMacro,
    first_argument: fact.arguments[0] ?? null,
    variable: variableName(fact),
    via: site.via,
    type: site.type,
    size: size.size,
    size_source: size.source,
    size_reason: size.reason,
    align: size.align,
    count: site.count,
    gfp: site.gfp,
    atomic: site.atomic,
    footprint: footprintOf(site, snapshot.machine.topology.possibleCpus),
    accounted_by: site.accountedBy,
    frequency_class: site.reach.map(({ frequencyClass }) => frequencyClass),
    reach: site.reach.map(({ frequencyClass, chain }) => ({ frequency_class: frequencyClass, chain })),
    create: cost?.create ?? null,
    destroy: cost?.destroy ?? null,
    locks: cost?.locks ?? {},
    contention: shape === null ? null : contention(shape, snapshot),
    advice: adviceFor(snapshot, snapshotSite),
  };
}

function contention({ lifeCycle }: PriceShape, { machine, timesNotModelled }: Snapshot): ReportSite['contention'] {
  return lifeCycle.create.length === 0 || timesNotModelled !== null ? null : wireContention(contentionOf(lifeCycle, machine));
}

/** Bytes of one execution and turn: the size rounded up to the granule, for every possible CPU; null when unknown. */
export function footprintOf(site: ResolvedSite, possibleCpus: number): number | null {
  if (!createsMemory(site.fact) || site.size.size === null) return null;
  return Math.ceil(site.size.size / granule) * granule * possibleCpus;
}
