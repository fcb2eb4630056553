/** Two-sided 95 % quantiles of Student's t, for 1…30 degrees of freedom (standard table). */
const tQuantiles = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

export interface Estimate {
  readonly mean: number;
  /** Bounds of the 95 % confidence interval; equal to the mean with one sample. */
  readonly low: number;
  readonly high: number;
}

/** Mean of independent samples with its 95 % confidence interval. */
export function estimate(samples: readonly number[]): Estimate {
  const count = samples.length;
  const mean = samples.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { mean, low: mean, high: mean };
  const squares = samples.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const half = (tQuantiles[count - 2] ?? 1.96) * Math.sqrt(squares / (count - 1) / count);
  return { mean, low: mean - half, high: mean + half };
}

/** `value` with `digits` significant digits: no answer has more than it knows. */
export function significant(value: number, digits = 4): number {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : 0;
}
