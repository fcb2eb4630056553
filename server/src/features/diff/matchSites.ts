import type { SnapshotSite } from '../../workspace/snapshot';
import { pairAcrossFiles, pairEditedAcrossFiles } from './movedSites';
import { pairEditedWithinFile, pairWithinFile, type Pairing, type SitePair } from './sitePairing';

export interface SiteMatch {
  readonly pairs: readonly SitePair[];
  readonly removed: readonly SnapshotSite[];
  readonly added: readonly SnapshotSite[];
}

export type SitesByFile = ReadonlyMap<string, readonly SnapshotSite[]>;

/**
 * Finds the sites of one state of a tree again in another. A site is its function, API and ordinal, in its file or in
 * what that file was renamed to; a static definition is its variable. What is left is looked for under another API
 * with the same target, in other functions of the file, then in other files: moved code is no change.
 */
export function matchSites(before: SitesByFile, after: SitesByFile, renamed: ReadonlyMap<string, string>): SiteMatch {
  const pairing: Pairing = { pairs: [], removed: new Set([...before.values()].flat()), added: new Set([...after.values()].flat()) };
  const files = [...before.keys()].sort().map((file) => ({ file, now: renamed.get(file) ?? file }));
  const left = (now: string): readonly SnapshotSite[] => (after.get(now) ?? []).filter((site) => pairing.added.has(site));
  for (const { file, now } of files) pairWithinFile(pairing, before.get(file) ?? [], left(now), now !== file);
  pairAcrossFiles(pairing);
  for (const { file, now } of files) pairEditedWithinFile(pairing, before.get(file) ?? [], left(now));
  pairEditedAcrossFiles(pairing);
  return { pairs: pairing.pairs, removed: [...pairing.removed], added: [...pairing.added] };
}
