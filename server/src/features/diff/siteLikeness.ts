import type { SiteFact } from '../../facts/fileFacts';
import { takesErrorCode } from '../../facts/objectMemory';
import type { SnapshotSite } from '../../workspace/snapshot';
import { variableName } from '../variableName';

/** What a site is called whatever its line: its function and API; of a static definition or declaration the variable. */
export function identityKey({ site: { fact } }: SnapshotSite): string {
  const variable = definedVariable(fact);
  return variable === null ? `${fact.function ?? ''}#${fact.api}` : `${fact.kind}#${variable}`;
}

/** The variable of `DEFINE_PER_CPU(int, name[4])` with the function it is in; null for calls. */
export function definedVariable(fact: SiteFact): string | null {
  const name = variableName(fact);
  return name === null ? null : `${fact.function ?? ''} ${name}`;
}

export function sameArguments(a: Pick<SiteFact, 'arguments'>, b: Pick<SiteFact, 'arguments'>): boolean {
  return a.arguments.length === b.arguments.length && a.arguments.every((text, index) => text === b.arguments[index]);
}

/** `si->percpu_cluster` and `p->percpu_cluster` are one member: only the variable on the way to it has another name. */
export function targetMember({ assignedTo }: Pick<SiteFact, 'assignedTo'>): string {
  return (assignedTo ?? '').replace(/^.*(?:->|\.)/s, '');
}

/**
 * What a call makes memory for, or acts on: what its result is assigned to, else its first argument, whatever element
 * of an array that is; empty where neither says it. A variable that takes an error code or a value is none.
 */
export function targetOf({ kind, assignedTo, arguments: [first = ''] }: Pick<SiteFact, 'kind' | 'assignedTo' | 'arguments'>): string {
  const isKept = assignedTo !== null && ['alloc', 'init', 'indirect'].includes(kind) && !takesErrorCode(assignedTo);
  const target = isKept ? assignedTo : kind === 'alloc' || kind === 'define' ? '' : first;
  const place = target.replace(/^&\s*/, '').replace(/\s*\[[^[\]]*\]/g, '').replaceAll('.', '->');
  return /^[A-Za-z_][\w>-]*$|^"/.test(place) && place !== 'NULL' ? place : '';
}

/** True for a target that no other thing of its file is called: a member of an object, or a long name. */
export function isDistinctiveTarget(target: string): boolean {
  return /->\w{2,}$/.test(target) || target.length >= distinctiveName;
}

/** Names shorter than this (`init`, `probe`) are in many files by chance. */
export const distinctiveName = 8;

/**
 * Pairs the calls of one API in one function: first those with the same arguments, in their order, then those for the
 * same target, then the rest by ordinal. So a call put in before others does not shift them.
 */
export function pairInOrder(before: readonly SnapshotSite[], after: readonly SnapshotSite[]): readonly (readonly [SnapshotSite, SnapshotSite])[] {
  const left = new Set(after);
  const pairs: [SnapshotSite, SnapshotSite][] = [];
  const pairIf = (ones: readonly SnapshotSite[], isAlike: (one: SiteFact, other: SiteFact) => boolean): readonly SnapshotSite[] =>
    ones.filter((one) => {
      const other = [...left].find((site) => isAlike(one.site.fact, site.site.fact));
      if (other === undefined) return true;
      left.delete(other);
      pairs.push([one, other]);
      return false;
    });
  const unlike = pairIf(pairIf(before, sameArguments), (one, other) => targetOf(one) !== '' && targetOf(one) === targetOf(other));
  pairIf(unlike, () => true);
  return pairs;
}
