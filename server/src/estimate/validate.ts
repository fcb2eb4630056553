import type { Interval } from '../util/interval';
import { predict } from './figurePrediction';
import { publishedFigures } from './publishedFigures';
import type { PublishedFigure, Use } from './validationRow';

export type Verdict = 'pass' | 'fail' | 'not-modelled';

/** Predicted beside published; the JSON shape of the command line. */
export interface ValidationRow {
  readonly id: string;
  readonly use: Use;
  readonly metric: string;
  readonly published: number;
  readonly predicted: Interval | null;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly source: string;
}

/** A prediction wider than this is no answer. */
const sharpest = 3;
const fitTolerance = 0.15;
const shapeCorrelation = 0.9;

interface Predicted {
  readonly row: PublishedFigure;
  readonly predicted: Interval | null;
  readonly reason: string;
}

/** Holds the model against published figures, each by its one use; nothing is fitted here. */
export function validate(rows: readonly PublishedFigure[] = publishedFigures): readonly ValidationRow[] {
  const all: readonly Predicted[] = rows.map((row) => ({ row, ...predict(row) }));
  return all.map((one) => judged(one, all));
}

function judged(one: Predicted, all: readonly Predicted[]): ValidationRow {
  const { row, predicted, reason } = one;
  const base = { id: row.id, use: row.use, metric: row.metric, published: row.published, source: row.source };
  if (predicted === null) return { ...base, predicted, verdict: 'not-modelled', reason: withNote(reason, row.note) };
  const { verdict, why } = verdictOf(one, predicted, all);
  return { ...base, predicted, verdict, reason: withNote(`${why}; ${reason}`, row.note) };
}

function withNote(reason: string, note: string): string {
  return note === '' ? reason : `${reason}; ${note}`;
}

interface Judgement {
  readonly verdict: Verdict;
  readonly why: string;
}

const decided = (passes: boolean, why: string): Judgement => ({ verdict: passes ? 'pass' : 'fail', why });

function verdictOf({ row }: Predicted, predicted: Interval, all: readonly Predicted[]): Judgement {
  const { published } = row;
  switch (row.use) {
    case 'exact':
      return decided(contains(predicted, published) || Math.abs(predicted.mid - published) <= rounding(published), 'has to be equal, up to the digits published');
    case 'bound':
      return row.bound === 'upper'
        ? decided(predicted.mid <= published, 'has to stay below the figure')
        : decided(predicted.mid >= published, 'has to reach the figure');
    case 'sign':
      return published === 0
        ? { verdict: 'not-modelled', why: 'a figure of zero has no sign' }
        : decided(Math.sign(predicted.mid) === Math.sign(published), 'has to have the sign of the figure');
    case 'shape':
      return shapeJudgement(row, all);
    case 'fit':
      return decided(Math.abs(predicted.mid / published - 1) <= fitTolerance, 'constants were chosen on it: within 15 %');
    case 'validate':
      return decided(contains(predicted, published) && isSharp(predicted, row), 'has to lie inside an interval no wider than a factor of three');
  }
}

function contains({ low, high }: Interval, value: number): boolean {
  return low <= value && value <= high;
}

/** Gains and savings are judged as the factor that they stand for. */
function isSharp({ low, high }: Interval, row: PublishedFigure): boolean {
  const percent = row.metric === 'gain_percent' || row.metric === 'system_time_percent';
  const factor = (value: number): number => (percent ? 1 + value / 100 : value);
  return factor(low) > 0 && factor(high) <= sharpest * factor(low);
}

/** Half a unit of the last digit that is not zero. */
export function rounding(value: number): number {
  const digits = value.toExponential().split('e');
  const decimals = (digits[0] ?? '').split('.')[1]?.length ?? 0;
  return 0.5 * 10 ** (Number(digits[1] ?? 0) - decimals);
}

/** Points of one curve, of one machine and kernel, are judged together by rank correlation. */
function shapeJudgement(row: PublishedFigure, all: readonly Predicted[]): Judgement {
  const curve = all.flatMap(({ row: other, predicted }) =>
    predicted !== null && other.use === 'shape' && isOfCurve(other, row)
      ? [{ published: other.published, predicted: predicted.mid }]
      : [],
  );
  if (curve.length < 3) return { verdict: 'not-modelled', why: 'a shape needs three points of one curve' };
  const correlation = rankCorrelation(curve.map(({ published }) => published), curve.map(({ predicted }) => predicted));
  if (!Number.isFinite(correlation)) return { verdict: 'not-modelled', why: 'points of one height have no shape' };
  return decided(correlation >= shapeCorrelation, `rank correlation ${correlation.toFixed(2)} over ${String(curve.length)} points, 0.9 asked`);
}

function isOfCurve(other: PublishedFigure, row: PublishedFigure): boolean {
  const curve = ({ source, scenario, metric, machine, kernel, before, after }: PublishedFigure): string => JSON.stringify([source, scenario, metric, machine, kernel, before, after]);
  return curve(other) === curve(row);
}

/** Spearman's coefficient, ties at their mean rank; not a number where all points of a side are equal. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (x.length + 1) / 2;
  const product = (u: readonly number[], v: readonly number[]): number => u.reduce((sum, value, at) => sum + (value - mean) * ((v[at] ?? 0) - mean), 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}

function ranks(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const same = values.filter((other) => other === value).length;
    return below + (same + 1) / 2;
  });
}
