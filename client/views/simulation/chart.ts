import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { rate } from '../format';
import { bandColour, lineColour, lineDash, themeColour } from './lineStyle';
import { bandOf, byStrategy, titleOf, type RunState } from './runState';

const height = 320;
/** Bands of more lines cover each other; the table holds them all. */
const mostBands = 4;
// The library declares its distributions as a const enum, which has no value at run time.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const logarithmic: uPlot.Scale.Distr = 3;

export interface Chart {
  readonly node: HTMLElement;
  show(state: RunState): void;
}

/** Throughput over CPUs, a line per strategy with a band from low to high; colours and dashes tell lines apart. */
export function createChart(): Chart {
  const node = document.createElement('div');
  node.className = 'chart';
  node.setAttribute('role', 'img');
  let shown: RunState | undefined;
  let plot: uPlot | undefined;
  const draw = (): void => {
    plot?.destroy();
    plot = undefined;
    if (shown === undefined || shown.points.length === 0) return;
    plot = new uPlot(options(shown, Math.max(320, node.clientWidth)), dataOf(shown), node);
  };
  new ResizeObserver(() => plot?.setSize({ width: Math.max(320, node.clientWidth), height })).observe(node);
  new MutationObserver(draw).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  return {
    node,
    show: (state) => {
      shown = state;
      node.setAttribute('aria-label', `Throughput over CPUs, ${String(byStrategy(state).size)} lines; the table below holds the figures`);
      draw();
    },
  };
}

/** Columns: CPUs, then mid, low and high of each strategy; null where a point is not there yet. */
function dataOf(state: RunState): uPlot.AlignedData {
  const cpus = [...new Set(state.points.map((point) => point.cpus))].sort((a, b) => a - b);
  const columns = [...byStrategy(state).values()].flatMap((points) => {
    const at = new Map(points.map((point) => [point.cpus, { mid: point.throughput_per_s, ...bandOf(point) }]));
    return (['mid', 'low', 'high'] as const).map((bound) => cpus.map((count) => at.get(count)?.[bound] ?? null));
  });
  return [cpus, ...columns];
}

function options(state: RunState, width: number): uPlot.Options {
  const strategies = [...byStrategy(state).keys()];
  const text = themeColour('--vscode-foreground');
  const grid = { stroke: themeColour('--vscode-editorIndentGuide-background1'), width: 1 };
  return {
    width,
    height,
    scales: { x: { time: false, distr: logarithmic, log: 2 }, y: { range: (_, __, high) => [0, high * 1.08] } },
    axes: [
      { label: 'CPUs', stroke: text, grid, ticks: grid, values: (_, values) => values.map((value) => String(value)) },
      { label: 'operations per second', stroke: text, grid, ticks: grid, size: 76, values: (_, values) => values.map((value) => rate(value)) },
    ],
    series: [{ label: 'CPUs' }, ...strategies.flatMap((strategy, index) => seriesOf(titleOf(state.plan, strategy), index))],
    bands: (strategies.length > mostBands ? [] : strategies).map((_, index) => ({ series: [index * 3 + 3, index * 3 + 2], fill: bandColour(index) })),
    legend: { show: false },
    cursor: { points: { size: 7 } },
  };
}

function seriesOf(label: string, index: number): uPlot.Series[] {
  const stroke = lineColour(index);
  const bound: uPlot.Series = { stroke, width: 0, points: { show: false }, spanGaps: true };
  return [{ label, stroke, width: 2, dash: lineDash(index), points: { show: true, size: 6, fill: stroke }, spanGaps: true }, { ...bound, label: `${label}, low` }, { ...bound, label: `${label}, high` }];
}
