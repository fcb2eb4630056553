import type { SnapshotSite } from '../../workspace/snapshot';
import { definedVariable, identityKey, sameArguments } from './siteLikeness';
import { grouped, pairWithinFile, takePair, type Pairing } from './sitePairing';

/** Names shorter than this (`init`, `probe`) are in many files by chance. */
const distinctiveName = 8;

/**
 * Pairs what is left across files. Files whose sites are mostly found again in one other are taken for renamed, and
 * their remaining sites are paired as those of one file.
 */
export function pairAcrossFiles(pairing: Pairing): void {
  for (const [from, to] of renamedFiles(pairing)) {
    const before = [...pairing.removed].filter(({ site }) => site.file === from);
    const after = [...pairing.added].filter(({ site }) => site.file === to);
    pairWithinFile(pairing, before, after, true);
  }
  const after = grouped([...pairing.added], identityKey);
  for (const one of [...pairing.removed]) {
    const candidates = (after.get(identityKey(one)) ?? []).filter((site) => pairing.added.has(site));
    const other = candidates.find((site) => isSameElsewhere(one, site)) ?? onlyOne(one, candidates, pairing);
    if (other !== undefined) takePair(pairing, one, other, true);
  }
}

/** Which files have their sites in which others now, by a majority of what is left of them. */
function renamedFiles(pairing: Pairing): ReadonlyMap<string, string> {
  const after = grouped([...pairing.added], identityKey);
  const renamed = new Map<string, string>();
  for (const [file, sites] of grouped([...pairing.removed], ({ site }) => site.file)) {
    const votes = new Map<string, number>();
    for (const one of sites) {
      const found = new Set((after.get(identityKey(one)) ?? []).map(({ site }) => site.file));
      for (const other of found) votes.set(other, (votes.get(other) ?? 0) + weight(one));
    }
    const [best] = [...votes].sort(([a, m], [b, n]) => n - m || nearness(b, file) - nearness(a, file));
    const all = sites.reduce((sum, one) => sum + weight(one), 0);
    if (best !== undefined && 2 * best[1] > all && 2 * best[1] >= 2) renamed.set(file, best[0]);
  }
  return renamed;
}

/** A common name is no sign that the file is the same. */
function weight({ site: { fact } }: SnapshotSite): number {
  const name = definedVariable(fact) ?? fact.function ?? '';
  return name.trim().length >= distinctiveName ? 1 : 0.25;
}

/** Leading folders in common; the same base name counts most. */
function nearness(a: string, b: string): number {
  const [one, other] = [a.split('/'), b.split('/')];
  const shared = one.findIndex((part, index) => part !== other[index]);
  return (shared === -1 ? one.length : shared) + (one.at(-1) === other.at(-1) ? 100 : 0);
}

function isSameElsewhere({ site: one }: SnapshotSite, { site: other }: SnapshotSite): boolean {
  return sameArguments(one.fact, other.fact) && one.fact.assignedTo === other.fact.assignedTo && isDistinctive(one.fact);
}

function isDistinctive(fact: SnapshotSite['site']['fact']): boolean {
  return (definedVariable(fact) ?? fact.function ?? '').trim().length >= distinctiveName;
}

/** A function of that name is left in one place on either side: it went there, and was edited on the way. */
function onlyOne(one: SnapshotSite, candidates: readonly SnapshotSite[], { removed }: Pairing): SnapshotSite | undefined {
  const [only, ...more] = candidates;
  if (only === undefined || more.length > 0 || !isDistinctive(one.site.fact)) return undefined;
  const key = identityKey(one);
  return [...removed].filter((site) => identityKey(site) === key).length === 1 ? only : undefined;
}
