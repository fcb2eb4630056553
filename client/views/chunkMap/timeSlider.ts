import type { ChunkMapHead } from '../../../server/src/protocol/chunkMap';
import { element, svg } from '../dom';
import { count } from '../format';
import { t } from '../l10n';

export interface TimeSlider {
  readonly node: HTMLElement;
  show(head: ChunkMapHead, frame: number): void;
}

const width = 1000;
const height = 40;

/** Moments of the stream, with the `Percpu:` line of /proc/meminfo over them as a curve and as text. */
export function createTimeSlider(choose: (frame: number) => void): TimeSlider {
  const slider = element('input', { type: 'range', id: 'moment', min: '0', step: '1', 'aria-label': t('Moment') });
  const text = element('output', { id: 'moment-text', for: 'moment' });
  const line = svg('polyline', { class: 'memory-line', fill: 'none' });
  const mark = svg('line', { class: 'memory-mark', y1: '0', y2: String(height) });
  const curve = svg('svg', { class: 'memory', viewBox: `0 0 ${String(width)} ${String(height)}`, preserveAspectRatio: 'none', 'aria-hidden': 'true', focusable: 'false' }, line, mark);
  let drawn: ChunkMapHead | undefined;
  slider.addEventListener('input', () => choose(Number(slider.value)));
  return {
    node: element('div', { class: 'time' }, curve, slider, text),
    show: (head, frame) => {
      if (drawn !== head) line.setAttribute('points', points(head));
      drawn = head;
      const last = head.frames.length - 1;
      slider.max = String(Math.max(0, last));
      slider.value = String(frame);
      const at = String(last <= 0 ? 0 : (frame / last) * width);
      mark.setAttribute('x1', at);
      mark.setAttribute('x2', at);
      text.textContent = momentText(head, frame);
      slider.setAttribute('aria-valuetext', momentText(head, frame));
    },
  };
}

function points({ frames }: ChunkMapHead): string {
  const most = Math.max(1, ...frames.map(({ percpu_kb: kb }) => kb));
  const last = Math.max(1, frames.length - 1);
  return frames.map(({ percpu_kb: kb }, index) => `${((index / last) * width).toFixed(1)},${(height - 2 - (kb / most) * (height - 4)).toFixed(1)}`).join(' ');
}

function momentText({ frames }: ChunkMapHead, frame: number): string {
  const shown = frames[frame];
  if (shown === undefined) return '';
  const time = shown.timestamp === null ? '' : t(', timestamp {0}', String(shown.timestamp));
  return t('After {0} of {1} events{2} · Percpu: {3} kB', count(shown.events), count(frames.at(-1)?.events ?? 0), time, count(shown.percpu_kb));
}
