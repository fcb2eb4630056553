import type { ResolvedSite } from '../resolve/resolvedSite';
import { finding, flowOf, hotClass, type Rule, type RuleSubject } from './rule';

/** A sum over all CPUs on a hot path: in a loop, or at every call of its function. */
export const repeatedSum: Rule = {
  id: 'repeated-sum',
  title: 'Sums over all CPUs on a hot path',
  severity: 'hint',
  summary:
    'A sum visits every online CPU’s slot with the counter’s raw spinlock held and interrupts off. Told where each fork, socket, tc rule, namespace or cgroup comes to it for sure, or again and again in a loop; files of statistics are meant to sum.',
  check: (subject) =>
    subject.sites.flatMap((site) => {
      const why = isSum(site) ? reasonOf(subject, site) : null;
      const online = subject.machine.topology.onlineCpus;
      return why === null ? [] : [finding(repeatedSum, subject, site, { message: `${site.fact.api} visits ${online} online CPUs with interrupts off, ${why}.` })];
    }),
};

const sums: ReadonlySet<string> = new Set(['percpu_counter_sum', 'percpu_counter_sum_positive', '__percpu_counter_sum']);

/** The API's own inline functions are what their callers call. */
function isSum({ fact }: ResolvedSite): boolean {
  return sums.has(fact.api) && !fact.inMacro && !sums.has(fact.function ?? '');
}

function reasonOf(subject: RuleSubject, site: ResolvedSite): string | null {
  const hot = hotClass(subject, site);
  if (hot === undefined) return null;
  const { loop } = site.fact;
  const trigger = subject.triggerWords(hot);
  if (loop !== null && !isRetry(loop)) return `in a loop (${loop}), at ${trigger}`;
  return flowOf(subject, site)?.always === true ? `at ${trigger}` : null;
}

/** `while (…)` and `do` try again until something happens: how often is not said. */
function isRetry(loop: string): boolean {
  return loop === 'while' || loop === 'do';
}
