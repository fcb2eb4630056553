import type { Snapshot, SnapshotSite } from '../workspace/snapshot';

/** All sites in the report's order: by file and place. */
export function sitesInOrder(snapshot: Snapshot): readonly SnapshotSite[] {
  return [...snapshot.sites.keys()].sort().flatMap((file) => snapshot.sites.get(file) ?? []);
}
