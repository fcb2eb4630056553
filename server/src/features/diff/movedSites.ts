import path from 'node:path';
import type { SiteFact } from '../../facts/fileFacts';
import { subsystemOf } from '../../resolve/treeParts';
import type { SnapshotSite } from '../../workspace/snapshot';
import { definedVariable, distinctiveName, identityKey, sameArguments, targetMember, targetOf } from './siteLikeness';
import { grouped, takePair, type Pairing } from './sitePairing';

/** A global variable of a name this long is one of its whole subsystem, whatever the folder. */
const longName = 12;

/** Pairs what is left across files: the function went there, maybe with its file. */
export function pairAcrossFiles(pairing: Pairing): void {
  const after = grouped([...pairing.added], identityKey);
  for (const one of [...pairing.removed]) {
    const candidates = (after.get(identityKey(one)) ?? []).filter((site) => pairing.added.has(site));
    const other = candidates.find((site) => isSameElsewhere(one, site)) ?? onlyOne(one, candidates, pairing);
    if (other !== undefined) takePair(pairing, one, other, true);
  }
  pairByText(pairing, callText, hasName);
}

/** Pairs what is left across files and has another call or another function now: by what it makes memory for, or acts on. */
export function pairEditedAcrossFiles(pairing: Pairing): void {
  pairByText(pairing, textInSubsystem, namesMember);
  pairByText(pairing, resourceName, hasResourceName);
  pairByText(pairing, ({ site: { file, fact } }) => keeperIn(path.posix.dirname(file), fact), (fact) => isVariable(fact, distinctiveName));
  pairByText(pairing, ({ site: { file, fact } }) => keeperIn(subsystemOf(file), fact), (fact) => isVariable(fact, longName));
  pairByText(pairing, insideOf, (fact) => (fact.function ?? '') !== '');
  for (const textOf of [useOfCounter, counterUsed]) pairUses(pairing, textOf);
}

/** What an API makes inside, whose bytes its callers count: by the API's name, whatever it calls now and whether it is a macro. */
function insideOf({ id, site: { fact, accountedBy } }: SnapshotSite): string {
  return accountedBy === null ? id : `inside ${fact.function ?? ''} ${fact.kind}`;
}

/** What is made by a name of its own, by whatever call: `kmem_cache_create("btrfs_path", …)` and `KMEM_CACHE(btrfs_path, …)`. */
function resourceName({ site: { fact } }: SnapshotSite): string {
  const sort = /kmem_cache/i.test(fact.api) ? 'cache' : /workqueue/.test(fact.api) ? 'workqueue' : fact.api;
  return [sort, fact.kind, fact.inMacro, (fact.arguments[0] ?? '').replaceAll('"', '')].join('\0');
}

function hasResourceName({ api, arguments: [first = ''] }: SiteFact): boolean {
  return first.replaceAll('"', '').length >= distinctiveName && (/^KMEM_CACHE/.test(api) || /^"\w+"$/.test(first));
}

/** The variable that keeps what is made, in a part of the tree. */
function keeperIn(place: string, fact: SiteFact): string {
  return [place, fact.family, fact.kind, fact.inMacro, targetOf(fact)].join('\0');
}

function isVariable(fact: SiteFact, length: number): boolean {
  const target = targetOf(fact);
  return ['alloc', 'init', 'indirect'].includes(fact.kind) && /^\w+$/.test(target) && target.length >= length;
}

/**
 * What acts on a counter in a folder, or releases a member in a subsystem: one that is gone here and one that came there
 * are the same, however many there are.
 */
function pairUses(pairing: Pairing, textOf: (site: SnapshotSite) => string): void {
  const after = grouped([...pairing.added].filter(isUse), textOf);
  for (const [text, removed] of grouped([...pairing.removed].filter(isUse), textOf)) {
    (after.get(text) ?? []).slice(0, removed.length).forEach((other, index) => {
      const one = removed[index];
      if (one !== undefined) takePair(pairing, one, other, true);
    });
  }
}

function isUse({ site: { fact } }: SnapshotSite): boolean {
  const target = targetOf(fact);
  if (fact.kind === 'free') return isMember(target);
  return fact.family === 'counter' && ['update', 'read', 'sum', 'destroy'].includes(fact.kind) && target.includes('->');
}

/** The call with all variables alike: `&info->dirty, -buf->len` is `&info->dirty, -eb->len`. */
function useOfCounter(site: SnapshotSite): string {
  return [counterUsed(site), ...site.site.fact.arguments.slice(1).map((text) => text.replace(/\b[a-z_]\w*(?=->|\.)/g, '_'))].join('\0');
}

function counterUsed({ site: { file, fact } }: SnapshotSite): string {
  return [fact.kind === 'free' ? subsystemOf(file) : path.posix.dirname(file), fact.api, fact.inMacro, targetOf(fact).replace(/^.*->/s, '')].join('\0');
}

/** The very same call, with a name in it, left once on either side: its function was split or renamed on the way. */
function pairByText(pairing: Pairing, textOf: (site: SnapshotSite) => string, isNamed: (fact: SiteFact) => boolean): void {
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

function namesMember({ arguments: given, assignedTo }: SiteFact): boolean {
  return isMember(given.join(' ')) || isMember(assignedTo ?? '');
}

/** `&mp->m_frextents`: a member of some object, by a name that is not in every struct. */
function isMember(text: string): boolean {
  return /(?:->|\.)\w{8,}/.test(text);
}

/** `"i915_modeset"` as an argument: calls of two drivers do not share it. */
function hasName({ arguments: given }: SiteFact): boolean {
  return given.some((text) => /"\w{6,}"/.test(text));
}

function isSameElsewhere({ site: one }: SnapshotSite, { site: other }: SnapshotSite): boolean {
  return sameArguments(one.fact, other.fact) && targetMember(one.fact) === targetMember(other.fact) && isDistinctive(one.fact);
}

function isDistinctive(fact: SiteFact): boolean {
  return (definedVariable(fact) ?? fact.function ?? '').trim().length >= distinctiveName;
}

/** A function of that name is left in one place on either side: it went there, and was edited on the way. */
function onlyOne(one: SnapshotSite, candidates: readonly SnapshotSite[], { removed }: Pairing): SnapshotSite | undefined {
  const [only, ...more] = candidates;
  if (only === undefined || more.length > 0 || !isDistinctive(one.site.fact)) return undefined;
  const key = identityKey(one);
  return [...removed].filter((site) => identityKey(site) === key).length === 1 ? only : undefined;
}
