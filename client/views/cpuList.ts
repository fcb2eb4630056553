import { parseCpuCount } from './cpuCount';
import { t } from './l10n';

export type CpuList = { readonly counts: readonly number[] } | { readonly problem: string };

/** Reads CPU counts as typed, with commas or spaces between; sorted, each once. */
export function cpuListOf(text: string): CpuList {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) return { problem: t('Type CPU counts, for example 1, 16, 64, 256.') };
  const counts: number[] = [];
  for (const word of words) {
    const count = parseCpuCount(word);
    if ('problem' in count) return count;
    counts.push(count.count);
  }
  return { counts: [...new Set(counts)].sort((a, b) => a - b) };
}
