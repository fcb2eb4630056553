import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { element } from '../dom';
import { whenThemeChanges } from '../fittedCanvas';
import { t } from '../l10n';
import { bandColour, gridColour, lineColour, lineDash, themeColour } from '../lineStyle';
import { type ChartContent, drawnOf, topOf, valueText } from './chartLines';

const height = 280;
const leastWidth = 280;
/** Steps of a byte axis. */
const powersOfTwo = Array.from({ length: 50 }, (_, power) => 2 ** power);
/** Bands of more lines cover each other; the table holds them all. */
const mostBands = 4;
// The library declares its distributions as a const enum, which has no value at run time.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const logarithmic: uPlot.Scale.Distr = 3;

export interface Chart {
  readonly node: HTMLElement;
  /** `top`: the end of the value axis, where two charts have the same. */
  show(content: ChartContent, top: number): void;
  /** What is drawn, for a picture; null where nothing is. */
  canvas(): HTMLCanvasElement | null;
}

/** Lines over CPUs with bands from low to high; colours and dashes tell lines apart, arrow keys read values off. */
export function createChart(): Chart {
  const area = element('div', { class: 'chart', role: 'group', tabindex: '0', 'aria-roledescription': t('chart') });
  const readout = element('p', { class: 'readout muted', 'aria-live': 'polite' });
  let shown: { readonly content: ChartContent; readonly top: number } | undefined;
  let plot: uPlot | undefined;
  const read = (index: number | null | undefined): void => {
    readout.textContent = shown === undefined || index === null || index === undefined ? '' : readoutOf(shown.content, index);
  };
  const draw = (): void => {
    plot?.destroy();
    plot = undefined;
    if (shown === undefined || shown.content.lines.length === 0) return;
    plot = new uPlot(options(shown.content, shown.top, widthOf(area), read), dataOf(shown.content), area);
  };
  area.addEventListener('keydown', (event) => {
    if (plot !== undefined && moveCursor(plot, event.key)) event.preventDefault();
  });
  new ResizeObserver(() => plot?.setSize({ width: widthOf(area), height })).observe(area);
  whenThemeChanges(draw);
  return {
    node: element('div', {}, area, readout),
    show: (content, top) => {
      shown = { content, top };
      area.setAttribute('aria-label', t('{0} over CPUs, {1} lines; left and right read values off, the table holds all', content.title, content.lines.length));
      readout.textContent = '';
      draw();
    },
    canvas: () => area.querySelector('canvas'),
  };
}

function widthOf(area: HTMLElement): number {
  return Math.max(leastWidth, area.clientWidth);
}

function countsOf({ lines }: ChartContent): number[] {
  return [...new Set(lines.flatMap(({ points }) => points.map(({ cpus }) => cpus)))].sort((a, b) => a - b);
}

/** Columns: CPUs, then value, low and high of each line; null where a point is not there. */
function dataOf(content: ChartContent): uPlot.AlignedData {
  const counts = countsOf(content);
  const columns = content.lines.flatMap(({ points }) => {
    const at = new Map(points.map((point) => [point.cpus, point]));
    return (['value', 'low', 'high'] as const).map((bound) => counts.map((count) => at.get(count)?.[bound] ?? null));
  });
  return [counts, ...columns];
}

function readoutOf(content: ChartContent, index: number): string {
  const cpus = countsOf(content)[index];
  if (cpus === undefined) return '';
  const values = content.lines.flatMap(({ name, points }) => {
    const point = points.find((one) => one.cpus === cpus);
    return point === undefined ? [] : [`${name} ${valueText(point.value, content.unit)}`];
  });
  return `${String(cpus)} CPUs: ${values.join(' · ')}`;
}

/** Left and right go to the next count that was run, Home and End to the ends. */
function moveCursor(plot: uPlot, key: string): boolean {
  const last = plot.data[0].length - 1;
  const at = plot.cursor.idx ?? -1;
  const targets: Readonly<Record<string, number>> = { ArrowRight: at + 1, ArrowLeft: at < 0 ? last : at - 1, Home: 0, End: last };
  const target = targets[key];
  if (target === undefined) return false;
  const index = Math.min(last, Math.max(0, target));
  plot.setCursor({ left: plot.valToPos(plot.data[0][index] ?? 1, 'x'), top: plot.over.clientHeight / 2 });
  return true;
}

function options(content: ChartContent, top: number, width: number, read: (index: number | null | undefined) => void): uPlot.Options {
  const text = themeColour('--vscode-foreground');
  const grid = { stroke: gridColour(), width: 1 };
  const counts = countsOf(content);
  const { unit, axis, lines } = content;
  return {
    width,
    height,
    scales: { x: { time: false, distr: logarithmic, log: 2 }, y: { range: [0, Math.max(top, topOf(content)) * 1.06 || 1] } },
    axes: [
      { label: t('possible and online CPUs'), labelSize: 20, size: 34, stroke: text, grid, ticks: grid, splits: () => spaced(counts), filter: (_, splits) => splits, values: (_, values) => values.map((value) => String(value)) },
      { ...(unit === 'bytes' ? { incrs: powersOfTwo } : {}), label: axis, labelSize: 22, stroke: text, grid, ticks: grid, size: 72, values: (_, values) => values.map((value) => valueText(value, unit)) },
    ],
    series: [{ label: t('CPUs') }, ...lines.flatMap(({ name }, index) => seriesOf(name, index))],
    bands: (lines.length > mostBands ? [] : lines).map((_, index) => ({ series: [index * 3 + 3, index * 3 + 2], fill: bandColour(index) })),
    legend: { show: false },
    cursor: { points: { size: 7 } },
    hooks: { setCursor: [({ cursor }) => read(cursor.idx)], draw: [(plot) => drawPublished(plot, content, counts)] },
  };
}

/** Counts far enough from each other on the logarithmic axis to be written. */
function spaced(counts: readonly number[]): number[] {
  const last = counts.at(-1) ?? 1;
  const kept = counts.filter((count, index) => index === 0 || count === last || (Math.log2(count / (counts[index - 1] ?? 1)) > 0.35 && Math.log2(last / count) > 0.6));
  return kept;
}

function seriesOf(label: string, index: number): uPlot.Series[] {
  const stroke = lineColour(index);
  const bound: uPlot.Series = { stroke, width: 0, points: { show: false }, spanGaps: true };
  return [{ label, stroke, width: 2, dash: lineDash(index), points: { show: true, size: 6, fill: stroke }, spanGaps: true }, { ...bound, label: t('{0}, low', label) }, { ...bound, label: t('{0}, high', label) }];
}

/** Diamonds, hollow: figures that others measured. */
function drawPublished(plot: uPlot, { published }: ChartContent, counts: readonly number[]): void {
  const { ctx } = plot;
  const size = 6 * devicePixelRatio;
  ctx.save();
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.strokeStyle = themeColour('--vscode-foreground');
  ctx.fillStyle = themeColour('--vscode-editor-background');
  for (const { cpus, throughput_per_s: value } of drawnOf(published, counts)) {
    const [x, y] = [plot.valToPos(cpus, 'x', true), plot.valToPos(value, 'y', true)];
    ctx.beginPath();
    ctx.moveTo(x, y - size);
    ctx.lineTo(x + size, y);
    ctx.lineTo(x, y + size);
    ctx.lineTo(x - size, y);
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}
