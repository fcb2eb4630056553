import type { DiffSite, SiteChange } from '../protocol/diff';

/** Changes that say the same of calls of one API: what it allocates inside is what changed. */
export interface AlikeChanges {
  readonly first: SiteChange;
  readonly count: number;
  /** Bytes of one execution of each; null where a size is unknown. */
  readonly difference: number | null;
}

/** So few are listed each. */
const mostSingle = 3;

/** Puts together calls of one API with one trigger whose size alone changed, all in the same way; each stands where the first does. */
export function alikeChanges(changes: readonly SiteChange[]): readonly AlikeChanges[] {
  const groups = new Map<string, SiteChange[]>();
  for (const [index, change] of changes.entries()) {
    const key = keyOf(change) ?? String(index);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].flatMap((alike) => (alike.length > mostSingle ? together(alike) : alike.flatMap((one) => together([one]))));
}

function together(alike: readonly SiteChange[]): readonly AlikeChanges[] {
  const [first] = alike;
  if (first === undefined) return [];
  const difference = alike.reduce<number | null>((sum, one) => (sum === null || one.footprint_difference === null ? null : sum + one.footprint_difference), 0);
  return [{ first, count: alike.length, difference }];
}

function keyOf({ aspects, before, after, note }: SiteChange): string | null {
  if (aspects.join() !== 'size' || note !== null || before === null || after === null || before.turns !== after.turns) return null;
  const side = ({ api, size, size_reason: reason, turns, frequency_class: trigger }: DiffSite): string => [api, size, reason, turns, trigger[0]].join('\0');
  return `${side(before)}\0${side(after)}`;
}
