import type { ExportedComparison, ExportedOther } from '../messages';
import { comparedName } from './comparison';
import { comparedSite, type PricedReport } from './pricedReport';
import type { ComparedSite } from './siteOrder';
import type { ComparedWith } from './viewState';

/** The other side of the sites listed, for a file; null where nothing is compared. */
export function exportedComparison(shown: PricedReport, compared: ComparedWith | null, listed: readonly string[]): ExportedComparison | null {
  if (compared === null || shown.other === null) return null;
  const wanted = new Set(listed);
  const rows = shown.entries.filter(({ site }) => wanted.has(site.id)).map((entry) => comparedSite(shown, entry));
  return {
    name: comparedName(compared),
    kind: compared.kind,
    ...shown.other.setting,
    sites: Object.fromEntries(rows.map((row) => [row.site.id, exportedOther(row)])),
    removed: rows.filter(({ here }) => here === null).map(({ site }) => site),
  };
}

function exportedOther({ change, other }: ComparedSite): ExportedOther {
  if (other === null) return { change: change?.change.change ?? null, figures: null };
  const { footprint, price } = other;
  return { change: change?.change.change ?? null, figures: { footprint, create: price?.create ?? null, destroy: price?.destroy ?? null, knee_cpus: price?.knee_cpus ?? null } };
}
