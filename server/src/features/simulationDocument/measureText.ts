import type { MeasureUnit } from '../../protocol/simulationMeasures';
import { formatBytes, formatDuration, formatShare, twoDigits } from '../../util/format';

/** A measured value for people, no more digits than it has. */
export function measureText(value: number | null, unit: MeasureUnit): string {
  if (value === null) return 'none';
  switch (unit) {
    case '1/s':
      return rateText(value);
    case 'ns':
      return formatDuration(value);
    case 'ratio':
      return formatShare(value);
    case 'bytes':
      return formatBytes(value);
  }
}

function rateText(value: number): string {
  if (value >= 1e6) return `${twoDigits(value / 1e6)} M/s`;
  return value >= 1000 ? `${twoDigits(value / 1000)} k/s` : `${twoDigits(value)} /s`;
}
