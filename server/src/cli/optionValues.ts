import { UsageError } from './io';

const nanoseconds: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };

/** Values of options as people write them; each throws UsageError with one line on what cannot be meant. */

export function list(option: string, text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.some((item) => item === '')) throw new UsageError(`${option} ${text}: an entry of the list is empty`);
  return items;
}

export function number(option: string, text: string): number {
  const trimmed = text.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) throw new UsageError(`${option} ${shown(text)}: not a number`);
  return Number(trimmed);
}

/** `300us`, `5ms`, `2s` as ns; null where the option is absent. */
export function time(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const match = /^([+-]?[\d.]+(?:e[+-]?\d+)?)(ns|us|µs|ms|s)$/i.exec(text.trim());
  const unit = nanoseconds[(match?.[2] ?? '').toLowerCase().replace('µ', 'u')];
  if (match === null || unit === undefined) throw new UsageError(`${option} ${shown(text)}: write it like 300us, 5ms or 2s`);
  return number(option, match[1] ?? '') * unit;
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
