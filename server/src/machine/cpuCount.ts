/** Most CPUs that a Linux configuration allows (NR_CPUS with MAXSMP, arch/x86/Kconfig). */
export const maximumCpus = 8192;

export type CpuCount =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly message: string };

/** Reads a number of CPUs as people type it: 1 to 8192, digits only. */
export function parseCpuCount(text: string): CpuCount {
  const trimmed = text.trim();
  if (!/^[+-]?\d+$/.test(trimmed)) return refused(text, 'is not a whole number');
  const value = Number(trimmed);
  if (value < 1) return refused(text, 'is less than 1');
  if (value > maximumCpus) return refused(text, `is more than ${String(maximumCpus)}, the most a kernel can be built for`);
  return { ok: true, value };
}

function refused(text: string, why: string): CpuCount {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return { ok: false, message: `"${shown}" ${why}: give a number of CPUs from 1 to ${String(maximumCpus)}` };
}
