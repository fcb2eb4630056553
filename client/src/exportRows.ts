import type { Report, ReportSite } from '../../server/src/protocol/report';
import type { ExportedComparison, ExportedOther, ListedSite } from '../views/messages';

/** A site of a file, with the other side where something is compared; `gone`: it is only there. */
export interface ExportRow {
  readonly site: ReportSite;
  readonly gone: boolean;
  readonly other: ExportedOther | null;
}

/** The sites listed, in their order. */
export function exportRows(report: Report, siteIds: readonly string[], compared: ExportedComparison | null): ExportRow[] {
  const sites = new Map(report.sites.map((site) => [site.id, site]));
  const removed = new Map(compared?.removed.map((site) => [site.id, site]));
  return siteIds.flatMap((id): ExportRow[] => {
    const [site, gone] = [sites.get(id), removed.get(id)];
    const other = compared?.sites[id] ?? null;
    if (site !== undefined) return [{ site, gone: false, other }];
    return gone === undefined ? [] : [{ site: withoutFigures(gone), gone: true, other }];
  });
}

/** A site that is gone costs nothing here. */
function withoutFigures(site: ListedSite): ReportSite {
  return { ...site, size: null, size_source: 'catalogue', footprint: null, family: '', via: [], align: null, gfp: null, atomic: false, reach: [], create: null, destroy: null, locks: {}, contention: null };
}

/** Bytes that came since the commit, or that are more on the other side; null where one is not known. */
export function footprintDifference({ site, gone, other }: ExportRow, { kind }: ExportedComparison): number | null {
  const here = gone ? 0 : site.footprint;
  const there = other === null ? null : other.figures === null ? 0 : other.figures.footprint;
  if (here === null || there === null) return null;
  return kind === 'commit' ? here - there : there - here;
}
