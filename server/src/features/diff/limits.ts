import type { BrokenLimit, ClassDifference } from '../../protocol/diff';
import { frequencyClasses } from '../../resolve/resolvedSite';
import { formatBytes } from '../../util/format';

/** How much one class may grow: `fork-exec: +1 KiB`. */
export interface GrowthLimit {
  readonly text: string;
  readonly frequencyClass: string;
  /** Bytes on all possible CPUs, one execution of each site. */
  readonly bytes: number;
}

export type ParsedLimit = { readonly ok: true; readonly limit: GrowthLimit } | { readonly ok: false; readonly reason: string };

const units: ReadonlyMap<string, number> = new Map([['b', 1], ['kib', 1024], ['k', 1024], ['mib', 1024 ** 2], ['m', 1024 ** 2], ['gib', 1024 ** 3], ['g', 1024 ** 3]]);

/** Reads `CLASS: +SIZE`; `any` stands for the sum over all classes. */
export function parseLimit(text: string): ParsedLimit {
  const match = /^\s*([\w-]+)\s*:\s*\+?\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(text);
  if (match === null) return { ok: false, reason: `${text}: write it like "fork-exec: +1 KiB"` };
  const [, frequencyClass = '', amount = '', unit = ''] = match;
  const factor = units.get(unit === '' ? 'b' : unit.toLowerCase());
  if (factor === undefined) return { ok: false, reason: `${text}: no unit ${unit}; there are B, KiB, MiB, GiB` };
  if (frequencyClass !== 'any' && !frequencyClasses.some((name) => name === frequencyClass)) {
    return { ok: false, reason: `${text}: no class ${frequencyClass}; there are any, ${frequencyClasses.join(', ')}` };
  }
  return { ok: true, limit: { text: text.trim(), frequencyClass, bytes: Number(amount) * factor } };
}

/** The limits that a difference breaks. Sites of unknown size that came in break one too: nobody can say they do not. */
export function brokenLimits(limits: readonly GrowthLimit[], totals: readonly ClassDifference[]): readonly BrokenLimit[] {
  return limits.flatMap((limit) => brokenLimit(limit, totals) ?? []);
}

function brokenLimit({ text, frequencyClass, bytes }: GrowthLimit, totals: readonly ClassDifference[]): BrokenLimit | null {
  const own = totals.filter(({ frequency_class: name }) => frequencyClass === 'any' || name === frequencyClass);
  const growth = own.reduce((sum, { footprint }) => sum + (footprint.after ?? 0) - (footprint.before ?? 0), 0);
  const unknown = own.reduce((sum, { unknown_sizes: sizes }) => sum + (sizes.after ?? 0) - (sizes.before ?? 0), 0);
  const broken = (known: number | null, reason: string): BrokenLimit => ({ limit: text, frequency_class: frequencyClass, growth: known, reason });
  const what = frequencyClass === 'any' ? 'all classes together' : frequencyClass;
  if (growth > bytes) return broken(growth, `${what}: + ${formatBytes(growth)}, the limit is + ${formatBytes(bytes)}`);
  if (unknown > 0) return broken(null, `${what}: ${unknown} more ${unknown === 1 ? 'site' : 'sites'} of unknown size`);
  return null;
}
