import type { ChangedAspect } from '../../protocol/diff';
import { creates, releasesMemory } from '../../resolve/reachPairs';
import type { Snapshot } from '../../workspace/snapshot';
import { catalogueOf, evaluate } from '../evaluation';
import { classOf, inAllTurns, locksTaken } from './diffSite';
import { sameArguments } from './siteLikeness';
import type { SitePair } from './sitePairing';

/** What of a site's cost or place in the kernel's life differs; empty where it is the same, wherever it stands. */
export function changedAspects(pair: SitePair, before: Snapshot, after: Snapshot): readonly ChangedAspect[] {
  const [a, b] = [pair.before.site, pair.after.site];
  const aspects: readonly (readonly [ChangedAspect, boolean])[] = [
    ['size', isNumberChanged(pair, inAllTurns(a).size, inAllTurns(b).size)],
    ['count', isNumberChanged(pair, inAllTurns(a).count, inAllTurns(b).count)],
    ['gfp', words(a.gfp) !== words(b.gfp)],
    ['class', !isInApi(pair, after) && isClassChanged(pair)],
    ['lock', a.fact.api === b.fact.api && areLocksChanged(pair, before, after)],
    ['api', a.fact.api !== b.fact.api],
  ];
  return aspects.filter(([, differs]) => differs).map(([aspect]) => aspect);
}

/** An API's own code runs whenever one of its callers does: what changed is the callers. */
function isInApi({ after: { site } }: SitePair, { kernel }: Snapshot): boolean {
  return site.fact.function !== null && catalogueOf(kernel).byName.has(site.fact.function);
}

/** Callers in other files are looked for where memory is made or released: of what only uses it, unknown says nothing. */
function isClassChanged({ before, after }: SitePair): boolean {
  const [a, b] = [classOf(before), classOf(after)];
  if (a === b) return false;
  return (a !== 'unknown' && b !== 'unknown') || creates(after.site.fact) || releasesMemory(after.site.fact);
}

/** That a value became known, or is no longer, is a change of the source only where the call was edited. */
function isNumberChanged({ before, after }: SitePair, a: number | null, b: number | null): boolean {
  if (a !== null && b !== null) return a !== b;
  return a !== b && !sameArguments(before.site.fact, after.site.fact);
}

function words(text: string | null): string {
  return (text ?? '').replace(/\s+/g, '');
}

/** Where the life of one side is not known its locks are not either. */
function areLocksChanged(pair: SitePair, before: Snapshot, after: Snapshot): boolean {
  const [a, b] = [evaluate(pair.before.site, before).lifeCycle, evaluate(pair.after.site, after).lifeCycle];
  return a !== null && b !== null && locksTaken(a).join(' ') !== locksTaken(b).join(' ');
}
