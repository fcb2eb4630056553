import { button, element } from '../dom';
import { t } from '../l10n';

export interface ChartFrame {
  readonly node: HTMLElement;
  /** Shows the chart, or its figures as a table where the person asked for that. */
  show(): void;
}

/** A chart with its title and a switch to the same figures as a table. */
export function createChartFrame(title: string, id: string, chart: HTMLElement, table: () => HTMLElement): ChartFrame {
  const holder = element('div', { class: 'chart-table', tabindex: '0', role: 'group', 'aria-label': title });
  const asTable = button(t('as table'), () => {
    asTable.setAttribute('aria-pressed', String(asTable.getAttribute('aria-pressed') !== 'true'));
    show();
  }, { class: 'toggle', 'aria-pressed': 'false', id: `${id}-table`, 'aria-label': t('{0} as table', title) });
  const show = (): void => {
    const tabular = asTable.getAttribute('aria-pressed') === 'true';
    chart.hidden = tabular;
    holder.hidden = !tabular;
    holder.replaceChildren(...(tabular ? [table()] : []));
  };
  const node = element('section', { class: 'chart-frame', id, 'aria-label': title }, element('div', { class: 'chart-head' }, element('h2', {}, title), asTable), chart, holder);
  return { node, show };
}

/** A small table: headings, then rows whose first cell is a heading. */
export function figureTable(label: string, headings: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  const head = element('tr', {}, ...headings.map((text, index) => element('th', { scope: 'col', class: index === 0 ? '' : 'numeric' }, text)));
  const body = rows.map(([first = '', ...cells]) => element('tr', {}, element('th', { scope: 'row' }, first), ...cells.map((text) => element('td', { class: 'numeric' }, text))));
  return element('table', { class: 'figures', 'aria-label': label }, element('thead', {}, head), element('tbody', {}, ...body));
}
