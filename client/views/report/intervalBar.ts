import type { WireInterval } from '../../../server/src/protocol/report';
import { svg } from '../dom';
import type { TimeScale } from './columns';

const width = 40;
const height = 10;

export interface IntervalBar {
  readonly node: SVGElement;
  show(interval: WireInterval, scale: TimeScale): void;
}

/** A bar from low to high on a logarithmic axis, a tick at mid; the text beside it says the same. */
export function createIntervalBar(): IntervalBar {
  const range = svg('rect', { class: 'interval-range', y: '3', height: '4' });
  const tick = svg('rect', { class: 'interval-mid', y: '0', width: '2', height: String(height) });
  const node = svg('svg', { class: 'interval', width: String(width), height: String(height), 'aria-hidden': 'true', focusable: 'false' }, range, tick);
  return {
    node,
    show: ({ low, mid, high }, scale) => {
      const [left, right] = [at(low, scale), at(high, scale)];
      place(range, 'x', left);
      place(range, 'width', Math.max(2, right - left));
      place(tick, 'x', Math.min(width - 2, at(mid, scale)));
    },
  };
}

function at(value: number, scale: TimeScale): number {
  const low = Math.log(Math.max(scale.low, 1e-9));
  const span = Math.max(Math.log(Math.max(scale.high, 1e-9)) - low, 1e-9);
  return Math.min(width, Math.max(0, ((Math.log(Math.max(value, 1e-9)) - low) / span) * width));
}

/** Tenths of a pixel are as fine as anyone sees. */
function place(node: SVGElement, name: 'x' | 'width', pixels: number): void {
  const text = pixels.toFixed(1);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}
