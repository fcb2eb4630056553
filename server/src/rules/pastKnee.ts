import type { ResolvedSite } from '../resolve/resolvedSite';
import { formatInterval } from '../util/format';
import { finding, hotClass, isCreating, type Finding, type Knee, type Rule, type RuleSubject } from './rule';

/** What a hot path creates and the configured machine has more CPUs than can create at once: one finding a function. */
export const pastKnee: Rule = {
  id: 'past-knee',
  title: 'Created on a hot path by more CPUs than scale',
  severity: 'hint',
  summary:
    'On the configured machine more CPUs are online than can create this at once before a global lock of the allocator is full, with the rest of a fork or of a tc rule in between (docs/model.md).',
  check: (subject) => {
    const worst = new Map<string, { readonly site: ResolvedSite; readonly knee: Knee }>();
    for (const site of subject.sites) {
      const knee = isPriced(subject, site) ? subject.kneeOf(site) : null;
      if (knee === null || knee.cpus.high >= subject.machine.topology.onlineCpus) continue;
      const key = site.fact.function ?? '';
      if (knee.cpus.mid < (worst.get(key)?.knee.cpus.mid ?? Infinity)) worst.set(key, { site, knee });
    }
    return [...worst.values()].map(({ site, knee }) => told(subject, site, knee));
  },
};

function isPriced(subject: RuleSubject, site: ResolvedSite): boolean {
  return isCreating(site) && !site.fact.inMacro && site.accountedBy === null && hotClass(subject, site) !== undefined;
}

function told(subject: RuleSubject, site: ResolvedSite, { cpus, lock, assumption }: Knee): Finding {
  const hot = hotClass(subject, site) ?? 'unknown';
  const online = subject.machine.topology.onlineCpus;
  return finding(pastKnee, subject, site, {
    message: `${subject.triggerWords(hot)}: scales to ${formatInterval(cpus, 'CPUs')} of the ${online} online, then ${lock} is full (${assumption}).`,
  });
}
