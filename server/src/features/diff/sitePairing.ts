import type { SnapshotSite } from '../../workspace/snapshot';
import { identityKey, isDistinctiveTarget, pairInOrder, sameArguments, targetOf } from './siteLikeness';

/** A site on both sides; `moved` where it stands in another file or function. */
export interface SitePair {
  readonly before: SnapshotSite;
  readonly after: SnapshotSite;
  readonly moved: boolean;
}

/** Pairs found so far, and what has none yet. */
export interface Pairing {
  readonly pairs: SitePair[];
  readonly removed: Set<SnapshotSite>;
  readonly added: Set<SnapshotSite>;
}

export function takePair(pairing: Pairing, before: SnapshotSite, after: SnapshotSite, moved: boolean): void {
  pairing.removed.delete(before);
  pairing.added.delete(after);
  pairing.pairs.push({ before, after, moved });
}

export function grouped(sites: readonly SnapshotSite[], keyOf: (site: SnapshotSite) => string): ReadonlyMap<string, readonly SnapshotSite[]> {
  const groups = new Map<string, SnapshotSite[]>();
  for (const site of sites) {
    const key = keyOf(site);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [site]);
    else group.push(site);
  }
  return groups;
}

/**
 * Pairs the sites of a file before and after: by function, API and ordinal; then with another API that does the same
 * for the same thing; then the very same call in another function.
 */
export function pairWithinFile(pairing: Pairing, before: readonly SnapshotSite[], after: readonly SnapshotSite[], moved: boolean): void {
  if (before.length === after.length && before.every(({ site }, at) => site === after[at]?.site)) {
    before.forEach((one, at) => takePair(pairing, one, after[at] ?? one, moved));
    return;
  }
  const own = grouped(after, identityKey);
  for (const [key, group] of grouped(before, identityKey)) {
    for (const [one, other] of pairInOrder(group, own.get(key) ?? [])) takePair(pairing, one, other, moved);
  }
  for (const isAlike of [isSameTarget, isSameCallElsewhere]) pairAlike(pairing, before, after, isAlike, moved);
}

/** Pairs what was edited on the way to another function of its file: what is left after the very same was looked for everywhere. */
export function pairEditedWithinFile(pairing: Pairing, before: readonly SnapshotSite[], after: readonly SnapshotSite[]): void {
  for (const isAlike of [isEditedCallElsewhere, isSameTargetElsewhere]) pairAlike(pairing, before, after, isAlike, true);
  pairNameless(pairing, before, after);
}

type IsAlike = (one: SnapshotSite, other: SnapshotSite) => boolean;

function pairAlike(pairing: Pairing, before: readonly SnapshotSite[], after: readonly SnapshotSite[], isAlike: IsAlike, moved: boolean): void {
  for (const one of before.filter((site) => pairing.removed.has(site))) {
    const other = after.find((site) => pairing.added.has(site) && isAlike(one, site));
    if (other !== undefined) takePair(pairing, one, other, moved || one.site.fact.function !== other.site.fact.function);
  }
}

/** `kmem_cache_create` became `KMEM_CACHE`, `alloc_percpu` took flags: still the memory of the same thing. */
function isSameTarget({ site: one }: SnapshotSite, { site: other }: SnapshotSite): boolean {
  const [a, b] = [one.fact, other.fact];
  // A variable is itself alone: another of its type is another.
  if (a.function !== b.function || a.kind !== b.kind || a.inMacro !== b.inMacro || a.kind === 'define') return false;
  if (targetOf(a) !== targetOf(b)) return false;
  return targetOf(a) === '' ? a.family === b.family && a.arguments[0] !== undefined && a.arguments[0] === b.arguments[0] : a.assignedTo === b.assignedTo || a.family === b.family;
}

/** The function was renamed, split or joined. */
function isSameCallElsewhere({ site: one }: SnapshotSite, { site: other }: SnapshotSite): boolean {
  const [a, b] = [one.fact, other.fact];
  return a.api === b.api && a.inMacro === b.inMacro && a.assignedTo === b.assignedTo && sameArguments(a, b);
}

/** The call was edited on the way to another function: the same API for the same thing. */
function isEditedCallElsewhere(one: SnapshotSite, other: SnapshotSite): boolean {
  return one.site.fact.api === other.site.fact.api && isSameTargetElsewhere(one, other);
}

/** A local variable of a common name is the same thing only where as much is made for it. */
function isSameTargetElsewhere({ site: one }: SnapshotSite, { site: other }: SnapshotSite): boolean {
  const [a, b] = [one.fact, other.fact];
  const target = targetOf(a);
  if (target === '' || target !== targetOf(b) || a.family !== b.family || a.kind !== b.kind || a.inMacro !== b.inMacro) return false;
  return a.family === 'counter' || isDistinctiveTarget(target) || (a.api === b.api && one.size.size !== null && one.size.size === other.size.size);
}

/** Of an API whose calls name nothing that memory is made for, the only one that is left on either side. */
function pairNameless(pairing: Pairing, before: readonly SnapshotSite[], after: readonly SnapshotSite[]): void {
  const isLeft = (site: SnapshotSite): boolean => pairing.removed.has(site) || pairing.added.has(site);
  const other = grouped(after.filter(isLeft), apiOf);
  for (const [api, [one, ...more]] of grouped(before.filter(isLeft), apiOf)) {
    const [same, ...others] = other.get(api) ?? [];
    if (one === undefined || same === undefined || more.length + others.length > 0) continue;
    if (one.site.fact.kind !== 'define' && targetOf(one.site.fact) === '' && targetOf(same.site.fact) === '') takePair(pairing, one, same, true);
  }
}

function apiOf({ site: { fact } }: SnapshotSite): string {
  return `${fact.api}#${fact.kind}#${fact.inMacro ? 'in a macro' : ''}`;
}
