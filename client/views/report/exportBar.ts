import { button, element } from '../dom';
import type { ExportFormat } from '../messages';

const formats: readonly (readonly [ExportFormat, string])[] = [
  ['csv', 'CSV'],
  ['json', 'JSON'],
  ['markdown', 'Markdown'],
  ['sarif', 'SARIF'],
  ['html', 'HTML'],
];

/** Saves the rows as shown, in one of the formats. */
export function createExportBar(save: (format: ExportFormat) => void): HTMLElement {
  const buttons = formats.map(([format, title]) => button(title, () => save(format), { class: 'link', 'aria-label': `Export the shown sites as ${title}` }));
  return element('span', { class: 'export' }, element('span', { class: 'muted', 'aria-hidden': 'true' }, 'Export '), ...buttons);
}
