import type { PublishedPoint, SimulatedPoint } from '../../../server/src/protocol/simulation';
import { type Measure, type MeasureUnit, type Series, seriesOf, utilisation } from '../../../server/src/protocol/simulationMeasures';
import { bytes, duration, rate, share } from '../format';
import { t } from '../l10n';

/** A line of a chart, by CPUs. */
export interface ChartLine {
  readonly name: string;
  /** In words, where the name is an id. */
  readonly title: string;
  readonly points: readonly { readonly cpus: number; readonly value: number; readonly low: number; readonly high: number }[];
}

export interface ChartContent {
  readonly title: string;
  readonly axis: string;
  readonly unit: MeasureUnit;
  readonly lines: readonly ChartLine[];
  readonly published: readonly PublishedPoint[];
}

export function measured(measure: Measure, points: readonly SimulatedPoint[], titles: Readonly<Record<string, string>>): ChartContent {
  const lines = seriesOf(points).map((series) => lineOf(measure, series, series.name, titleOf(series, titles)));
  return { title: measure.title, axis: measure.axis, unit: measure.unit, lines: lines.filter((line) => line.points.length > 0), published: [] };
}

/** The locks of one line are lines of their own. */
export function locksOf(series: Series, names: readonly string[]): ChartContent {
  const lines = names.map((name) => lineOf(utilisation(name), series, name, name));
  return { title: t('Locks held, {0}', series.name), axis: t('share of the time'), unit: 'ratio', lines: lines.filter((line) => line.points.length > 0), published: [] };
}

function lineOf(measure: Measure, { points }: Series, name: string, title: string): ChartLine {
  return {
    name,
    title,
    points: points.flatMap((point) => {
      const value = measure.value(point);
      const band = measure.band(point);
      return value === null ? [] : [{ cpus: point.cpus, value, low: band?.low ?? value, high: band?.high ?? value }];
    }),
  };
}

function titleOf({ strategy, name }: Series, titles: Readonly<Record<string, string>>): string {
  const words = strategy.split('+').map((id) => titles[id] ?? id).join(' + ');
  return words === strategy ? name : `${name}: ${words}`;
}

/** The highest value of a chart, bands and published figures at the counts shown included. */
export function topOf({ lines, published }: ChartContent): number {
  const counts = lines.flatMap(({ points }) => points.map(({ cpus }) => cpus));
  const drawn = drawnOf(published, counts).map((point) => point.throughput_per_s);
  return Math.max(0, ...lines.flatMap(({ points }) => points.map(({ high }) => high)), ...drawn);
}

/** Published figures within the counts of a chart. */
export function drawnOf(published: readonly PublishedPoint[], counts: readonly number[]): readonly PublishedPoint[] {
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  return published.filter(({ cpus }) => cpus >= low && cpus <= high);
}

export function valueText(value: number, unit: MeasureUnit): string {
  switch (unit) {
    case '1/s':
      return rate(value);
    case 'ns':
      return duration({ low: value, mid: value, high: value });
    case 'ratio':
      return share(value);
    case 'bytes':
      return bytes(value);
  }
}
