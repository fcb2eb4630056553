import { formatKernelVersion } from '../../kernel/version';
import type { ChangedAspect } from '../../protocol/diff';
import { creates, releasesMemory } from '../../resolve/reachPairs';
import { frequencyClasses } from '../../resolve/resolvedSite';
import type { Snapshot } from '../../workspace/snapshot';
import { catalogueOf, evaluate } from '../evaluation';
import { classOf, inAllTurns, locksTaken } from './diffSite';
import { sameArguments } from './siteLikeness';
import type { SitePair } from './sitePairing';

/** What of a site's cost or place in the kernel's life differs; empty where it is the same, wherever it stands. */
export function changedAspects(pair: SitePair, before: Snapshot, after: Snapshot): readonly ChangedAspect[] {
  const [a, b] = [pair.before.site, pair.after.site];
  // What was taken over from one state to the other is the same object.
  if (a === b && formatKernelVersion(before.kernel) === formatKernelVersion(after.kernel)) return [];
  const aspects: readonly (readonly [ChangedAspect, boolean])[] = [
    ['size', isNumberChanged(pair, inAllTurns(a).size, inAllTurns(b).size)],
    ['count', isNumberChanged(pair, inAllTurns(a).count, inAllTurns(b).count)],
    ['gfp', flags(a.gfp) !== flags(b.gfp)],
    ['class', isClassChanged(pair) && !isInApi(pair, after) && (isSameVersion(before, after) || isTriggerNearBy(pair))],
    ['lock', a.fact.api === b.fact.api && areLocksChanged(pair, before, after)],
    ['api', a.fact.api !== b.fact.api],
  ];
  return aspects.filter(([, differs]) => differs).map(([aspect]) => aspect);
}

/** An API's own code runs whenever one of its callers does, however deep inside it: what changed is the callers. */
function isInApi({ before, after }: SitePair, { kernel }: Snapshot): boolean {
  const { byName } = catalogueOf(kernel);
  const outer = [before, after].flatMap(({ site: { reach } }) => reach[0]?.chain ?? []);
  return [after.site.fact.function ?? '', ...outer].some((name) => byName.has(name));
}

function isSameVersion({ kernel: a }: Snapshot, { kernel: b }: Snapshot): boolean {
  return a.major === b.major && a.minor === b.minor;
}

/** Functions of a chain, its root with them, beyond which nobody would say that one leads to the other. */
const longestChain = 8;
const leastFrequent = frequencyClasses.indexOf('mount');

/**
 * Between two versions so much differs that most chains do, and with them which of several triggers is found: one says
 * something where it is frequent, near by, and what it triggers makes or releases memory.
 */
function isTriggerNearBy({ before, after }: SitePair): boolean {
  const { fact } = after.site;
  const found = [before, after].flatMap(({ site: { reach } }) => reach[0] ?? []);
  const [rank = Infinity, more] = found.map(({ frequencyClass }) => frequencyClasses.indexOf(frequencyClass));
  const [frequent, rare] = found;
  const evidence = more !== undefined && more < rank ? rare : frequent;
  if (evidence === undefined || frequencyClasses.indexOf(evidence.frequencyClass) > leastFrequent) return false;
  return evidence.chain.length <= longestChain && (creates(fact) || releasesMemory(fact));
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

/** Flags that are passed on are the caller's, whatever the parameter is called. */
function flags(text: string | null): string {
  return (text ?? '').replace(/\s+/g, '').replace(/^[a-z_]\w*$/, 'passed on');
}

/** Where the life of one side is not known its locks are not either. */
function areLocksChanged(pair: SitePair, before: Snapshot, after: Snapshot): boolean {
  const [a, b] = [evaluate(pair.before.site, before).lifeCycle, evaluate(pair.after.site, after).lifeCycle];
  return a !== null && b !== null && locksTaken(a).join(' ') !== locksTaken(b).join(' ');
}
