import { element } from '../dom';

export interface Choice {
  readonly node: HTMLElement;
  value(): string;
  /** Keeps what was chosen where it is still among the options. */
  offer(options: readonly (readonly [value: string, text: string])[], chosen?: string): void;
}

/** A labelled drop-down list. */
export function createChoice(label: string, id: string, onChange: (value: string) => void): Choice {
  const select = element('select', { id });
  select.addEventListener('change', () => onChange(select.value));
  return {
    node: element('label', { class: 'choice' }, `${label} `, select),
    value: () => select.value,
    offer: (options, chosen) => {
      const wanted = chosen ?? select.value;
      const same = select.options.length === options.length && options.every(([value, text], index) => select.options[index]?.value === value && select.options[index].text === text);
      if (!same) select.replaceChildren(...options.map(([value, text]) => element('option', { value }, text)));
      if (options.some(([value]) => value === wanted)) select.value = wanted;
    },
  };
}
