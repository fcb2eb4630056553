import type { WireReason } from '../protocol/report';
import { formatBytes, formatDurations, formatInterval } from '../util/format';

/** A reason tree as indented lines: label, value, and where it is from. */
export function reasonText(reason: WireReason, depth = 0): string {
  const indent = '  '.repeat(depth);
  const line = `${indent}${reason.label}: ${valueText(reason)}${aside(reason)}\n`;
  return line + reason.parts.map((part) => reasonText(part, depth + 1)).join('');
}

function valueText({ value, unit, note }: WireReason): string {
  if (value === null) return `unknown because ${note ?? 'it is not modelled'}`;
  if (unit === 'ns') return formatDurations(value);
  if (unit === 'bytes' && value.low === value.high) return formatBytes(value.mid);
  const exact = value.low === value.high ? value.mid.toLocaleString('en-US', { maximumFractionDigits: 4 }) : formatInterval(value);
  return `${exact}${unit === 'count' || unit === 'ratio' ? '' : ` ${unit}`}`;
}

function aside({ value, note, source }: WireReason): string {
  const parts = [value === null ? undefined : note, source === undefined ? undefined : `${source.kind}: ${source.at}`];
  const shown = parts.filter((part): part is string => part !== undefined && part !== '');
  return shown.length === 0 ? '' : `  (${shown.join('; ')})`;
}
