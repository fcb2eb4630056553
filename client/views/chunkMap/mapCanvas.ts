import type { WireChunk } from '../../../server/src/protocol/chunkMap';
import { element, perFrame } from '../dom';
import { fitted, whenSizeOrThemeChanges } from '../fittedCanvas';
import { t } from '../l10n';
import { themeColour } from '../lineStyle';
import type { MapState } from './mapState';

const rowHeight = 18;
const cellHeight = 14;
const margin = 2;

export interface MapCanvas {
  readonly node: HTMLElement;
  show(state: MapState): void;
}

/**
 * A row for each chunk, a cell for each page of its unit: outlined where memory backs it, filled from below by the share
 * that is allocated; what nothing backs is a dot. Arrow keys move a cursor over the pages.
 */
export function createMapCanvas(point: (chunk: string, page: number) => void): MapCanvas {
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  const node = element('div', { class: 'map', id: 'map', tabindex: '0', role: 'application', 'aria-label': t('Pages of the chunks: arrow keys move, the line below says what is there') }, canvas);
  let state: MapState | undefined;
  const draw = (): void => {
    if (state !== undefined) drawMap(canvas, node, state);
  };
  const pointAt = (row: number, page: number): void => {
    const chunk = state?.chunks[row];
    if (chunk !== undefined && page >= 0 && page < chunk.used.length) point(chunk.base, page);
  };
  canvas.addEventListener('mousemove', (event) => {
    if (state === undefined) return;
    pointAt(Math.floor(event.offsetY / rowHeight), Math.floor(event.offsetX / cellWidth(node, state.chunks)));
  });
  node.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    if (step === undefined || state === undefined) return;
    event.preventDefault();
    const row = Math.max(0, state.chunks.findIndex(({ base }) => base === state?.chunk));
    const nextRow = Math.min(state.chunks.length - 1, Math.max(0, row + step[0]));
    const pages = state.chunks[nextRow]?.used.length ?? 1;
    pointAt(nextRow, Math.min(pages - 1, Math.max(0, (state.page ?? -step[1]) + step[1])));
    scrollToRow(node, nextRow);
  });
  const redraw = perFrame(draw);
  whenSizeOrThemeChanges(node, redraw);
  return {
    node,
    show: (next) => {
      state = next;
      redraw();
    },
  };
}

/** Rows and pages that a key moves by. */
const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-10, 0],
  PageDown: [10, 0],
  Home: [0, -1e6],
  End: [0, 1e6],
};

function scrollToRow(node: HTMLElement, row: number): void {
  const top = row * rowHeight;
  if (top < node.scrollTop) node.scrollTop = top;
  else if (top + rowHeight > node.scrollTop + node.clientHeight) node.scrollTop = top + rowHeight - node.clientHeight;
}

function cellWidth(node: HTMLElement, chunks: readonly WireChunk[]): number {
  const pages = Math.max(1, ...chunks.map(({ used }) => used.length));
  return Math.min(18, Math.max(5, Math.floor((node.clientWidth - 4) / pages)));
}

function drawMap(canvas: HTMLCanvasElement, node: HTMLElement, state: MapState): void {
  const { chunks } = state;
  const cell = cellWidth(node, chunks);
  const width = cell * Math.max(1, ...chunks.map(({ used }) => used.length));
  const context = fitted(canvas, width, chunks.length * rowHeight);
  if (context === null) return;
  const colours = { used: themeColour('--vscode-charts-blue'), edge: themeColour('--vscode-descriptionForeground'), cursor: themeColour('--vscode-focusBorder') };
  chunks.forEach((chunk, row) => drawChunk(context, chunk, row, cell, state, colours));
}

interface Colours {
  readonly used: string;
  readonly edge: string;
  readonly cursor: string;
}

function drawChunk(context: CanvasRenderingContext2D, chunk: WireChunk, row: number, cell: number, state: MapState, colours: Colours): void {
  const top = row * rowHeight + margin;
  const pageSize = state.head?.page_size ?? 4096;
  const width = Math.max(2, cell - 1);
  chunk.used.forEach((used, page) => {
    const left = page * cell;
    if (chunk.populated[page] === '1') {
      const filled = used === 0 ? 0 : Math.max(2, Math.round((cellHeight * used) / pageSize));
      context.fillStyle = colours.used;
      context.fillRect(left, top + cellHeight - filled, width, filled);
      context.strokeStyle = colours.edge;
      context.lineWidth = 1;
      context.strokeRect(left + 0.5, top + 0.5, width - 1, cellHeight - 1);
    } else {
      context.fillStyle = colours.edge;
      context.fillRect(left + Math.floor(width / 2), top + cellHeight / 2, 1, 1);
    }
  });
  if (chunk.base !== state.chunk || state.page === null) return;
  context.strokeStyle = colours.cursor;
  context.lineWidth = 2;
  context.strokeRect(state.page * cell, top - 1, width + 1, cellHeight + 2);
}
