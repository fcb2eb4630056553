/** The kernel's largest NR_CPUS (arch/x86/Kconfig NR_CPUS_RANGE_END with MAXSMP, 6.12). */
export const largestCpuCount = 8192;

export type CpuCount = { readonly count: number } | { readonly problem: string };

/** Reads a CPU count as typed by a person: a whole number from 1 to `largestCpuCount`; else says what is wrong with it. */
export function parseCpuCount(text: string): CpuCount {
  const typed = text.trim();
  if (typed === '') return { problem: 'Type the number of possible CPUs, for example 256.' };
  if (!/^[+-]?\d+(\.\d+)?(e\d+)?$/i.test(typed)) return { problem: `“${typed}” is not a number. Type a whole number of CPUs from 1 to ${largestCpuCount}.` };
  const value = Number(typed);
  if (!Number.isInteger(value)) return { problem: `${typed} is not a whole number of CPUs.` };
  if (value < 1) return { problem: `A machine has at least 1 possible CPU; ${typed} is too few.` };
  if (value > largestCpuCount) return { problem: `${typed} is more than ${largestCpuCount}, the largest CPU count a kernel can be built for.` };
  return { count: value };
}
