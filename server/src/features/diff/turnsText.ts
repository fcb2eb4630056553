import type { SiteChange } from '../../protocol/diff';

/** That the bytes and times of a change are of several turns of a loop: `8 turns of a loop`, `8 turns of a loop → 1 call`; else empty. */
export function turnsText({ before, after }: Pick<SiteChange, 'before' | 'after'>): string {
  const texts = [before, after].flatMap((site) => (site === null ? [] : [site.turns === null || site.turns === 1 ? '1 call' : `${site.turns} turns of a loop`]));
  const [first = '', last = first] = texts;
  if (texts.every((text) => text === '1 call')) return '';
  return first === last ? first : `${first} → ${last}`;
}
