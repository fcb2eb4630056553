import type { DiffSite, SiteChange } from '../../protocol/diff';
import { frequencyClasses } from '../../resolve/resolvedSite';
import type { Snapshot, SnapshotSite } from '../../workspace/snapshot';
import { changedAspects } from './changedAspects';
import { diffSite } from './diffSite';
import type { SiteMatch } from './matchSites';
import { takenOverNote, type TakenOver } from './takenOver';

export interface SiteChanges {
  /** Most frequent class first, then by the bytes that come or go. */
  readonly changes: readonly SiteChange[];
  /** Sites that only stand elsewhere. */
  readonly moved: number;
}

/** What was added, removed or changed; declarations cost nothing and are left out. */
export function siteChanges(match: SiteMatch, before: Snapshot, after: Snapshot, taken: readonly TakenOver[]): SiteChanges {
  const changed = match.pairs.map((pair) => ({ pair, aspects: changedAspects(pair, before, after) }));
  const changes: SiteChange[] = [
    ...match.added.filter(isCost).map((site) => withDifference('added', [], null, diffSite(after, site), null)),
    ...match.removed.filter(isCost).map((site) => withDifference('removed', [], diffSite(before, site), null, takenOverNote(site, taken))),
    ...changed
      .filter(({ pair, aspects }) => aspects.length > 0 && isCost(pair.after))
      .map(({ pair, aspects }) => withDifference('changed', aspects, diffSite(before, pair.before), diffSite(after, pair.after), null)),
  ];
  const moved = changed.filter(({ pair, aspects }) => pair.moved && aspects.length === 0 && isCost(pair.after)).length;
  return { changes: changes.sort(byClassAndSize), moved };
}

function isCost({ site }: SnapshotSite): boolean {
  return site.fact.kind !== 'declare';
}

function withDifference(
  change: SiteChange['change'],
  aspects: SiteChange['aspects'],
  before: DiffSite | null,
  after: DiffSite | null,
  note: string | null,
): SiteChange {
  const [a, b] = [bytes(before), bytes(after)];
  const difference = a === null || b === null ? null : b - a;
  return { change, aspects, before, after, footprint_difference: difference, note: note ?? unknownNote(before, after, difference) ?? accountedNote(after ?? before) };
}

/** Bytes that are counted here; null where they are not known. */
function bytes(site: DiffSite | null): number | null {
  return site?.counts_bytes === true ? site.footprint : 0;
}

function unknownNote(before: DiffSite | null, after: DiffSite | null, difference: number | null): string | null {
  if (difference !== null) return null;
  const unknown = [after, before].find((site) => site?.counts_bytes === true && site.footprint === null);
  return unknown == null ? null : `size unknown because ${unknown.size_reason}`;
}

function accountedNote(site: DiffSite | null): string | null {
  return site?.accounted_by == null ? null : `counted at each call of the API, such as ${site.accounted_by}`;
}

function byClassAndSize(a: SiteChange, b: SiteChange): number {
  return rank(a) - rank(b) || compareNumbers(weight(b), weight(a)) || isInside(a) - isInside(b) || compareText(place(a), place(b));
}

/** The more frequent class of both sides. */
function rank({ before, after }: SiteChange): number {
  const ranks = [before, after].map((site) => frequencyClasses.findIndex((name) => name === site?.frequency_class[0]));
  return Math.min(...ranks.map((each) => (each === -1 ? frequencyClasses.length : each)));
}

/** An unknown size may be any: it comes first. */
function weight({ footprint_difference: difference }: SiteChange): number {
  return difference === null ? Infinity : Math.abs(difference);
}

/** What an API does inside comes after those who call it. */
function isInside({ before, after }: SiteChange): number {
  return (after ?? before)?.accounted_by == null ? 0 : 1;
}

function place({ before, after }: SiteChange): string {
  const site = after ?? before;
  return site === null ? '' : `${site.file}:${String(site.line).padStart(8, '0')}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareNumbers(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
