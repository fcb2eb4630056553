import { formatBytes } from '../../util/format';

/** `+4 KiB`, `-16 B`, `±0`; unknown is said. */
export function signedBytes(bytes: number | null): string {
  if (bytes === null) return 'unknown';
  if (bytes === 0) return '±0';
  return `${bytes > 0 ? '+' : '-'}${formatBytes(Math.abs(bytes))}`;
}
