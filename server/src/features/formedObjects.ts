import { formObjects, type FormedObject } from '../resolve/objects/formObjects';
import type { Snapshot, SnapshotSite } from '../workspace/snapshot';

const remembered = new WeakMap<Snapshot['sites'], readonly FormedObject<SnapshotSite>[]>();

/** What the kernel creates as one, over all sites of a snapshot: most frequent class first, then by name. */
export function formedObjects({ sites }: Snapshot): readonly FormedObject<SnapshotSite>[] {
  const known = remembered.get(sites);
  if (known !== undefined) return known;
  const inOrder = [...sites.keys()].sort().flatMap((file) => sites.get(file) ?? []);
  const formed = formObjects(inOrder, ({ site }) => site);
  remembered.set(sites, formed);
  return formed;
}

/** True where whatever creates the one site creates the other too. */
export function createdWith(one: SnapshotSite, other: SnapshotSite): boolean {
  const { objects } = one.site;
  return objects.length > 0 && objects.every(({ kind, variant }) =>
    other.site.objects.some((also) => also.phase === 'create' && also.kind === kind && (also.variant === variant || also.variant === null)));
}
