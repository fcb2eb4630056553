/** A quantity known to lie between two bounds, with the value taken when one number is asked for. */
export interface Interval {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

export function exactly(value: number): Interval {
  return { low: value, mid: value, high: value };
}

/** An interval from its bounds; `mid` defaults to the geometric mean, right for quantities known to a factor. */
export function between(low: number, high: number, mid: number = Math.sqrt(low * high)): Interval {
  if (!(low <= mid && mid <= high)) throw new RangeError(`not an interval: ${low} ≤ ${mid} ≤ ${high}`);
  return { low, mid, high };
}

export function add(a: Interval, b: Interval): Interval {
  return { low: a.low + b.low, mid: a.mid + b.mid, high: a.high + b.high };
}

/** What is left of `a` once its part `b` is taken away, corner by corner. */
export function subtract(a: Interval, b: Interval): Interval {
  return { low: a.low - b.low, mid: a.mid - b.mid, high: a.high - b.high };
}

/** Product of two intervals of non-negative quantities. */
export function multiply(a: Interval, b: Interval): Interval {
  return { low: a.low * b.low, mid: a.mid * b.mid, high: a.high * b.high };
}

/** Quotient of a non-negative interval by a positive one. */
export function divide(a: Interval, b: Interval): Interval {
  return { low: a.low / b.high, mid: a.mid / b.mid, high: a.high / b.low };
}

export function scale(a: Interval, factor: number): Interval {
  return multiply(a, exactly(factor));
}

export const zero: Interval = exactly(0);
