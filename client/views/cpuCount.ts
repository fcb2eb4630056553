import { t } from './l10n';

/** The kernel's largest NR_CPUS (arch/x86/Kconfig NR_CPUS_RANGE_END with MAXSMP, 6.12). */
export const largestCpuCount = 8192;

export type CpuCount = { readonly count: number } | { readonly problem: string };

/** Reads a CPU count as typed by a person: a whole number from 1 to `largestCpuCount`; else says what is wrong with it. */
export function parseCpuCount(text: string): CpuCount {
  const typed = text.trim();
  if (typed === '') return { problem: t('Type the number of possible CPUs, for example 256.') };
  if (!/^[+-]?\d+(\.\d+)?(e\d+)?$/i.test(typed)) return { problem: t('“{0}” is not a number. Type a whole number of CPUs from 1 to {1}.', typed, largestCpuCount) };
  const value = Number(typed);
  if (!Number.isInteger(value)) return { problem: t('{0} is not a whole number of CPUs.', typed) };
  if (value < 1) return { problem: t('A machine has at least 1 possible CPU; {0} is too few.', typed) };
  if (value > largestCpuCount) return { problem: t('{0} is more than {1}, the largest CPU count a kernel can be built for.', typed, largestCpuCount) };
  return { count: value };
}
