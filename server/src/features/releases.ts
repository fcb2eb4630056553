import type { ResolvedSite } from '../resolve/resolvedSite';
import type { Snapshot } from '../workspace/snapshot';

/** Calls that free or destroy, in the files of these sites. */
export function releasesIn(snapshot: Snapshot, sites: readonly ResolvedSite[]): readonly ResolvedSite[] {
  const files = new Set(sites.map(({ file }) => file));
  return [...files].flatMap((file) => snapshot.sites.get(file) ?? []).map(({ site }) => site).filter(({ fact }) => fact.kind === 'free' || fact.kind === 'destroy');
}
