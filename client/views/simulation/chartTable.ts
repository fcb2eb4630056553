import type { PublishedPoint } from '../../../server/src/protocol/simulation';
import { element } from '../dom';
import { rate } from '../format';
import { type ChartContent, valueText } from './chartLines';
import { t } from '../l10n';

/** The figures of a chart, a row per CPU count; those that others published in a table of their own. */
export function chartTable(content: ChartContent): HTMLElement[] {
  const { lines, unit, title, published } = content;
  const counts = [...new Set(lines.flatMap(({ points }) => points.map(({ cpus }) => cpus)))].sort((a, b) => a - b);
  const rows = counts.map((count) => [String(count), ...lines.map(({ points }) => {
    const point = points.find(({ cpus }) => cpus === count);
    if (point === undefined) return t('not run');
    const value = valueText(point.value, unit);
    return point.low === point.high ? value : `${value} (${valueText(point.low, unit)} – ${valueText(point.high, unit)})`;
  })]);
  return [dataTable(title, ['CPUs', ...lines.map(({ name }) => name)], rows), ...(published.length === 0 ? [] : [publishedTable(published)])];
}

function publishedTable(published: readonly PublishedPoint[]): HTMLElement {
  const head = [t('CPUs'), t('by'), t('throughput'), t('strategies'), 'Linux', t('machine'), t('use here'), t('source'), t('note')];
  const rows = published.map((one) => [
    String(one.cpus), String(one.clients), rate(one.throughput_per_s), one.strategies.join('+') || 'baseline', one.kernel, one.machine, one.use, one.source, one.note,
  ]);
  return dataTable(t('Published throughputs'), head, rows, 3);
}

/** A table of text; the first cell of a row names it, `numeric` columns after it stand to the right. */
export function dataTable(caption: string, head: readonly string[], rows: readonly (readonly string[])[], numeric = head.length): HTMLElement {
  const side = (index: number): Record<string, string> => (index < numeric ? { class: 'numeric' } : {});
  const headCells = head.map((text, index) => element('th', { scope: 'col', ...side(index) }, text));
  const body = rows.map((row) => element('tr', {}, ...row.map((text, index) => (index === 0 ? element('th', { scope: 'row', ...side(index) }, text) : element('td', side(index), text)))));
  const table = element('table', { class: 'results' }, element('caption', {}, caption), element('thead', {}, element('tr', {}, ...headCells)), element('tbody', {}, ...body));
  return element('div', { class: 'table-area', tabindex: '0', role: 'region', 'aria-label': caption }, table);
}
