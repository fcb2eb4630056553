import type { ResolvedSite } from '../resolve/resolvedSite';
import { finding, type Rule } from './rule';

/** A comparison whose batch is so large that the approximate count never decides it. */
export const exactCompare: Rule = {
  id: 'exact-compare',
  title: 'Comparison that always sums up',
  severity: 'hint',
  summary:
    '__percpu_counter_compare decides by the approximate count where it is further than batch × online CPUs from the value, and sums over all CPUs otherwise. A batch near the range of the count makes every comparison a sum.',
  check: (subject) =>
    subject.sites.flatMap((site) => {
      const batch = batchOf(site);
      const online = subject.machine.topology.onlineCpus;
      if (batch === null || batch * online < largestCount) return [];
      const message = `batch ${site.fact.arguments[2] ?? ''} × ${online} online CPUs covers every count, so each comparison sums over all CPUs.`;
      return [finding(exactCompare, subject, site, { message })];
    }),
};

/** The difference is compared as 32 bits (lib/percpu_counter.c __percpu_counter_compare, 6.12); larger counts are bytes of whole disks. */
const largestCount = 2 ** 31;

function batchOf({ fact }: ResolvedSite): number | null {
  if (fact.api !== '__percpu_counter_compare' || fact.inMacro) return null;
  return constant((fact.arguments[2] ?? '').replace(/\s+/g, ''));
}

/** A batch as people write it; null where it is no constant. */
function constant(text: string): number | null {
  if (/^\(?(?:INT_MAX|S32_MAX)\)?$/.test(text)) return 2 ** 31 - 1;
  const shift = /^\(?1[UL]*<<(\d+)\)?$/.exec(text);
  if (shift !== null) return 2 ** Number(shift[1]);
  return /^(?:0x[\da-f]+|\d+)$/i.test(text) ? Number(text) : null;
}
