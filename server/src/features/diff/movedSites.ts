import { subsystemOf } from '../../resolve/treeParts';
import type { SnapshotSite } from '../../workspace/snapshot';
import { definedVariable, identityKey, sameArguments, targetMember } from './siteLikeness';
import { grouped, takePair, type Pairing } from './sitePairing';

/** Names shorter than this (`init`, `probe`) are in many files by chance. */
const distinctiveName = 8;

/** Pairs what is left across files: the function went there, maybe with its file. */
export function pairAcrossFiles(pairing: Pairing): void {
  const after = grouped([...pairing.added], identityKey);
  for (const one of [...pairing.removed]) {
    const candidates = (after.get(identityKey(one)) ?? []).filter((site) => pairing.added.has(site));
    const other = candidates.find((site) => isSameElsewhere(one, site)) ?? onlyOne(one, candidates, pairing);
    if (other !== undefined) takePair(pairing, one, other, true);
  }
  pairByText(pairing, callText, hasName);
  pairByText(pairing, textInSubsystem, namesMember);
}

/** The very same call, with a name in it, left once on either side: its function was split or renamed on the way. */
function pairByText(pairing: Pairing, textOf: (site: SnapshotSite) => string, isNamed: (fact: SnapshotSite['site']['fact']) => boolean): void {
  const after = grouped([...pairing.added], textOf);
  for (const [text, removed] of grouped([...pairing.removed], textOf)) {
    const [one, ...more] = removed;
    const [other, ...others] = after.get(text) ?? [];
    if (one === undefined || other === undefined || more.length + others.length > 0 || !isNamed(one.site.fact)) continue;
    takePair(pairing, one, other, true);
  }
}

function callText({ site: { fact } }: SnapshotSite): string {
  return [fact.api, fact.inMacro, targetMember(fact), ...fact.arguments].join('\0');
}

/** What a call acts upon is a member in its arguments or what takes its result; the subsystem says whose member it is. */
function textInSubsystem({ site: { file, fact } }: SnapshotSite): string {
  return [subsystemOf(file), fact.api, fact.inMacro, isMember(fact.arguments.join(' ')) ? '' : targetMember(fact), ...fact.arguments].join('\0');
}

function namesMember({ arguments: given, assignedTo }: SnapshotSite['site']['fact']): boolean {
  return isMember(given.join(' ')) || isMember(assignedTo ?? '');
}

/** `&mp->m_frextents`: a member of some object, by a name that is not in every struct. */
function isMember(text: string): boolean {
  return /(?:->|\.)\w{8,}/.test(text);
}

/** `"i915_modeset"` as an argument: calls of two drivers do not share it. */
function hasName({ arguments: given }: SnapshotSite['site']['fact']): boolean {
  return given.some((text) => /"\w{6,}"/.test(text));
}

function isSameElsewhere({ site: one }: SnapshotSite, { site: other }: SnapshotSite): boolean {
  return sameArguments(one.fact, other.fact) && targetMember(one.fact) === targetMember(other.fact) && isDistinctive(one.fact);
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
