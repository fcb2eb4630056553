import type { BeforeAfter, DiffSite, SiteChange } from '../protocol/diff';
import type { WireCost, WireInterval } from '../protocol/report';
import { formatBytes, formatDurations } from '../util/format';

/** Quantities before and after, for people. */

/** `0 B → 32 B`; one value where both are the same. */
export function bytesChange({ before, after }: BeforeAfter<number>): string {
  const [a, b] = [before, after].map((bytes) => (bytes === null ? 'unknown' : formatBytes(bytes)));
  return a === b ? (b ?? '') : `${a ?? ''} → ${b ?? ''}`;
}

/** Bytes per CPU of a site on both sides; a site that is not there has none to show. */
export function sizeChange({ before, after }: SiteChange): string {
  const text = (site: DiffSite): string => (site.size === null ? (site.counts_bytes ? 'unknown' : '') : formatBytes(site.size));
  const [a, b] = [before, after].map((site) => (site === null ? '' : text(site)));
  if (before === null || after === null || a === b) return `${a ?? ''}${a === b ? '' : (b ?? '')}`;
  return `${a ?? ''} → ${b ?? ''}`;
}

/** `create 2.1 – 9.4 µs`, with both sides where the site is on both and they differ; empty where it takes no time. */
export function timeChange(change: SiteChange, phase: 'create' | 'destroy'): string {
  const [a, b] = [costText(change.before?.[phase]), costText(change.after?.[phase])];
  if (a === '' && b === '') return '';
  return a === b || a === '' || b === '' ? `${phase} ${b === '' ? a : b}` : `${phase} ${a} → ${b}`;
}

function costText(cost: WireCost | null | undefined): string {
  if (cost == null) return '';
  return cost.ns === null ? 'unknown' : formatDurations(cost.ns);
}

/** Times of the sites that changed, together. */
export function totalTime({ before, after }: BeforeAfter<WireInterval>): string {
  const [a, b] = [before, after].map((time) => (time === null ? 'unknown' : time.high === 0 ? '0' : formatDurations(time)));
  return a === b ? (b ?? '') : `${a ?? ''} → ${b ?? ''}`;
}
