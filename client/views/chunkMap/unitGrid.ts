import type { WireArea, WireChunk } from '../../../server/src/protocol/chunkMap';
import { element, perFrame } from '../dom';
import { fitted, whenSizeOrThemeChanges } from '../fittedCanvas';
import { bytes, count } from '../format';
import { t } from '../l10n';
import { themeColour } from '../lineStyle';
import { largestHole, type MapState } from './mapState';

const rowHeight = 7;
/** Units are alike: more rows say no more. */
const mostUnits = 24;

export interface UnitGrid {
  readonly node: HTMLElement;
  show(state: MapState): void;
}

/** The chosen chunk unit by unit, to scale: its areas, what nothing backs, and a line under its largest hole. */
export function createUnitGrid(): UnitGrid {
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  const caption = element('p', { class: 'muted', id: 'units-text' });
  const area = element('div', { class: 'units-area' }, canvas);
  const node = element('section', { 'aria-label': t('Units of the chosen chunk') }, caption, area);
  let state: MapState | undefined;
  const draw = (): void => {
    const chunk = state?.chunks.find(({ base }) => base === state?.chunk);
    node.hidden = chunk === undefined || state?.areas == null;
    if (chunk === undefined || state?.areas == null || state.head === null) return;
    const { areas, head } = state;
    caption.textContent = captionOf(chunk, areas, head.units, head.page_size);
    drawUnits(canvas, area.clientWidth, chunk, areas, Math.min(head.units, mostUnits), head.page_size);
  };
  const redraw = perFrame(draw);
  whenSizeOrThemeChanges(area, redraw);
  return {
    node,
    show: (next) => {
      state = next;
      redraw();
    },
  };
}

function captionOf(chunk: WireChunk, areas: readonly WireArea[], units: number, pageSize: number): string {
  const hole = largestHole(areas, chunk.used.length * pageSize);
  const shown = units > mostUnits ? t('the first {0} of {1} units, which are alike', count(mostUnits), count(units)) : t('{0} units × {1} pages', count(units), count(chunk.used.length));
  const largest = hole === null ? t('no hole') : t('largest hole {0} at offset {1}, underlined', bytes(hole.size), `0x${hole.offset.toString(16)}`);
  return t('Chunk {0}: {1}; {2}.', chunk.base, shown, largest);
}

function drawUnits(canvas: HTMLCanvasElement, width: number, chunk: WireChunk, areas: readonly WireArea[], units: number, pageSize: number): void {
  const context = fitted(canvas, width, units * rowHeight + 4);
  if (context === null) return;
  const scale = width / (chunk.used.length * pageSize);
  const [used, edge, mark] = [themeColour('--vscode-charts-blue'), themeColour('--vscode-descriptionForeground'), themeColour('--vscode-foreground')];
  for (let unit = 0; unit < units; unit += 1) drawUnit(context, unit * rowHeight, chunk, areas, pageSize * scale, scale, used, edge);
  const hole = largestHole(areas, chunk.used.length * pageSize);
  if (hole === null) return;
  context.fillStyle = mark;
  context.fillRect(hole.offset * scale, units * rowHeight + 1, Math.max(2, hole.size * scale), 2);
}

function drawUnit(context: CanvasRenderingContext2D, top: number, chunk: WireChunk, areas: readonly WireArea[], page: number, scale: number, used: string, edge: string): void {
  context.fillStyle = edge;
  chunk.used.forEach((_, index) => {
    if (chunk.populated[index] === '1') context.fillRect(index * page, top + rowHeight - 2, Math.max(1, page - 1), 1);
  });
  context.fillStyle = used;
  for (const { offset, size } of areas) context.fillRect(offset * scale, top, Math.max(0.5, size * scale), rowHeight - 2);
}
