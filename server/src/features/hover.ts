import type { Span } from '../util/text';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { hoverMarkdown } from './hoverText';
import { siteDetails } from './siteDetails';

export interface Hover {
  readonly span: Span;
  readonly markdown: string;
}

/** The hover over a site's API name; null elsewhere, so that other extensions' hovers stand alone there. */
export function hoverAt(snapshot: Snapshot, file: string, offset: number): Hover | null {
  const site = innermostAt(snapshot.sites.get(file) ?? [], offset);
  if (site === undefined) return null;
  return { span: site.site.fact.nameSpan, markdown: hoverMarkdown(siteDetails(snapshot, site), snapshot, site.settled) };
}

function innermostAt(sites: readonly SnapshotSite[], offset: number): SnapshotSite | undefined {
  return sites.find(({ site: { fact } }) => fact.nameSpan.start <= offset && offset <= fact.nameSpan.end);
}
