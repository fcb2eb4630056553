import { button, element } from '../dom';
import { count, trigger } from '../format';
import { t } from '../l10n';
import { classOrder, classRank } from './siteOrder';

export interface Chips {
  readonly node: HTMLElement;
  show(counts: ReadonlyMap<string, number>, chosen: readonly string[]): void;
}

/** A toggle per frequency class with its count; none pressed shows all. */
export function createChips(toggle: (frequencyClass: string) => void): Chips {
  const node = element('div', { class: 'chips', role: 'group', 'aria-label': t('Triggers shown') });
  let shown = '';
  return {
    node,
    show: (counts, chosen) => {
      const key = JSON.stringify([[...counts], chosen]);
      if (key === shown) return;
      shown = key;
      const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['class'] : undefined;
      const names = [...new Set([...classOrder, ...counts.keys()])]
        .filter((name) => (counts.get(name) ?? 0) > 0 || chosen.includes(name))
        .sort((a, b) => classRank(a) - classRank(b));
      node.replaceChildren(...names.map((name) => chip(name, counts.get(name) ?? 0, chosen.includes(name), toggle)));
      if (focused !== undefined) node.querySelector<HTMLElement>(`[data-class="${CSS.escape(focused)}"]`)?.focus();
    },
  };
}

function chip(name: string, sites: number, pressed: boolean, toggle: (frequencyClass: string) => void): HTMLElement {
  const made = button(trigger(name), () => toggle(name), { class: 'chip', 'aria-pressed': String(pressed), 'data-class': name });
  made.append(' ', element('span', { class: 'chip-count' }, count(sites)));
  return made;
}
