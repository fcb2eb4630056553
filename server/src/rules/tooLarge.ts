import type { ResolvedSite } from '../resolve/resolvedSite';
import { formatBytes } from '../util/format';
import { finding, type Rule } from './rule';

/** PCPU_MIN_UNIT_SIZE with 4K pages (include/linux/percpu.h, 6.1 to 6.12): larger requests are refused whatever is free. */
const largest = 32 * 1024;
/** A request aligned to more than a page is refused too (mm/percpu.c pcpu_alloc_noprof, 6.12). */
const pageSize = 4096;

export const tooLarge: Rule = {
  id: 'too-large',
  title: 'Percpu allocation that always fails',
  severity: 'warning',
  summary:
    'The allocator refuses, with a warning and NULL, what is larger than PCPU_MIN_UNIT_SIZE (32 KiB with 4K pages) or aligned to more than a page.',
  check: (subject) =>
    subject.sites.flatMap((site) => {
      const why = site.fact.kind === 'alloc' && !site.fact.inMacro ? reasonOf(site) : null;
      return why === null ? [] : [finding(tooLarge, subject, site, { message: `${site.fact.api} always fails here: ${why}.` })];
    }),
};

function reasonOf({ size: { size, align, reason } }: ResolvedSite): string | null {
  if (size !== null && size > largest) return `${formatBytes(size)} per CPU (${reason}) are more than the ${formatBytes(largest)} that can be asked for with 4K pages`;
  if (align !== null && align > pageSize) return `aligned to ${formatBytes(align)}, more than a page`;
  return null;
}
