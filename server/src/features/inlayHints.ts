import type { ReportSite } from '../protocol/report';
import { formatBytes } from '../util/format';
import type { Span } from '../util/text';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';
import { isHot, triggerWords } from './classWords';
import { type HoverAbilities, siteHover } from './hover/hover';
import { reportSite } from './reportSite';

export interface InlayHint {
  /** End of the line that the call begins on. */
  readonly offset: number;
  readonly label: string;
  readonly siteId: string;
}

export interface HintOptions {
  /** Footprint from which a site of any class has a hint, bytes. */
  readonly minBytes: number;
}

/** Hints for the sites whose first line lies in the span; one a line, the dearest site of it. */
export function inlayHintsIn(snapshot: Snapshot, file: string, text: string, span: Span, options: HintOptions): readonly InlayHint[] {
  const byLine = new Map<number, { readonly site: ReportSite; readonly offset: number }>();
  for (const snapshotSite of snapshot.sites.get(file) ?? []) {
    const { nameSpan } = snapshotSite.site.fact;
    if (!snapshotSite.settled || nameSpan.end < span.start || nameSpan.start > span.end) continue;
    const site = reportSite(snapshot, snapshotSite);
    if (!deservesHint(site, snapshotSite, options)) continue;
    const earlier = byLine.get(site.line);
    if (earlier !== undefined && (earlier.site.footprint ?? 0) >= (site.footprint ?? 0)) continue;
    byLine.set(site.line, { site, offset: lineEnd(text, nameSpan.start) });
  }
  return [...byLine.values()].map(({ site, offset }) => ({ offset, label: hintLabel(site, snapshot), siteId: site.id }));
}

function deservesHint(site: ReportSite, { site: resolved }: SnapshotSite, options: HintOptions): boolean {
  const { kind, family } = resolved.fact;
  if (family === 'static' || !['alloc', 'init', 'indirect'].includes(kind)) return false;
  if (site.frequency_class.some(isHot)) return true;
  return site.footprint !== null && site.footprint >= options.minBytes;
}

/** `4 KiB · every fork and exec`; of what its callers ask for inside an API, that it is theirs. */
function hintLabel(site: ReportSite, snapshot: Snapshot): string {
  const trigger = triggerWords(site.frequency_class[0] ?? 'unknown');
  return `${bytesText(site, snapshot.machine.topology.possibleCpus)} · ${trigger}`;
}

function bytesText({ footprint, accounted_by: counted }: ReportSite, cpus: number): string {
  if (footprint !== null) return formatBytes(footprint);
  return counted === null ? `? B × ${cpus}` : 'bytes of its callers';
}

/** The hover of the hint's site; null where the site is gone. */
export function hintTooltip(snapshot: Snapshot, siteId: string, abilities: HoverAbilities): string | null {
  return siteHover(snapshot, siteId, abilities);
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  const at = end === -1 ? text.length : end;
  return text[at - 1] === '\r' ? at - 1 : at;
}
