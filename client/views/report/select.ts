import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import { element } from '../dom';

export type SelectElement = HTMLElementTagNameMap['vscode-single-select'];

export function select(label: string, onChange: (value: string) => void): SelectElement {
  const made = document.createElement('vscode-single-select');
  made.label = label;
  made.addEventListener('change', () => onChange(made.value));
  return made;
}

/** Options by value and text; nothing is touched where they are those already there, so that an open list stays open. */
export function fillSelect(target: SelectElement, options: readonly (readonly [string, string])[], value: string): void {
  const key = JSON.stringify(options);
  if (target.dataset['options'] !== key) {
    target.dataset['options'] = key;
    target.replaceChildren(...options.map(([id, text]) => option(id, text, id === value)));
  }
  choose(target, value);
}

/** Makes a value the chosen one; where it is already, the control would only be laid out anew. */
export function choose(target: SelectElement, value: string): void {
  if (target.value !== value) target.value = value;
}

function option(id: string, text: string, selected: boolean): HTMLElement {
  const made = document.createElement('vscode-option');
  made.value = id;
  made.textContent = text;
  made.selected = selected;
  return made;
}

/** A control with its label above it; the control names itself for a screen reader. */
export function field(label: string, ...controls: readonly HTMLElement[]): HTMLElement {
  return element('div', { class: 'field' }, element('span', { class: 'label', 'aria-hidden': 'true' }, label), element('span', { class: 'controls' }, ...controls));
}
