import type { ApiDifference } from '../../protocol/diff';
import { allSites, type Snapshot } from '../../workspace/snapshot';
import { takenOverCalls, type TakenOver } from './takenOver';

/** How many calls of each API there are, where that differs, the largest difference first. */
export function apiDifferences(before: Snapshot, after: Snapshot, taken: readonly TakenOver[]): readonly ApiDifference[] {
  const [one, other] = [callCounts(before), callCounts(after)];
  const names = [...new Set([...one.keys(), ...other.keys()])].sort();
  return names
    .map((api) => ({ api, before: one.get(api) ?? 0, after: other.get(api) ?? 0, note: takenOverCalls(api, taken) }))
    .filter((each) => each.before !== each.after)
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
}

/** Calls in code; declarations are none. */
function callCounts(snapshot: Snapshot): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { site } of allSites(snapshot)) {
    if (site.fact.kind !== 'declare') counts.set(site.fact.api, (counts.get(site.fact.api) ?? 0) + 1);
  }
  return counts;
}
