import type { ResolvedSite } from '../resolve/resolvedSite';
import { formatBytes, formatShare } from '../util/format';
import { finding, type Finding, type Rule, type RuleSubject } from './rule';

/** PERCPU_MODULE_RESERVE (include/linux/percpu.h, 6.1 to 6.12). */
const reserve = 8 * 1024;
/** A quarter of what all modules share is worth a word. */
const notable = reserve / 4;

export const moduleReserve: Rule = {
  id: 'module-reserve',
  title: 'Static percpu data that takes much of the modules’ reserve',
  severity: 'information',
  summary:
    'Static percpu variables of all loaded modules together have 8 KiB per CPU (PERCPU_MODULE_RESERVE). A module that does not fit cannot be loaded.',
  check: (subject) => {
    if (!subject.facts.registersModule) return [];
    const sites = subject.sites.filter(isDefinition);
    const known = sites.filter(({ size }) => size.size !== null).sort((a, b) => (b.size.size ?? 0) - (a.size.size ?? 0));
    const total = known.reduce((sum, { size }) => sum + (size.size ?? 0), 0);
    const [largest, ...others] = known;
    return largest === undefined || total < notable ? [] : [toldOf(subject, largest, others, total)];
  },
};

function isDefinition({ fact }: ResolvedSite): boolean {
  return fact.kind === 'define' && !fact.inMacro && fact.function === null;
}

function toldOf(subject: RuleSubject, largest: ResolvedSite, others: readonly ResolvedSite[], total: number): Finding {
  const outcome = total > reserve ? 'so it cannot be loaded without CONFIG_MEM_ALLOC_PROFILING, which makes them 64 KiB' : `${formatShare(total / reserve)} of it`;
  const whole = `${formatBytes(total)} of static percpu data in this file, built as a module, come out of the ${formatBytes(reserve)} per CPU that all modules share: ${outcome}.`;
  return finding(moduleReserve, subject, largest, {
    message: whole,
    related: others.map(({ fact, size }) => ({ message: `${formatBytes(size.size ?? 0)}: ${fact.arguments[1] ?? fact.api}`, span: fact.nameSpan, line: fact.line })),
  });
}
