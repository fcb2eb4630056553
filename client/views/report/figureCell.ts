import { element, setText } from '../dom';
import type { TimeScale } from './columns';
import type { FigureText } from './figureText';
import { createIntervalBar, type IntervalBar } from './intervalBar';

export interface FigureCell {
  readonly node: HTMLTableCellElement;
  /** Touches only what is not so already: a dragged slider shows new figures in every frame. */
  show(figure: FigureText, scale: TimeScale): void;
}

export function createFigureCell(): FigureCell {
  const text = element('span');
  const holder = element('span', { class: 'figure' }, text);
  const node = element('td', { class: 'numeric' }, holder);
  let bar: IntervalBar | undefined;
  let shown: FigureText | undefined;
  return {
    node,
    show: (figure, scale) => {
      if (figure.interval !== null) {
        if (bar === undefined) holder.prepend((bar = createIntervalBar()).node);
        bar.show(figure.interval, scale);
      }
      if (bar !== undefined && (figure.interval === null) !== (shown?.interval === null)) bar.node.classList.toggle('absent', figure.interval === null);
      setText(text, figure.text);
      if (figure.title !== shown?.title) {
        if (figure.title === '') text.removeAttribute('title');
        else text.title = figure.title;
      }
      if (figure.look !== shown?.look) text.className = figure.look;
      shown = figure;
    },
  };
}
