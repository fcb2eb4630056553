import type { ReportDifference, ShapedChange } from '../../../server/src/protocol/comparison';
import type { DiffSite } from '../../../server/src/protocol/diff';
import type { ListedSite } from '../messages';
import type { Basis } from './evaluation';
import type { Entry } from './rows';

/** A site's place in a comparison with a commit. */
export interface EntryChange {
  readonly change: ShapedChange;
  /** Bytes that came with it, at the possible CPUs of the report; null where a size is unknown. */
  readonly growth: number | null;
}

/** A report's sites beside those of a commit: the sites that are only there come after them. */
export interface CommitDifference {
  readonly told: ReportDifference;
  readonly entries: readonly Entry[];
  /** What the figures there follow from. */
  readonly basis: Basis;
}

/** Lays a comparison over the sites that it was made for. */
export function commitDifference(told: ReportDifference, entries: readonly Entry[], basis: Basis): CommitDifference {
  const scale = basis.possible / told.possible;
  const changes = new Map(told.changes.flatMap((change) => (change.after === null ? [] : [[change.after.id, entryChange(change, scale)] as const])));
  const removed = told.changes.filter(({ change }) => change === 'removed');
  const here = entries.map((entry): Entry => {
    const change = changes.get(entry.site.id);
    return change === undefined ? entry : { ...entry, change };
  });
  const gone = removed.flatMap((change, at): Entry[] => (change.before === null ? [] : [{ index: entries.length + at, site: listedSite(change.before), change: entryChange(change, scale) }]));
  return {
    told,
    entries: [...here, ...gone],
    basis: {
      shapes: [...told.shapes, ...removed.map(({ shape }) => shape)],
      footprints: [...here, ...gone].map(({ index, change }) => (change === undefined ? basis.footprints[index] : footprintBefore(change.change, scale))),
      possible: basis.possible,
    },
  };
}

function entryChange(change: ShapedChange, scale: number): EntryChange {
  const [was, is] = [change.before, change.after].map((site) => (site?.counts_bytes === true ? inOneTurn(site) : 0));
  return { change, growth: was == null || is == null ? null : (is - was) * scale };
}

/** Undefined where the site was not there. */
function footprintBefore({ before }: ShapedChange, scale: number): number | null | undefined {
  if (before === null) return undefined;
  const bytes = inOneTurn(before);
  return bytes === null ? null : bytes * scale;
}

/** A difference counts all turns of the loops around a call, a report one execution of it. */
function inOneTurn({ footprint, turns }: DiffSite): number | null {
  return footprint === null ? null : footprint / (turns ?? 1);
}

/** A site that is gone, under a name that no site of the report has. */
function listedSite(site: DiffSite): ListedSite {
  const { api, kind, file, line, first_argument, variable, type, size, size_reason, count, accounted_by, frequency_class } = site;
  return {
    id: `removed:${site.id}`, api, kind, file, line, column: 1, function: site.function, in_macro: false, first_argument, variable, type, size,
    size_source: size === null && site.counts_bytes ? 'unknown' : 'layout', size_reason, count, footprint: null, accounted_by, frequency_class, advice: [],
  };
}
