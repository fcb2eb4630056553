import type { Timeline } from '../../../server/src/protocol/simulation';
import { type Run, runsOf } from '../../../server/src/protocol/timelineReading';
import { lineColour, themeColour } from '../lineStyle';
import type { TimelineView } from './timelineMoves';

export const labelWidth = 64;
const axisHeight = 22;

export function laneHeight(lanes: number): number {
  return Math.max(3, Math.min(16, Math.floor(640 / Math.max(1, lanes))));
}

export function drawingHeight(lanes: number): number {
  return lanes * laneHeight(lanes) + axisHeight;
}

/** Draws onto a canvas of `width` × `drawingHeight` CSS pixels. */
export function drawTimeline(context: CanvasRenderingContext2D, timeline: Timeline, view: TimelineView, width: number): void {
  const { lanes } = timeline;
  const lane = laneHeight(lanes.length);
  const columns = Math.max(1, Math.floor(width - labelWidth));
  context.clearRect(0, 0, width, drawingHeight(lanes.length));
  context.font = '10px sans-serif';
  context.textBaseline = 'top';
  const every = Math.max(1, Math.ceil(14 / lane));
  lanes.forEach((spans, index) => {
    const y = index * lane;
    if (index % every === 0) drawText(context, `CPU ${String(index)}`, 0, y);
    for (const run of runsOf(spans, view.from, view.to, columns)) drawRun(context, run, y, lane);
  });
  drawAxis(context, view, timeline, columns);
  drawCursor(context, view, lane, columns, lanes.length);
}

function drawText(context: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  context.fillStyle = themeColour('--vscode-foreground');
  context.fillText(text, x, y);
}

function drawRun(context: CanvasRenderingContext2D, { from, to, activity, lock, under }: Run, y: number, lane: number): void {
  const full = Math.max(2, lane - 1);
  const [x, width] = [labelWidth + from, to - from];
  context.globalAlpha = activity === 'waiting' ? 0.6 : activity === 'user' ? 0.5 : 1;
  context.fillStyle = lock >= 0 ? lineColour(lock) : themeColour('--vscode-descriptionForeground');
  if (activity === 'holding') context.fillRect(x, y, width, full);
  else if (activity === 'waiting') context.fillRect(x, y + full / 4, width, full / 2);
  else if (activity !== 'sleeping') context.fillRect(x, y + full * 0.4, width, Math.max(1, full / 5));
  context.globalAlpha = 1;
  if (under < 0) return;
  const line = Math.max(1, lane / 5);
  context.fillStyle = lineColour(under);
  context.fillRect(x, y + lane - line, width, line);
}

function drawAxis(context: CanvasRenderingContext2D, { from, to }: TimelineView, timeline: Timeline, columns: number): void {
  const y = timeline.lanes.length * laneHeight(timeline.lanes.length) + 6;
  context.textAlign = 'center';
  for (const share of [0, 0.25, 0.5, 0.75]) drawText(context, microseconds(from + share * (to - from) - timeline.from_ns), labelWidth + share * columns + (share === 0 ? 18 : 0), y);
  context.textAlign = 'right';
  drawText(context, microseconds(to - timeline.from_ns), labelWidth + columns, y);
  context.textAlign = 'left';
}

export function microseconds(ns: number): string {
  return `${(ns / 1000).toFixed(ns < 10_000 ? 2 : 1)} µs`;
}

function drawCursor(context: CanvasRenderingContext2D, { from, to, lane, time }: TimelineView, height: number, columns: number, lanes: number): void {
  if (time < from || time > to) return;
  const x = labelWidth + ((time - from) / (to - from)) * columns;
  context.strokeStyle = themeColour('--vscode-foreground');
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, lanes * height);
  context.stroke();
  context.strokeRect(labelWidth - 1, lane * height - 0.5, columns + 1, height);
}
