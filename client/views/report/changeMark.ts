import type { ChangedAspect, SiteChange } from '../../../server/src/protocol/diff';
import { element } from '../dom';
import { t } from '../l10n';

/** Signs that are told apart without their colour; those of the gutter. */
const signs = { added: '+', changed: '◆', removed: '−' } as const;

export const changeWords = (): Readonly<Record<SiteChange['change'], string>> => ({ added: t('added'), changed: t('changed'), removed: t('removed') });

const aspectWords = (): Readonly<Record<ChangedAspect, string>> => ({
  size: t('size'), count: t('elements'), gfp: t('flags'), class: t('trigger'), lock: t('locks'), api: t('call'),
});

/** `+ added`, `◆ size, trigger`: in a cell of the table, and over the details. */
export function changeMark({ change, aspects, note }: SiteChange): HTMLElement {
  const what = aspects.length === 0 ? changeWords()[change] : aspects.map((aspect) => aspectWords()[aspect]).join(', ');
  const title = [changeWords()[change], what, note].filter((text, at, all) => text !== null && all.indexOf(text) === at).join(': ');
  return element('span', { class: `change-mark ${change}`, title }, element('span', { class: 'change-sign', 'aria-hidden': 'true' }, signs[change]), ` ${what}`);
}
