import type { Interval } from '../util/interval';
import type { ValidationRow } from './validate';

/** The table for people: predicted beside published, as Markdown. */
export function validationMarkdown(rows: readonly ValidationRow[]): string {
  const lines = rows.map(({ id, use, metric, published, predicted, verdict }) =>
    `| ${[id, use, metric, published.toLocaleString('en-US'), interval(predicted), verdict].join(' | ')} |`,
  );
  return ['| figure | use | metric | published | predicted (low, mid, high) | verdict |', '| --- | --- | --- | --- | --- | --- |', ...lines].join('\n');
}

function interval(predicted: Interval | null): string {
  return predicted === null ? '' : [predicted.low, predicted.mid, predicted.high].map(shown).join(', ');
}

/** Two digits for what is predicted to an order of magnitude, all of them for counts of bytes. */
function shown(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  const rounded = Number(value.toPrecision(2));
  return rounded.toLocaleString('en-US');
}

export interface ValidationSummary {
  readonly pass: number;
  readonly fail: number;
  readonly notModelled: number;
}

export function summaryOf(rows: readonly ValidationRow[]): ValidationSummary {
  const count = (verdict: ValidationRow['verdict']): number => rows.filter((row) => row.verdict === verdict).length;
  return { pass: count('pass'), fail: count('fail'), notModelled: count('not-modelled') };
}
