import { element } from '../dom';
import { createChart } from './chart';
import type { ChartContent } from './chartLines';
import { chartTable } from './chartTable';
import { drawLegend } from './legend';
import { t } from '../l10n';

/** A chart under its heading, with its legend and its table. */
export interface ChartSection {
  readonly node: HTMLElement;
  show(content: ChartContent, top: number): void;
  canvas(): HTMLCanvasElement | null;
  title(): string;
}

/** `control` chooses what the chart shows. */
export function createChartSection(id: string, control?: HTMLElement): ChartSection {
  const heading = element('h2', {});
  const chart = createChart();
  const legend = element('div');
  const table = element('div');
  const details = element('details', { 'data-table': id }, element('summary', {}, t('As table')), table);
  return {
    node: element('section', { class: 'chart-section', 'data-chart': id }, element('div', { class: 'chart-head' }, heading, ...(control === undefined ? [] : [control])), chart.node, legend, details),
    show: (content, top) => {
      heading.textContent = content.title;
      chart.show(content, top);
      legend.replaceChildren(drawLegend(content));
      table.replaceChildren(...chartTable(content));
    },
    canvas: () => chart.canvas(),
    title: () => heading.textContent,
  };
}
