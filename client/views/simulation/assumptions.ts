import type { AssumptionShown } from '../../../server/src/protocol/simulation';
import { element } from '../dom';
import { count, duration } from '../format';
import { t } from '../l10n';

/** The assumptions, each with its interval, its source and, where it can be set, a field for a value of one's own. */
export function assumptionTable(all: readonly AssumptionShown[], changed: Readonly<Record<string, number>>, change: (id: string, value: number | undefined) => void): HTMLElement {
  const head = element('tr', {}, ...[t('assumption'), t('low – high'), t('taken'), t('source')].map((text) => element('th', { scope: 'col' }, text)));
  const rows = all.map((assumption) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, assumption.label),
      element('td', { class: 'numeric' }, `${amount(assumption.low, assumption.unit)} – ${amount(assumption.high, assumption.unit)}`),
      element('td', {}, ...taken(assumption, changed[assumption.id], change)),
      element('td', { class: 'muted wrapping' }, assumption.source),
    ),
  );
  const table = element('table', { class: 'results' }, element('caption', {}, t('Assumptions')), element('thead', {}, head), element('tbody', {}, ...rows));
  return element('div', { class: 'table-area', tabindex: '0', role: 'region', 'aria-label': t('Assumptions') }, table);
}

function taken(assumption: AssumptionShown, own: number | undefined, change: (id: string, value: number | undefined) => void): (Node | string)[] {
  const unit = assumption.unit === 'ns' ? ' ns' : '';
  if (!assumption.editable) return [`${count(assumption.mid)}${unit}`];
  const problem = element('span', { class: 'problem', role: 'alert', id: `problem-${assumption.id}` });
  const input = element('input', { type: 'text', inputmode: 'decimal', 'aria-label': assumption.label, 'aria-describedby': problem.id, 'data-assumption': assumption.id });
  input.value = String(own ?? assumption.changed ?? assumption.mid);
  input.addEventListener('change', () => {
    const value = Number(input.value);
    const valid = input.value.trim() !== '' && Number.isFinite(value) && value >= 0;
    problem.textContent = valid ? '' : t('a number of 0 or more');
    input.setAttribute('aria-invalid', String(!valid));
    if (valid) change(assumption.id, value === (assumption.changed ?? assumption.mid) ? undefined : value);
  });
  return [input, unit, problem];
}

function amount(value: number, unit: AssumptionShown['unit']): string {
  return unit === 'ns' ? duration({ low: value, mid: value, high: value }) : count(value);
}
