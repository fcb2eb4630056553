import { button, element } from '../dom';
import { t } from '../l10n';
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
  const buttons = formats.map(([format, title]) => button(title, () => save(format), { class: 'link', 'aria-label': t('Export the shown sites as {0}', title) }));
  return element('span', { class: 'export' }, element('span', { class: 'muted', 'aria-hidden': 'true' }, t('Export ')), ...buttons);
}
