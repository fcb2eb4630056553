import { element, svg } from '../dom';
import { t } from '../l10n';
import { lineDash, lineVariable } from '../lineStyle';
import type { ChartContent } from './chartLines';

/** Which line is which, by colour and dash. */
export function drawLegend({ lines, published }: ChartContent): HTMLElement {
  const items = lines.map(({ title }, index) => {
    const line = svg('line', { x1: '0', y1: '5', x2: '28', y2: '5', 'stroke-width': '2', 'stroke-dasharray': lineDash(index).join(' ') });
    line.style.stroke = lineVariable(index);
    return element('li', {}, svg('svg', { width: '28', height: '10', 'aria-hidden': 'true', focusable: 'false' }, line), ` ${title}`);
  });
  return element('ul', { class: 'legend', 'aria-label': t('Lines of the chart') }, ...items, ...(published.length === 0 ? [] : [element('li', {}, publishedMark(), t(' published, each on its own machine and kernel (in the table)'))]));
}

function publishedMark(): SVGElement {
  const shape = svg('path', { d: 'M14 0 L19 5 L14 10 L9 5 Z', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.5' });
  return svg('svg', { width: '28', height: '10', 'aria-hidden': 'true', focusable: 'false' }, shape);
}
