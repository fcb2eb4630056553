import type { Interval } from './interval';

/**
 * Quantities for people. Estimates get two digits, no more than is known; exact counts are written in full.
 */

/** `16 B`, `4 KiB`, `1.5 MiB`: exact where the number is a multiple, else to one decimal. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const text = Number.isInteger(value) ? String(value) : value.toFixed(1).replace(/\.0$/, '');
  return `${text} ${units[unit] ?? 'B'}`;
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
