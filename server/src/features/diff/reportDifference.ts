import { formatKernelVersion } from '../../kernel/version';
import type { ReportDifference } from '../../protocol/comparison';
import type { Snapshot, SnapshotSite } from '../../workspace/snapshot';
import { shapeOf } from '../prices';
import { sitesInOrder } from '../siteOrder';
import type { ComparisonBase, EditorComparison } from './editorComparison';

/** What a report shows of a comparison: which sites differ, and the shapes that all had, so that both sides are priced on any machine. */
export function reportDifference(base: ComparisonBase, snapshot: Snapshot, { match, changes }: EditorComparison): Omit<ReportDifference, 'number' | 'sites_revision'> {
  const times = timesNote(base, snapshot);
  const was = new Map(match.pairs.map(({ before, after }) => [after.id, before]));
  const removed = new Map(match.removed.map((site) => [site.id, site]));
  const shape = (site: SnapshotSite | undefined): number | null => (site === undefined || times !== null ? null : (shapeOf(site.site, base.snapshot.kernel)?.number ?? null));
  return {
    ref: base.name,
    kernel: formatKernelVersion(base.snapshot.kernel),
    possible: snapshot.machine.topology.possibleCpus,
    changes: changes.map((change) => ({ ...change, shape: shape(change.after === null ? removed.get(change.before?.id ?? '') : was.get(change.after.id)) })),
    shapes: sitesInOrder(snapshot).map(({ id }) => shape(was.get(id))),
    notes: [kernelNote(base, snapshot), times].filter((note) => note !== null),
  };
}

/** A price holds for what is modelled of both. */
function timesNote({ name, snapshot: { timesNotModelled } }: ComparisonBase, snapshot: Snapshot): string | null {
  return timesNotModelled === snapshot.timesNotModelled ? null : `Times of ${name} are not compared: ${timesNotModelled ?? snapshot.timesNotModelled ?? ''}`;
}

function kernelNote({ name, snapshot }: ComparisonBase, { kernel }: Snapshot): string | null {
  const [was, now] = [snapshot.kernel, kernel].map(formatKernelVersion);
  return was === now ? null : `${name} is kernel ${was ?? ''}, this is ${now ?? ''}: times differ where the allocator does.`;
}
