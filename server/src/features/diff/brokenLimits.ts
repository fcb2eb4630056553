import type { Limit } from '../../profile/limit';
import type { BrokenLimit, ClassDifference } from '../../protocol/diff';
import type { WireInterval } from '../../protocol/report';
import { formatBytes, formatDuration } from '../../util/format';

/** The limits that a difference breaks. What is not known may be any amount: it breaks one too. */
export function brokenLimits(limits: readonly Limit[], totals: readonly ClassDifference[]): readonly BrokenLimit[] {
  return limits.flatMap((limit) => brokenLimit(limit, totals) ?? []);
}

function brokenLimit(limit: Limit, totals: readonly ClassDifference[]): BrokenLimit | null {
  const own = totals.filter(({ frequency_class: name }) => limit.of === 'total' || name === limit.of);
  const growth = own.reduce<number | null>((sum, one) => plus(sum, growthOf(limit, one)), 0);
  const about = { limit: `${limit.of}: ${limit.text}`, measure: limit.measure, growth };
  if (growth === null) return { ...about, reason: `${limit.of}: ${unknownReason(limit)}; the limit is ${limit.text}` };
  return growth > limit.most ? { ...about, reason: `${limit.of}: +${amount(limit, growth)}, the limit is ${limit.text}` } : null;
}

function growthOf({ measure }: Limit, one: ClassDifference): number | null {
  switch (measure) {
    case 'bytes':
      return (one.unknown_sizes.after ?? 0) > (one.unknown_sizes.before ?? 0) ? null : (one.footprint.after ?? 0) - (one.footprint.before ?? 0);
    case 'sites':
      return (one.sites.after ?? 0) - (one.sites.before ?? 0);
    case 'ns':
      return plus(difference(one.create), difference(one.destroy));
  }
}

function difference({ before, after }: ClassDifference['create']): number | null {
  return before === null || after === null ? null : middle(after) - middle(before);
}

function middle({ mid }: WireInterval): number {
  return mid;
}

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function unknownReason({ measure }: Limit): string {
  return measure === 'bytes' ? 'sites of unknown size were added' : 'the times of what changed are not known';
}

function amount({ measure }: Limit, growth: number): string {
  if (measure === 'bytes') return formatBytes(growth);
  return measure === 'ns' ? formatDuration(growth) : `${growth} ${growth === 1 ? 'site' : 'sites'}`;
}
