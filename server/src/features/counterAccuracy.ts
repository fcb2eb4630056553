import { accuracyOf, type Accuracy } from '../pricing/accuracy';
import { batchAccuracy } from '../lifecycle/lifeCycleOf';
import type { CounterAccuracy, LifeCycle } from '../lifecycle/lifeCycle';
import { formatBytes } from '../util/format';
import { allSites, type Snapshot, type SnapshotSite } from '../workspace/snapshot';
import { catalogueOf } from './evaluation';

/**
 * How far a cheap read of the counters of a site can be off, in units (and bytes where they count memory). A counter
 * is only as exact as the least exact update of it, so updates elsewhere that name a batch of their own decide.
 */
export function counterAccuracy(snapshot: Snapshot, site: SnapshotSite, { counters }: LifeCycle): string | null {
  if (counters === null) return null;
  const updates = site.site.fact.kind === 'init' ? updatesOf(snapshot, site) : [];
  const bounds = updates.map((update) => ({ update, accuracy: accuracyAfter(snapshot, update, counters) }));
  const widest = bounds.reduce<(typeof bounds)[number] | null>((most, one) => (most === null || isWider(one.accuracy, most.accuracy) ? one : most), null);
  if (widest === null || !namesBatch(snapshot, widest.update)) return accuracyText(accuracyOf(counters, snapshot.machine));
  const { file, fact } = widest.update.site;
  return `${accuracyText(widest.accuracy)}, by the update at ${file}:${String(fact.line)}`;
}

function accuracyAfter(snapshot: Snapshot, { site }: SnapshotSite, counters: CounterAccuracy): Accuracy {
  const { batch, batchUnknown, scheme } = batchAccuracy(site, catalogueOf(snapshot.kernel).byName.get(site.fact.api));
  return accuracyOf({ ...counters, batch, scheme, ...(batchUnknown === undefined ? {} : { batchUnknown }) }, snapshot.machine);
}

/** Unknown may be anything, so nothing is wider. */
function isWider({ attainableUnits: { value: a } }: Accuracy, { attainableUnits: { value: b } }: Accuracy): boolean {
  return b !== null && (a === null || a.mid > b.mid);
}

function namesBatch(snapshot: Snapshot, { site }: SnapshotSite): boolean {
  return catalogueOf(snapshot.kernel).byName.get(site.fact.api)?.roles.batch !== undefined;
}

/** Additions to a counter of the same name, in the same folder or a header. */
function updatesOf(snapshot: Snapshot, { site }: SnapshotSite): readonly SnapshotSite[] {
  const name = memberOf(site.fact.arguments[0]);
  if (name === null) return [];
  return allSites(snapshot).filter(({ site: { file, fact } }) =>
    fact.family === 'counter' &&
    fact.kind === 'update' &&
    fact.api !== 'percpu_counter_set' &&
    memberOf(fact.arguments[0]) === name &&
    (folderOf(file) === folderOf(site.file) || file.endsWith('.h')));
}

/** `&mp->m_icount` and `&wb->stat[item]` update the counters `m_icount` and `stat`. */
function memberOf(argument: string | undefined): string | null {
  return /([A-Za-z_]\w*)\s*(?:\[[^\]]*\]\s*)?$/.exec(argument ?? '')?.[1] ?? null;
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/') + 1);
}

/** `± 130,816 counts attainable (batch 512)`, in bytes where the counter counts memory. */
function accuracyText({ attainableUnits, attainableBytes, batch, unit }: Accuracy): string {
  if (attainableUnits.value === null) return `unknown because ${attainableUnits.note ?? 'it has no bound'}`;
  const units = `± ${attainableUnits.value.mid.toLocaleString('en-US')} ${unit} attainable`;
  const bytes = attainableBytes?.value == null ? '' : `, ${formatBytes(attainableBytes.value.mid)}`;
  return `${units}${bytes}${batch === null ? '' : ` (batch ${String(batch)})`}`;
}
