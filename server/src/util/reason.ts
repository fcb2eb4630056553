import { add, exactly, multiply, type Interval, zero } from './interval';

/**
 * Every number shown carries its reasons: a tree whose leaves are constants with a source, and whose inner
 * nodes say how their value follows from their parts. Unknown is a value of its own (`value: null`) with
 * the reason in `note`; it is never dropped from a sum.
 */
export interface Reason {
  readonly label: string;
  readonly unit: Unit;
  readonly value: Interval | null;
  /** How the value follows from the parts; a leaf is `given`. */
  readonly combine: 'given' | 'sum' | 'product' | 'derived';
  readonly parts: readonly Reason[];
  /** For unknown: why. Else an assumption that a reader must know. */
  readonly note?: string;
  readonly source?: Source;
}

export type Unit = 'ns' | 'bytes' | 'CPUs' | 'count' | '1/s' | 'ratio' | 'pages';

/** Where a leaf's value comes from, in words that a reader can follow to the place. */
export interface Source {
  readonly kind: 'source code' | 'message' | 'paper' | 'measurement' | 'profile' | 'debug info' | 'derived' | 'assumption';
  /** e.g. `mm/percpu.c pcpu_alloc_noprof (6.12)` or a message id. */
  readonly at: string;
}

export function given(label: string, unit: Unit, value: number | Interval, source: Source, note?: string): Reason {
  const interval = typeof value === 'number' ? exactly(value) : value;
  return { label, unit, value: interval, combine: 'given', parts: [], source, ...(note === undefined ? {} : { note }) };
}

export function unknown(label: string, unit: Unit, why: string, parts: readonly Reason[] = []): Reason {
  return { label, unit, value: null, combine: 'given', parts, note: why };
}

export function sum(label: string, unit: Unit, parts: readonly Reason[], note?: string): Reason {
  return combined(label, unit, 'sum', parts, note, (values) => values.reduce(add, zero));
}

export function product(label: string, unit: Unit, parts: readonly Reason[], note?: string): Reason {
  return combined(label, unit, 'product', parts, note, (values) => values.reduce(multiply, exactly(1)));
}

/** A value that follows from its parts by a rule that `note` names. */
export function derived(label: string, unit: Unit, value: Interval, parts: readonly Reason[], note: string): Reason {
  return combined(label, unit, 'derived', parts, note, () => value);
}

function combined(
  label: string,
  unit: Unit,
  combine: Reason['combine'],
  parts: readonly Reason[],
  note: string | undefined,
  value: (values: Interval[]) => Interval,
): Reason {
  const missing = parts.find((part) => part.value === null);
  if (missing !== undefined) return unknown(label, unit, missing.note ?? `${missing.label} is unknown`, parts);
  const values = parts.flatMap((part) => (part.value === null ? [] : [part.value]));
  return { label, unit, value: value(values), combine, parts, ...(note === undefined ? {} : { note }) };
}
