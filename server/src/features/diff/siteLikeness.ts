import type { SiteFact } from '../../facts/fileFacts';
import type { SnapshotSite } from '../../workspace/snapshot';

/** What a site is called whatever its line: its function and API; of a static definition or declaration the variable. */
export function identityKey({ site: { fact } }: SnapshotSite): string {
  const variable = definedVariable(fact);
  return variable === null ? `${fact.function ?? ''}#${fact.api}` : `${fact.kind}#${variable}`;
}

/** The variable of `DEFINE_PER_CPU(int, name[4])`; null for calls. */
export function definedVariable({ family, api, arguments: given, function: enclosing, inMacro }: SiteFact): string | null {
  if (family !== 'static' || inMacro) return null;
  const name = (api.includes('RWSEM') || api === 'DECLARE_INIT_PER_CPU' ? given[0] : given[1]) ?? given[0];
  return `${enclosing ?? ''} ${(name ?? '').replace(/\s*\[.*$/s, '')}`;
}

export function sameArguments(a: Pick<SiteFact, 'arguments'>, b: Pick<SiteFact, 'arguments'>): boolean {
  return a.arguments.length === b.arguments.length && a.arguments.every((text, index) => text === b.arguments[index]);
}

/** `si->percpu_cluster` and `p->percpu_cluster` are one member: only the variable on the way to it has another name. */
export function targetMember({ assignedTo }: Pick<SiteFact, 'assignedTo'>): string {
  return (assignedTo ?? '').replace(/^.*(?:->|\.)/s, '');
}

/**
 * Pairs the calls of one API in one function: first those with the same arguments, in their order, then the rest by
 * ordinal. So a call put in before others does not shift them.
 */
export function pairInOrder(before: readonly SnapshotSite[], after: readonly SnapshotSite[]): readonly (readonly [SnapshotSite, SnapshotSite])[] {
  const left = new Set(after);
  const pairs: [SnapshotSite, SnapshotSite][] = [];
  const unlike: SnapshotSite[] = [];
  for (const one of before) {
    const other = [...left].find((site) => sameArguments(one.site.fact, site.site.fact));
    if (other === undefined) unlike.push(one);
    else {
      left.delete(other);
      pairs.push([one, other]);
    }
  }
  const rest = [...left];
  unlike.forEach((one, index) => {
    const other = rest[index];
    if (other !== undefined) pairs.push([one, other]);
  });
  return pairs;
}
