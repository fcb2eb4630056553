import type { Measure, MeasureUnit, Series } from '../../protocol/simulationMeasures';
import { escaped, tag } from './markup';
import { measureText } from './measureText';

export interface ChartLine {
  readonly name: string;
  readonly points: readonly { readonly cpus: number; readonly value: number; readonly low: number; readonly high: number }[];
}

export interface ChartMark {
  readonly cpus: number;
  readonly value: number;
  readonly label: string;
}

export interface LineChart {
  readonly title: string;
  readonly axis: string;
  readonly unit: MeasureUnit;
  readonly lines: readonly ChartLine[];
  /** Published figures. */
  readonly marks: readonly ChartMark[];
}

export function chartOf(measure: Measure, series: readonly Series[], marks: readonly ChartMark[] = []): LineChart {
  const lines = series.map(({ name, points }) => ({
    name,
    points: points.flatMap((point) => {
      const value = measure.value(point);
      const band = measure.band(point);
      return value === null ? [] : [{ cpus: point.cpus, value, low: band?.low ?? value, high: band?.high ?? value }];
    }),
  }));
  return { title: measure.title, axis: measure.axis, unit: measure.unit, lines: lines.filter(({ points }) => points.length > 0), marks };
}

/** Told apart without colour vision too; dashes differ besides. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#8a6d00', '#555555'];
const dashes = ['', '8 4', '2 3', '10 3 2 3', '5 5', '1 4', '12 4'];
const frame = { left: 78, top: 34, width: 560, height: 260 };
const legendLine = 18;

interface Scales {
  readonly x: (cpus: number) => number;
  readonly y: (value: number) => number;
}

/** The chart as an SVG document of its own: CPUs on a logarithmic axis, bands from low to high, published figures as diamonds. */
export function lineChartSvg(chart: LineChart, titled = true): string {
  const values = [...chart.lines.flatMap(({ points }) => points.flatMap(({ value, high }) => [value, high])), ...chart.marks.map(({ value }) => value)];
  const cpus = [...chart.lines.flatMap(({ points }) => points.map((point) => point.cpus)), ...chart.marks.map((mark) => mark.cpus)];
  const top = niceTop(Math.max(0, ...values), chart.unit);
  const [first, last] = [Math.min(...cpus), Math.max(...cpus)];
  const decades = Math.log2(last / first) || 1;
  const scales: Scales = {
    x: (count) => frame.left + (frame.width * (last === first ? 0.5 : Math.log2(count / first) / decades)),
    y: (value) => frame.top + frame.height * (1 - value / top),
  };
  const legend = legendOf(chart);
  const height = frame.top + frame.height + 48 + legend.lines * legendLine;
  const attributes = { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 660 ${String(height)}`, width: 660, height, role: 'img', 'font-family': 'sans-serif', 'font-size': 12 };
  return tag('svg', attributes, [
    tag('title', {}, escaped(`${chart.title} over CPUs`)),
    tag('rect', { x: 0, y: 0, width: 660, height, fill: '#ffffff' }),
    ...(titled ? [tag('text', { x: frame.left, y: 20, 'font-size': 14, 'font-weight': 'bold', fill: '#222222' }, escaped(chart.title))] : []),
    axes(chart, scales, top, [...new Set(cpus)].sort((a, b) => a - b)),
    chart.lines.length <= 4 ? chart.lines.map((line, index) => band(line, index, scales)).join('') : '',
    chart.lines.map((line, index) => lineMarkup(line, index, chart.unit, scales)).join(''),
    chart.marks.map((mark) => markMarkup(mark, chart.unit, scales)).join(''),
    legend.markup,
  ].join('\n'));
}

/** The next 1, 2, 2.5 or 5 times a power of ten; of bytes the next five steps of a power of two. */
export function niceTop(value: number, unit: MeasureUnit): number {
  if (!(value > 0)) return 1;
  if (unit === 'bytes') return 5 * 2 ** Math.ceil(Math.log2(value / 5));
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

function axes({ axis, unit }: LineChart, { x, y }: Scales, top: number, cpus: readonly number[]): string {
  const rows = [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => share * top).map((value) =>
    tag('line', { x1: frame.left, x2: frame.left + frame.width, y1: at(y(value)), y2: at(y(value)), stroke: '#dddddd' }) +
    tag('text', { x: frame.left - 6, y: at(y(value) + 4), 'text-anchor': 'end', fill: '#444444' }, escaped(measureText(value, unit))));
  let free = -Infinity;
  const columns = cpus.filter((count) => {
    if (x(count) < free) return false;
    free = x(count) + 26;
    return true;
  }).map((count) => tag('text', { x: at(x(count)), y: frame.top + frame.height + 16, 'text-anchor': 'middle', fill: '#444444' }, String(count)));
  const middle = frame.top + frame.height / 2;
  return [
    ...rows, ...columns,
    tag('text', { x: frame.left + frame.width / 2, y: frame.top + frame.height + 34, 'text-anchor': 'middle', fill: '#444444' }, 'possible and online CPUs'),
    tag('text', { x: 12, y: middle, 'text-anchor': 'middle', fill: '#444444', transform: `rotate(-90 12 ${String(middle)})` }, escaped(axis)),
  ].join('');
}

function band({ points }: ChartLine, index: number, { x, y }: Scales): string {
  if (points.every(({ low, high }) => low === high)) return '';
  const outline = [...points.map(({ cpus, high }) => [cpus, high] as const), ...[...points].reverse().map(({ cpus, low }) => [cpus, low] as const)];
  return tag('polygon', { points: outline.map(([cpus, value]) => `${at(x(cpus))},${at(y(value))}`).join(' '), fill: colour(index), 'fill-opacity': 0.14 });
}

function lineMarkup({ name, points }: ChartLine, index: number, unit: MeasureUnit, { x, y }: Scales): string {
  const path = points.map(({ cpus, value }) => `${at(x(cpus))},${at(y(value))}`).join(' ');
  const line = tag('polyline', { points: path, fill: 'none', stroke: colour(index), 'stroke-width': 2, 'stroke-dasharray': dash(index) });
  return line + points.map(({ cpus, value }) => tag('circle', { cx: at(x(cpus)), cy: at(y(value)), r: 3, fill: colour(index) }, tag('title', {}, escaped(`${name}, ${String(cpus)} CPUs: ${measureText(value, unit)}`)))).join('');
}

function markMarkup({ cpus, value, label }: ChartMark, unit: MeasureUnit, { x, y }: Scales): string {
  const [left, up] = [x(cpus), y(value)];
  const corners = [[left, up - 6], [left + 6, up], [left, up + 6], [left - 6, up]] as const;
  const shape = { points: corners.map(([a, b]) => `${at(a)},${at(b)}`).join(' '), fill: '#ffffff', stroke: '#222222', 'stroke-width': 1.5 };
  return tag('polygon', shape, tag('title', {}, escaped(`published: ${measureText(value, unit)}, ${label}`)));
}

function legendOf({ lines, marks }: LineChart): { readonly markup: string; readonly lines: number } {
  const top = frame.top + frame.height + 56;
  const named = lines.map(({ name }, index) => {
    const y = top + index * legendLine;
    return tag('line', { x1: frame.left, x2: frame.left + 28, y1: y - 4, y2: y - 4, stroke: colour(index), 'stroke-width': 2, 'stroke-dasharray': dash(index) }) +
      tag('text', { x: frame.left + 36, y, fill: '#222222' }, escaped(name));
  });
  const y = top + lines.length * legendLine;
  const published = marks.length === 0 ? [] : [
    tag('text', { x: frame.left + 8, y, fill: '#222222' }, '◇') + tag('text', { x: frame.left + 36, y, fill: '#222222' }, 'published'),
  ];
  return { markup: [...named, ...published].join(''), lines: named.length + published.length };
}

function colour(index: number): string {
  return colours[index % colours.length] ?? '#000000';
}

function dash(index: number): string {
  return dashes[(index + Math.floor(index / colours.length)) % dashes.length] ?? '';
}

function at(value: number): string {
  return value.toFixed(1);
}
