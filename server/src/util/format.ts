import type { Interval } from './interval';

/**
 * Quantities for people. Estimates get two digits, no more than is known; exact counts are written in full.
 */

/** Below this a size that is no whole number of KiB is written out: two structs a few bytes apart do not read alike. */
const writtenOut = 10 * 1024;

/** `16 B`, `1,056 B`, `4 KiB`, `1.5 MiB`: whole units and small sizes are exact; a decimal, also `.0`, says that it is rounded. */
export function formatBytes(bytes: number): string {
  const size = Math.abs(bytes);
  if (size < 1024 || (size < writtenOut && size % 1024 !== 0)) return `${bytes.toLocaleString('en-US')} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  const unit = Math.min(Math.floor(Math.log2(size) / 10), units.length) - 1;
  const value = bytes / 1024 ** (unit + 1);
  return `${Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** `2.1 – 9.4 µs`; one value where both bounds read alike. */
export function formatDurations(ns: Interval): string {
  const unit = durationUnit(ns.high);
  return formatRange(ns.low / unit.ns, ns.high / unit.ns, unit.name);
}

export function formatDuration(ns: number): string {
  const unit = durationUnit(ns);
  return `${twoDigits(ns / unit.ns)} ${unit.name}`;
}

function durationUnit(ns: number): { readonly ns: number; readonly name: string } {
  if (ns < 1_000) return { ns: 1, name: 'ns' };
  if (ns < 1_000_000) return { ns: 1_000, name: 'µs' };
  if (ns < 1_000_000_000) return { ns: 1_000_000, name: 'ms' };
  return { ns: 1_000_000_000, name: 's' };
}

/** `8 – 14`, or `≈ 11` where both bounds read alike; `unit` after it. */
export function formatInterval(value: Interval, unit = ''): string {
  return formatRange(value.low, value.high, unit);
}

function formatRange(low: number, high: number, unit: string): string {
  const from = twoDigits(low);
  const to = twoDigits(high);
  const text = from === to ? to : `${from} – ${to}`;
  return unit === '' ? text : `${text} ${unit}`;
}

/** Two significant digits: `0.38`, `9.4`, `61`, `1,200`. */
export function twoDigits(value: number): string {
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(2));
  return Math.abs(rounded) >= 1_000 ? rounded.toLocaleString('en-US') : String(rounded);
}

/** A share as whole per cent: `61 %`, `< 1 %`. */
export function formatShare(share: number): string {
  const percent = Math.round(share * 100);
  if (percent === 0 && share > 0) return '< 1 %';
  return `${percent} %`;
}
