import type { AssumptionShown } from '../../../server/src/protocol/simulation';
import { element } from '../dom';
import { count, duration } from '../format';

/** The scenario's assumptions, each with its interval, its source and a field for a value of one's own. */
export function assumptionTable(all: readonly AssumptionShown[], changed: Readonly<Record<string, number>>, change: (id: string, value: number | undefined) => void): HTMLElement {
  const head = element('tr', {}, ...['assumption', 'low – high', 'taken', 'source'].map((text) => element('th', { scope: 'col' }, text)));
  const rows = all.map((assumption) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, assumption.label),
      element('td', { class: 'numeric' }, `${amount(assumption.low, assumption.unit)} – ${amount(assumption.high, assumption.unit)}`),
      element('td', {}, field(assumption, changed[assumption.id], change), assumption.unit === 'ns' ? ' ns' : ''),
      element('td', { class: 'muted' }, assumption.source),
    ),
  );
  return element('table', { class: 'results', 'aria-label': 'Assumptions' }, element('thead', {}, head), element('tbody', {}, ...rows));
}

function field(assumption: AssumptionShown, own: number | undefined, change: (id: string, value: number | undefined) => void): HTMLElement {
  const input = element('input', { type: 'number', min: '0', step: 'any', 'aria-label': assumption.label, 'data-assumption': assumption.id });
  input.value = String(own ?? assumption.changed ?? assumption.mid);
  input.addEventListener('change', () => {
    const value = Number(input.value);
    const valid = input.value.trim() !== '' && Number.isFinite(value) && value >= 0;
    change(assumption.id, valid ? value : undefined);
  });
  return input;
}

function amount(value: number, unit: AssumptionShown['unit']): string {
  return unit === 'ns' ? duration({ low: value, mid: value, high: value }) : count(value);
}
