import type { WireInterval } from '../../../server/src/protocol/report';
import { svg } from '../dom';

const width = 40;
const height = 10;

/** A bar from low to high on a logarithmic axis of `scale`, a tick at mid; the text beside it says the same. */
export function intervalBar(interval: WireInterval, scale: { readonly low: number; readonly high: number }): SVGElement {
  const at = (value: number): number => {
    const low = Math.log(Math.max(scale.low, 1e-9));
    const span = Math.max(Math.log(Math.max(scale.high, 1e-9)) - low, 1e-9);
    return Math.min(width, Math.max(0, ((Math.log(Math.max(value, 1e-9)) - low) / span) * width));
  };
  const left = at(interval.low);
  const bar = svg('rect', { class: 'interval-range', x: String(left), y: '3', width: String(Math.max(2, at(interval.high) - left)), height: '4' });
  const tick = svg('rect', { class: 'interval-mid', x: String(Math.min(width - 2, at(interval.mid))), y: '0', width: '2', height: String(height) });
  return svg('svg', { class: 'interval', width: String(width), height: String(height), 'aria-hidden': 'true', focusable: 'false' }, bar, tick);
}
