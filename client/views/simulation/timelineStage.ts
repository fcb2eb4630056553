import type { Timeline, TimelineSpan } from '../../../server/src/protocol/simulation';
import { spanAt } from '../../../server/src/protocol/timelineReading';
import { element, perFrame } from '../dom';
import { fitted, whenSizeOrThemeChanges, whenThemeChanges } from '../fittedCanvas';
import { lineColour } from '../lineStyle';
import { drawingHeight, drawTimeline, labelWidth, laneHeight, microseconds } from './timelineDrawing';
import { moved, panned, type TimelineView, wholeView, zoomed } from './timelineMoves';
import { t } from '../l10n';

/** The lanes as drawn, with a cursor that says what a CPU does at a time. */
export interface TimelineStage {
  readonly node: HTMLElement;
  show(timeline: Timeline | null): void;
  canvas(): HTMLCanvasElement | null;
}

const leastWidth = 320;

export function createTimelineStage(): TimelineStage {
  let timeline: Timeline | null = null;
  let view: TimelineView = { from: 0, to: 1, lane: 0, time: 0 };
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  const area = element('div', { class: 'timeline', tabindex: '0', role: 'application', 'aria-roledescription': t('timeline'), 'aria-label': t('Timeline: arrow keys move the cursor, plus and minus zoom, page keys move the view, 0 shows all') }, canvas);
  const readout = element('p', { class: 'readout', 'aria-live': 'polite', id: 'timeline-readout' });
  const keys = element('ul', { class: 'legend', 'aria-label': t('Locks of the timeline') });
  const width = (): number => Math.max(leastWidth, area.clientWidth);

  const draw = perFrame(() => {
    if (timeline === null) return;
    const context = fitted(canvas, width(), drawingHeight(timeline.lanes.length));
    if (context === null) return;
    drawTimeline(context, timeline, view, width());
    readout.textContent = readoutOf(timeline, view);
  });
  listen(area, (change) => {
    const next = timeline === null ? null : change(timeline, view, width());
    if (next === null) return false;
    view = next;
    draw();
    return true;
  });
  whenSizeOrThemeChanges(area, draw);
  whenThemeChanges(() => {
    if (timeline !== null) keys.replaceChildren(...lockKeys(timeline));
  });
  return {
    node: element('div', {}, area, readout, keys),
    show: (next) => {
      timeline = next;
      if (next === null) return;
      view = wholeView(next);
      keys.replaceChildren(...lockKeys(next));
      draw();
    },
    canvas: () => (timeline === null ? null : canvas),
  };
}

type Change = (timeline: Timeline, view: TimelineView, width: number) => TimelineView | null;

/** Keys, the wheel with Ctrl, and the mouse; `apply` says whether the change was one. */
function listen(area: HTMLElement, apply: (change: Change) => boolean): void {
  const share = (event: MouseEvent, width: number): number => (event.clientX - area.getBoundingClientRect().left - labelWidth) / (width - labelWidth);
  area.addEventListener('keydown', (event) => {
    if (apply((timeline, view) => moved(timeline, view, event.key))) event.preventDefault();
  });
  area.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    apply((timeline, view, width) => zoomed(timeline, { ...view, time: view.from + share(event, width) * (view.to - view.from) }, event.deltaY < 0 ? 0.8 : 1.25));
  }, { passive: false });
  area.addEventListener('mousemove', (event) => {
    apply((timeline, view, width) => {
      const length = view.to - view.from;
      if (event.buttons === 1) return panned(timeline, view, (-event.movementX / (width - labelWidth)) * length);
      const lane = Math.floor((event.clientY - area.getBoundingClientRect().top) / laneHeight(timeline.lanes.length));
      if (lane < 0 || lane >= timeline.lanes.length) return null;
      return { ...view, lane, time: Math.min(view.to, Math.max(view.from, view.from + share(event, width) * length)) };
    });
  });
}

function lockKeys({ locks }: Timeline): HTMLElement[] {
  return locks.map((name, lock) => {
    const sample = element('canvas', { class: 'swatch', width: '14', height: '10', 'aria-hidden': 'true' });
    const context = sample.getContext('2d');
    if (context !== null) {
      context.fillStyle = lineColour(lock);
      context.fillRect(0, 0, 14, 10);
    }
    return element('li', {}, sample, ` ${name}`);
  });
}

const words: Readonly<Record<TimelineSpan['activity'], string>> = {
  user: t('outside the kernel'), kernel: t('in the kernel without a lock'), waiting: t('waits for'), holding: t('holds'), sleeping: t('asleep'),
};

function readoutOf(timeline: Timeline, { lane, time }: TimelineView): string {
  const span = spanAt(timeline.lanes[lane] ?? [], time);
  const place = `CPU ${String(lane)} at ${microseconds(time - timeline.from_ns)}`;
  if (span === null) return t('{0}: nothing recorded', place);
  const lock = span.lock >= 0 ? ` ${timeline.locks[span.lock] ?? ''}` : '';
  const under = span.under.length === 0 ? '' : `, holding ${span.under.map((held) => timeline.locks[held] ?? '').join(' and ')}`;
  return `${place}: ${words[span.activity]}${lock}${under}, for ${time >= span.from_ns ? microseconds(span.to_ns - span.from_ns) : ''}`;
}

