import { element, svg } from '../dom';
import { byStrategy, titleOf, type RunState } from './runState';
import { lineColour, lineDash } from './lineStyle';

/** The id that table and sentences use, and what it means. */
function lineName(state: RunState, strategy: string): string {
  const title = titleOf(state.plan, strategy);
  return title === strategy ? strategy : `${strategy}: ${title}`;
}

/** Which line is which, by colour and dash. */
export function drawLegend(state: RunState): HTMLElement {
  const items = [...byStrategy(state).keys()].map((strategy, index) => {
    const line = svg('line', { x1: '0', y1: '5', x2: '28', y2: '5', stroke: lineColour(index), 'stroke-width': '2', 'stroke-dasharray': lineDash(index).join(' ') });
    return element('li', {}, svg('svg', { width: '28', height: '10', 'aria-hidden': 'true', focusable: 'false' }, line), ` ${lineName(state, strategy)}`);
  });
  return element('ul', { class: 'legend', 'aria-label': 'Lines of the chart' }, ...items);
}
