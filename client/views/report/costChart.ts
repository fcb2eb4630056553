import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { WireCost, WirePrice } from '../../../server/src/protocol/report';
import { element } from '../dom';
import { whenThemeChanges } from '../fittedCanvas';
import { count, cpus, duration } from '../format';
import { t } from '../l10n';
import { bandColour, gridColour, lineColour, lineDash, themeColour } from '../lineStyle';
import { createChartFrame, figureTable, type ChartFrame } from './chartFrame';

const height = 168;
// The library declares its distributions as a const enum, which has no value at run time.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const logarithmic: uPlot.Scale.Distr = 3;

/** Prices of the selected site by number of possible CPUs. */
export interface CostCurve {
  readonly title: string;
  readonly points: readonly { readonly cpus: number; readonly price: WirePrice }[];
  /** The count that the panel shows. */
  readonly current: number;
}

export interface CostChart {
  readonly node: HTMLElement;
  /** Null: nothing is selected that has a price, `reason` says so. */
  show(curve: CostCurve | null, reason: string): void;
}

/** Time to create and to destroy over possible CPUs, each a line with a band from low to high. */
export function createCostChart(): CostChart {
  const plotHolder = element('div', { class: 'chart', role: 'img' });
  const reason = element('p', { class: 'muted' });
  const legend = element('p', { class: 'curve-legend', 'aria-hidden': 'true' });
  const chart = element('div', {}, legend, plotHolder, reason);
  let shown: CostCurve | null = null;
  let plot: uPlot | undefined;
  const frame: ChartFrame = createChartFrame(t('Cost over CPUs'), 'cost-chart', chart, () => table(shown));
  const draw = (): void => {
    plot?.destroy();
    plot = undefined;
    legend.replaceChildren(...(shown === null ? [] : series(shown).map(({ label }, index) => legendItem(label, index))));
    if (shown === null || shown.points.length < 2 || plotHolder.clientWidth === 0) return;
    plot = new uPlot(options(shown, plotHolder.clientWidth), data(shown), plotHolder);
  };
  new ResizeObserver(() => (plot === undefined ? draw() : plot.setSize({ width: Math.max(160, plotHolder.clientWidth), height }))).observe(plotHolder);
  whenThemeChanges(draw);
  return {
    node: frame.node,
    show: (curve, why) => {
      shown = curve;
      reason.textContent = curve === null ? why : '';
      plotHolder.hidden = curve === null;
      plotHolder.setAttribute('aria-label', curve === null ? '' : t('{0}: time to create and destroy over possible CPUs; “as table” holds the figures', curve.title));
      frame.show();
      draw();
    },
  };
}

interface Series {
  readonly label: string;
  readonly cost: (price: WirePrice) => WireCost | null;
}

function series({ points }: CostCurve): Series[] {
  const all: Series[] = [{ label: t('create'), cost: ({ create }) => create }, { label: t('destroy'), cost: ({ destroy }) => destroy }];
  return all.filter(({ cost }) => points.some(({ price }) => cost(price)?.ns != null));
}

function data(curve: CostCurve): uPlot.AlignedData {
  const { points } = curve;
  const bound = (cost: Series['cost'], side: 'low' | 'mid' | 'high'): (number | null)[] => points.map(({ price }) => cost(price)?.ns?.[side] ?? null);
  return [points.map((point) => point.cpus), ...series(curve).flatMap(({ cost }) => [bound(cost, 'mid'), bound(cost, 'low'), bound(cost, 'high')])];
}

function options(curve: CostCurve, width: number): uPlot.Options {
  const text = themeColour('--vscode-foreground');
  const grid = { stroke: gridColour(), width: 1 };
  const lines = series(curve);
  const time = (value: number): string => duration({ low: value, mid: value, high: value });
  return {
    width: Math.max(160, width),
    height,
    scales: { x: { time: false, distr: logarithmic, log: 2 }, y: { distr: logarithmic, log: 10 } },
    axes: [
      { stroke: text, grid, ticks: grid, size: 28, values: (_, values) => values.map((value) => (Number.isInteger(Math.log2(value)) ? String(value) : '')) },
      { stroke: text, grid: { ...grid, filter: decades }, ticks: { ...grid, filter: decades }, size: 64, values: (_, values) => values.map((value) => (Number.isInteger(Math.log10(value)) ? time(value) : '')) },
    ],
    series: [{ label: t('CPUs') }, ...lines.flatMap(({ label }, index) => seriesOf(label, index))],
    bands: lines.map((_, index) => ({ series: [index * 3 + 3, index * 3 + 2], fill: bandColour(index) })),
    legend: { show: false },
    cursor: { show: false },
    hooks: { draw: [(drawn) => markCurrent(drawn, curve.current, text)] },
  };
}

/** Lines between the decades would be closer than what they measure. */
function decades(_: uPlot, splits: number[]): (number | null)[] {
  return splits.map((value) => (Number.isInteger(Math.log10(value)) ? value : null));
}

function seriesOf(label: string, index: number): uPlot.Series[] {
  const stroke = lineColour(index);
  const bound: uPlot.Series = { stroke, width: 0, points: { show: false } };
  return [{ label, stroke, width: 2, dash: lineDash(index), points: { show: false } }, bound, bound];
}

/** A line where the slider stands. */
function markCurrent(plot: uPlot, current: number, colour: string): void {
  const { ctx, bbox } = plot;
  const at = Math.round(plot.valToPos(current, 'x', true));
  if (at < bbox.left || at > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.setLineDash([3, 3]);
  ctx.beginPath();
  ctx.moveTo(at, bbox.top);
  ctx.lineTo(at, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

function legendItem(label: string, index: number): HTMLElement {
  const mark = element('span', { class: 'legend-mark' });
  mark.style.borderTop = `3px ${index === 0 ? 'solid' : 'dashed'} ${lineColour(index)}`;
  return element('span', { class: 'legend-item' }, mark, label);
}

function table(curve: CostCurve | null): HTMLElement {
  const text = (cost: WireCost | null): string => (cost === null ? '' : cost.ns === null ? t('unknown because {0}', cost.reason ?? '') : duration(cost.ns));
  const rows = (curve?.points ?? []).map(({ cpus: at, price }) => [count(at), text(price.create), text(price.destroy), price.knee_cpus === null ? '' : cpus(price.knee_cpus)]);
  return figureTable(t('Cost over CPUs'), [t('Possible CPUs'), t('Create'), t('Destroy'), t('Scales to')], rows);
}
